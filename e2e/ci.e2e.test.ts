// What CI would run: the scripts of the action, the GitLab job and the hook, with the built command in the place of npx.
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';

const project = join(import.meta.dirname, '..');
const { version, bin: commands } = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8')) as {
  version: string;
  bin: { plimsoll: string };
};
const root = mkdtempSync(join(tmpdir(), 'plimsoll-ci-'));
const bin = join(root, 'bin');
const checkout = join(root, 'check out');

beforeAll(() => {
  mkdirSync(bin);
  const npx = `#!/bin/sh\n[ "$1 $2" = "--yes plimsoll@${version}" ] || { echo "npx $*" >&2; exit 64; }\nshift 2\nexec "${process.execPath}" "${join(project, commands.plimsoll)}" "$@"\n`;
  writeFileSync(join(bin, 'npx'), npx);
  chmodSync(join(bin, 'npx'), 0o755);
  mkdirSync(join(checkout, 'app'), { recursive: true });
  writeFileSync(
    join(checkout, 'app', 'Dockerfile'),
    'FROM python:3.12-slim\nCOPY missing.py .\nCMD ["python", "missing.py"]\n',
  );
  writeFileSync(join(checkout, 'app', 'compose.yaml'), 'services:\n  web:\n    build: .\n');
});

afterAll(() => rmSync(root, { recursive: true, force: true }));

interface Ran {
  readonly code: number | null;
  readonly out: string;
}

function bash(script: string, env: Readonly<Record<string, string>>): Ran {
  const { status, stdout, stderr } = spawnSync('bash', ['-e', '-c', script], {
    cwd: checkout,
    env: { PATH: `${bin}:${process.env['PATH']}`, HOME: root, NO_COLOR: '1', COLUMNS: '200', ...env },
    encoding: 'utf8',
  });
  return { code: status, out: `${stdout}${stderr}` };
}

describe('the GitHub action', () => {
  interface Action {
    readonly inputs: Readonly<Record<string, { readonly default: string; readonly description: string }>>;
    readonly runs: {
      readonly using: string;
      readonly steps: readonly { readonly env: Record<string, string>; readonly run: string; readonly shell: string }[];
    };
  }
  const action = parse(readFileSync(join(project, 'action.yml'), 'utf8')) as Action;
  const [step] = action.runs.steps;

  /** Runs its step as GitHub would, with inputs filled into its variables. */
  const run = (inputs: Readonly<Record<string, string>>): Ran => {
    const env = Object.entries(step?.env ?? {}).map(([name, text]): [string, string] => [
      name,
      text.replace(
        /\$\{\{ inputs\.([\w-]+) \}\}/g,
        (_, input: string) => inputs[input] ?? action.inputs[input]?.default ?? `no input ${input}`,
      ),
    ]);
    return bash(step?.run ?? '', { ...Object.fromEntries(env), GITHUB_OUTPUT: join(root, 'outputs') });
  };

  it('is one composite step in bash, of the version that is published', () => {
    expect(action.runs.using).toBe('composite');
    expect(action.runs.steps.map((s) => s.shell)).toEqual(['bash']);
    expect(action.inputs['version']?.default).toBe(version);
    // An input in the text of the script could run commands.
    expect(step?.run).not.toContain('${{');
  });

  it('annotates with paths from the top of the checkout and fails on errors', () => {
    const { code, out } = run({ dir: 'app' });
    expect(out).toMatch(/^::error file=app\/Dockerfile,line=2,/m);
    expect(code).toBe(1);
    expect(run({ dir: 'app', 'fail-on': 'never' }).code).toBe(0);
  });

  it('writes SARIF to a file, names it as its output, and shows nothing that a baseline has', () => {
    expect(run({ dir: 'app', format: 'sarif', output: 'plimsoll.sarif', 'fail-on': 'never' })).toEqual({
      code: 0,
      out: '',
    });
    const sarif = JSON.parse(readFileSync(join(checkout, 'plimsoll.sarif'), 'utf8')) as {
      runs: { results: { locations: { physicalLocation: { artifactLocation: { uri: string } } }[] }[] }[];
    };
    const uris = sarif.runs[0]?.results.map((r) => r.locations[0]?.physicalLocation.artifactLocation.uri);
    expect(uris).toContain('app/Dockerfile');
    expect(readFileSync(join(root, 'outputs'), 'utf8')).toBe('report=plimsoll.sarif\n');
    expect(run({ dir: 'app', format: 'json', output: 'baseline.json', 'fail-on': 'never' }).code).toBe(0);
    expect(run({ dir: 'app', baseline: 'baseline.json' })).toEqual({ code: 0, out: '' });
  });

  it('takes its inputs as texts, not as commands', () => {
    const { out, code } = run({ dir: '$(touch "$HOME/ran"); app' });
    expect(code).toBe(2);
    expect(out).toContain('$(touch');
    expect(() => readFileSync(join(root, 'ran'))).toThrow();
  });
});

describe('the GitLab job', () => {
  interface Job {
    readonly script: readonly string[];
    readonly variables: Record<string, string>;
    readonly artifacts: { readonly when: string; readonly reports: { readonly codequality: string } };
  }
  const { plimsoll: job } = parse(readFileSync(join(project, 'ci', 'gitlab.yml'), 'utf8')) as { plimsoll: Job };

  it('prints the findings, hands over a code quality report and fails on errors', () => {
    expect(job.variables['PLIMSOLL_VERSION']).toBe(version);
    const { code, out } = bash(job.script.join('\n'), { ...job.variables, PLIMSOLL_DIR: 'app' });
    expect(code).toBe(1);
    expect(out).toContain('copy-source-missing');
    expect(job.artifacts.when).toBe('always');
    const report = JSON.parse(readFileSync(join(checkout, job.artifacts.reports.codequality), 'utf8')) as {
      check_name: string;
      location: { path: string };
    }[];
    expect(report.map((r) => `${r.check_name} ${r.location.path}`)).toContain('copy-source-missing app/Dockerfile');
  });
});

describe('the pre-commit hook', () => {
  interface Hook {
    readonly entry: string;
    readonly files: string;
    readonly pass_filenames: boolean;
    readonly language: string;
  }
  const [hook] = parse(readFileSync(join(project, '.pre-commit-hooks.yaml'), 'utf8')) as Hook[];

  it('runs the published version on the whole repository', () => {
    const { code, out } = bash(hook?.entry ?? '', {});
    expect(code).toBe(1);
    expect(out).toContain('copy-source-missing');
    expect([hook?.pass_filenames, hook?.language]).toEqual([false, 'system']);
  });

  it('is asked when a file of the containers changes, and not for others', () => {
    const asked = new RegExp((hook?.files ?? '').replace('(?i)', ''), 'i');
    for (const path of [
      'Dockerfile',
      'api/Dockerfile.prod',
      'web.dockerfile',
      'a/.dockerignore',
      'compose.yaml',
      'deploy/docker-compose.prod.yml',
      'web/nginx.conf',
      'package.json',
      'requirements/prod.txt',
    ])
      expect([path, asked.test(path)]).toEqual([path, path !== 'requirements/prod.txt']);
    for (const path of ['README.md', 'src/main.py', 'dockerfiles.md'])
      expect([path, asked.test(path)]).toEqual([path, false]);
  });
});
