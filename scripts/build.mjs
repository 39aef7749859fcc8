// npm run build: dist/ as it is published. One bundle with shared chunks, so that a verb loads only what it needs;
// everything it uses is inside, so that installing plimsoll installs nothing else.
// --no-types leaves the declarations out (they are only for those who import us).
import { chmodSync, cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { at, requireNode, root, tool } from './project.mjs';
import { run } from './run.mjs';

requireNode();
const { build } = await import('esbuild');
const { version } = JSON.parse(readFileSync(at('package.json'), 'utf8'));

rmSync(at('dist'), { recursive: true, force: true });
const bundle = {
  absWorkingDir: root,
  entryPoints: { cli: 'src/cli/main.ts', index: 'src/index.ts', testing: 'src/testing/index.ts' },
  outdir: 'dist',
  bundle: true,
  splitting: true,
  chunkNames: 'chunks/[name]-[hash]',
  platform: 'node',
  format: 'esm',
  target: 'node20.19',
  loader: { '.txt': 'text' },
  define: { PLIMSOLL_VERSION: JSON.stringify(version) },
  // CommonJS dependencies ask for Node's own modules with require, which ESM has not.
  banner: { js: "import { createRequire as $require } from 'node:module'; const require = $require(import.meta.url);" },
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
};
// esbuild has said where and what; its exception only repeats it.
const { metafile } = await build(bundle).catch(() => process.exit(1));
const cli = at('dist', 'cli.js');
writeFileSync(cli, `#!/usr/bin/env node\n${readFileSync(cli, 'utf8')}`);
// The mode of writeFileSync is only for new files, and esbuild has made this one.
chmodSync(cli, 0o755);
copyData();
writeFileSync(at('dist', 'THIRD-PARTY-LICENSES.txt'), licences(Object.keys(metafile.inputs)));
if (!process.argv.includes('--no-types')) await declarations();

/** Tables are read when they are first asked for (docs/decisions/0003): dist/data/FOLDER/NAME.json. */
function copyData() {
  for (const folder of readdirSync(at('src'))) {
    const data = at('src', folder, 'data');
    if (existsSync(data))
      cpSync(data, at('dist', 'data', folder), { recursive: true, filter: (path) => !path.endsWith('.ts') });
  }
  if (existsSync(at('schema'))) cpSync(at('schema'), at('dist', 'schema'), { recursive: true });
}

/** The licence texts of what the bundle contains: theirs ask for it. */
function licences(inputs) {
  const packages = new Set(
    inputs.flatMap((path) => /(?:^|\/)node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? []),
  );
  return [...packages]
    .sort()
    .map((name) => {
      const folder = at('node_modules', name);
      const { version: itsVersion, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
      const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
      const text =
        file === undefined
          ? `(${license}; the package carries no text)`
          : readFileSync(join(folder, file), 'utf8').trim();
      return `${name} ${itsVersion} (${license})\n\n${text}\n`;
    })
    .join(`\n${'-'.repeat(80)}\n\n`);
}

/** The compiler leaves `./x.ts` in declarations; whoever imports us has `./x.d.ts`, which is what `./x.js` means. */
async function declarations() {
  const { ok, output } = await run(tool('tsc'), ['-p', 'tsconfig.build.json'], { cwd: root, seconds: 120 });
  if (!ok) {
    process.stderr.write(output);
    process.exitCode = 1;
    return;
  }
  for (const name of readdirSync(at('dist'), { recursive: true })) {
    if (!name.endsWith('.d.ts')) continue;
    const text = readFileSync(at('dist', name), 'utf8');
    const rewritten = text.replace(
      /(\bfrom\s+|\bimport\(\s*|\bimport\s+)(['"])(\.{1,2}\/[^'"]+)\.ts\2/g,
      '$1$2$3.js$2',
    );
    if (rewritten !== text) writeFileSync(at('dist', name), rewritten);
  }
}
