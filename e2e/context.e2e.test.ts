import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { ignoreFiles, paths } from '../scripts/oracle/inputs.ts';
import { openDirectory } from '../src/repo/directory.ts';
import { openContext } from '../src/simulate/context/open-context.ts';

// Needs only `docker` with buildx on PATH and whatever the environment says about the daemon.
const version = spawnSync('docker', ['buildx', 'version'], { timeout: 20_000 });
const reachable = version.status === 0 && spawnSync('docker', ['version'], { timeout: 20_000 }).status === 0;
if (!reachable) console.log('skipped: no docker with buildx can be reached, so no context was compared with an engine');

const root = mkdtempSync(join(tmpdir(), 'plimsoll-context-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let number = 0;

type Tree = Readonly<Record<string, string | { readonly symlink: string }>>;

function plant(tree: Tree): string {
  const folder = join(root, String(number++));
  mkdirSync(folder, { recursive: true });
  for (const [path, content] of Object.entries(tree)) {
    const full = join(folder, path);
    mkdirSync(dirname(full), { recursive: true });
    if (typeof content === 'string') writeFileSync(full, content);
    else symlinkSync(content.symlink, full);
  }
  return folder;
}

function build(folder: string, args: readonly string[], dockerfile: string): { out?: string; error: string } {
  const out = join(root, `out${number++}`);
  const file = join(root, `Dockerfile${number++}`);
  writeFileSync(file, dockerfile);
  // A Dockerfile from outside the context: then only the context's own ignore file counts, unless one is named.
  const chosen = args.length > 0 ? args : ['-f', file];
  const result = spawnSync(
    'docker',
    ['buildx', 'build', '--progress=plain', '-o', `type=local,dest=${out}`, ...chosen, folder],
    {
      timeout: 120_000,
      encoding: 'utf8',
    },
  );
  return result.status === 0 ? { out, error: '' } : { error: result.stderr };
}

const LIST = `FROM busybox AS list
RUN --mount=type=bind,target=/context cd /context && find . -mindepth 1 > /list
FROM scratch
COPY --from=list /list /
`;

/** Paths that the builder has got; undefined when it refused. */
function received(folder: string, args: readonly string[] = []): readonly string[] | undefined {
  const { out, error } = build(folder, args, LIST);
  if (out === undefined) {
    if (!/syntax error in pattern|illegal exclusion pattern/.test(error)) throw new Error(error);
    return undefined;
  }
  const list = readFileSync(join(out, 'list'), 'utf8');
  return list
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.slice(2))
    .sort();
}

function simulated(folder: string, dockerfile = 'Dockerfile'): readonly string[] | undefined {
  const context = openContext(openDirectory(folder), '', dockerfile);
  if (context.problems.length > 0) return undefined;
  return [...context.sent()].map((entry) => entry.path).sort();
}

const PROJECT: Tree = {
  'package.json': '{}',
  'README.md': 'r',
  '.env': 'A=1',
  '.env.example': 'A=',
  'src/index.ts': '',
  'src/index.test.ts': '',
  'src/lib/README.md': '',
  'node_modules/a/index.js': '',
  'packages/one/node_modules/b/index.js': '',
  'packages/one/package.json': '{}',
  'docs/a b.md': '',
  'dist/app.js': '',
  '.git/HEAD': 'ref',
  link: { symlink: 'src/index.ts' },
  'link-out': { symlink: '/etc/passwd' },
  'link-dir': { symlink: 'src' },
};

const AWKWARD: readonly string[] = [
  '',
  'node_modules\n.git\n',
  '**/node_modules\n**/*.md\n!README.md\n',
  '*\n!src\n!package.json\n**/*.test.ts\n',
  '*\n!src/lib/*.md\n',
  '  dist/  \r\n/docs\r\n# comment\r\n #not\r\n.env*\r\n!.env.example\r\n',
  '\uFEFFdist\n./src/\n',
  'SRC\nreadme.md\n',
  'src\n!src/lib\n',
  'packages/*/node_modules\nlink*\n!link-dir\n',
  'docs/a b.md\n[a-d]ist\n',
  'Dockerfile\n.dockerignore\n**\n!**/*.json\n',
];

describe.skipIf(!reachable)('the simulated context', () => {
  it.each(AWKWARD.map((text) => [JSON.stringify(text), text]))(
    'is what the engine receives with the ignore file %s',
    (_, text) => {
      const folder = plant({ ...PROJECT, '.dockerignore': text, Dockerfile: LIST });
      expect(simulated(folder)).toEqual(received(folder));
    },
    130_000,
  );

  it('follows the ignore file of the Dockerfile before that of the context, even an empty one', () => {
    for (const own of ['src\n', '']) {
      const folder = plant({
        ...PROJECT,
        '.dockerignore': '*\n',
        'deploy/api.Dockerfile': LIST,
        'deploy/api.Dockerfile.dockerignore': own,
      });
      const args = ['-f', join(folder, 'deploy/api.Dockerfile')];
      expect(simulated(folder, 'deploy/api.Dockerfile')).toEqual(received(folder, args));
    }
  }, 130_000);

  it('is what the engine receives for random trees and ignore files', () => {
    const cases = fc.sample(fc.tuple(ignoreFiles, paths), { numRuns: 12, seed: 2026 });
    for (const [text, names] of cases) {
      const files = Object.fromEntries(names.map((name) => [name, '']));
      const folder = plant({ ...files, '.dockerignore': text });
      expect({ text, sent: simulated(folder) }).toEqual({ text, sent: received(folder) });
    }
  }, 300_000);
});

const COPIES: readonly string[] = [
  '. /d/',
  'src /d',
  'src/ /d/',
  'src/index.ts /d/',
  '*.json /d/',
  'pack*/one /d/',
  'nothing* /d/',
  'nothing /d/',
  'link /d/',
  'link-dir /d/',
  'link-dir/index.ts /d/',
  '/package.json /d/',
  '../package.json /d/',
  'src/[i]ndex.* /d/',
  '--exclude=*.ts src /d/',
  '--exclude=**/*.md --exclude=src/index.ts . /d/',
  '--exclude=link-out --exclude=**/*.md . /d/',
  '--parents src/lib/README.md packages/*/package.json /d/',
  '--parents packages/./one/package.json /d/',
  'dist/app.js /d/',
];

describe.skipIf(!reachable)('COPY from the simulated context', () => {
  it.for([...COPIES])('takes what the engine takes: COPY %s', { timeout: 130_000 }, (line, { skip }) => {
    const folder = plant({ ...PROJECT, '.dockerignore': 'dist\nnode_modules\n', Dockerfile: '' });
    const context = openContext(openDirectory(folder), '', 'Dockerfile');
    const words = line.split(' ');
    const flags = words.filter((word) => word.startsWith('--'));
    const sources = words.filter((word) => !word.startsWith('--')).slice(0, -1);
    const options = {
      parents: flags.includes('--parents'),
      exclude: flags.filter((flag) => flag.startsWith('--exclude=')).map((flag) => flag.slice(10)),
    };
    const expected = new Set<string>();
    let missing = false;
    for (const source of sources) {
      const found = context.copySources(source, options);
      if (found.kind !== 'found') missing = true;
      else {
        for (const one of found.sources) {
          for (const entry of one.entries()) {
            if (entry.entry.type === 'directory') continue;
            expected.add(entry.relative === '' ? one.name : entry.relative);
          }
        }
      }
    }
    const { out, error } = build(folder, [], `FROM scratch\nCOPY ${line}\nWORKDIR /d\n`);
    if (error.includes('unknown flag: --parents')) skip('the frontend of this engine has no --parents');
    expect({ missing, error: missing ? '' : error }).toEqual({ missing: out === undefined, error: '' });
    if (out === undefined) return expect(error).toMatch(/not found/);
    const listing = spawnSync('sh', ['-c', 'cd d 2>/dev/null && if [ -d . ]; then find . ! -type d; fi'], {
      cwd: out,
      encoding: 'utf8',
    });
    const got = listing.stdout
      .split('\n')
      .filter((name) => name !== '')
      .map((name) => name.slice(2));
    expect([...expected].filter((name) => name !== '').sort()).toEqual(got.sort());
  });
});
