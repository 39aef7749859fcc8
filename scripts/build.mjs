// npm run build: dist/ as it is published. The library in chunks that its two entries share, and the command in one CommonJS file,
// because Node 20 can keep compiled code only of scripts (src/cli/kept/code.ts). Everything they use is inside, so that installing
// plimsoll installs nothing else.
// --no-types leaves the declarations out (they are only for those who import us).
import { chmodSync, cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { at, requireNode, root, tool } from './project.mjs';
import { run } from './run.mjs';

requireNode();
const { build } = await import('esbuild');
const { version } = JSON.parse(readFileSync(at('package.json'), 'utf8'));

rmSync(at('dist'), { recursive: true, force: true });
const shared = {
  absWorkingDir: root,
  outdir: 'dist',
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  charset: 'ascii',
  loader: { '.txt': 'text' },
  define: { PLIMSOLL_VERSION: JSON.stringify(version) },
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
};
const modules = {
  ...shared,
  entryPoints: { index: 'src/index.ts', testing: 'src/testing/index.ts' },
  format: 'esm',
  splitting: true,
  chunkNames: 'chunks/[name]-[hash]',
  // CommonJS dependencies ask for Node's own modules with require, which ESM has not.
  banner: { js: "import { createRequire as $require } from 'node:module'; const require = $require(import.meta.url);" },
};
const command = {
  ...shared,
  entryPoints: { cli: 'src/cli/main.ts', command: 'src/cli/cli.ts' },
  format: 'cjs',
  // Less to read and to keep; names stay, because reports of our bugs carry them.
  minifyWhitespace: true,
  minifySyntax: true,
  outExtension: { '.js': '.cjs' },
  // A script that V8 compiled before cannot import(); it asks for Node's own modules with require.
  supported: { 'dynamic-import': false },
  define: { ...shared.define, 'import.meta.url': '$url' },
  banner: { js: "const $url = require('node:url').pathToFileURL(__filename).href;" },
};
// esbuild has said where and what; its exception only repeats it.
const built = await Promise.all([build(modules), build(command)]).catch(() => process.exit(1));
const cli = at('dist', 'cli.cjs');
writeFileSync(cli, `#!/usr/bin/env node\n${readFileSync(cli, 'utf8')}`);
// The mode of writeFileSync is only for new files, and esbuild has made this one.
chmodSync(cli, 0o755);
copyData();
writeFileSync(
  at('dist', 'THIRD-PARTY-LICENSES.txt'),
  licences(built.flatMap(({ metafile }) => Object.keys(metafile.inputs))),
);
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
