// npm run check: everything that needs no engine, in two lanes (the machine that matters has two cores).
import { mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { nothing, runLanes } from './lanes.mjs';
import { at, requireNode, root, tool } from './project.mjs';
import { run } from './run.mjs';
import { vitest } from './vitest.mjs';

const PACKED_LIMIT = 3e6;
const node = (...args) => run(process.execPath, args, { cwd: root, seconds: 300 });
const command = (name, ...args) => run(tool(name), args, { cwd: root, env: { NO_COLOR: '1' }, seconds: 300 });

const types = { name: 'types', run: () => command('tsc', '-p', 'tsconfig.json') };
const unit = { name: 'unit tests', run: () => vitest([], { seconds: 600 }) };
const lint = { name: 'lint and format', run: () => command('biome', 'check', '--colors=off', '.') };
const generated = { name: 'generated files', run: () => node('scripts/generate.mjs', '--check') };
const unused = { name: 'unused code (knip)', run: () => command('knip', '--no-progress') };
const build = { name: 'build', run: () => node('scripts/build.mjs') };
const published = { name: 'package (publint)', run: () => command('publint', '--strict') };
const size = { name: 'package size', run: packedSize };
const version = { name: 'the command answers', run: answers };

async function packedSize() {
  const { ok, stdout, output } = await run('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    cwd: root,
    seconds: 60,
  });
  if (!ok) return { ok, output };
  const [{ size: packed, unpackedSize, entryCount }] = JSON.parse(stdout);
  const megabytes = (bytes) => `${(bytes / 1e6).toFixed(2)} MB`;
  const note = `${megabytes(packed)} packed, ${megabytes(unpackedSize)} unpacked, ${entryCount} files`;
  return { ok: packed < PACKED_LIMIT, output: `the package is above ${megabytes(PACKED_LIMIT)}: ${note}`, note };
}

/** The built command, as published, says its version and its help, and checks the same with and without what it kept. */
async function answers() {
  const expected = JSON.parse(readFileSync(at('package.json'), 'utf8')).version;
  const cli = at('dist', 'cli.cjs');
  const said = await run(cli, ['--version']);
  const help = await run(cli, ['--help']);
  const cache = mkdtempSync(join(tmpdir(), 'plimsoll-cache-'));
  const found = [];
  for (const folder of ['none', cache, cache, cache]) {
    const checked = await run(cli, ['check', at('examples', 'events'), '--format', 'json'], {
      env: { PLIMSOLL_CACHE: folder },
    });
    found.push(checked.stdout.replace(/"milliseconds": ?[\d.]+/, ''));
  }
  rmSync(cache, { recursive: true, force: true });
  const same = found.every((text) => text === found[0]) && found[0].includes('"findings"');
  const ok = said.stdout.trim() === expected && help.ok && help.stdout.includes('check') && same;
  const difference = same ? '' : 'check says something else with what it kept from an earlier run\n';
  return {
    ok,
    output: `${difference}--version said ${JSON.stringify(said.output)}, --help (${help.exit}):\n${help.output}`,
  };
}

/** @returns {Promise<import('./lanes.mjs').Count>} */
export async function runChecks() {
  return runLanes([
    [unit, generated],
    [types, lint, build, published, size, version, unused],
  ]);
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  requireNode();
  const { passed, failed, skipped } = { ...nothing, ...(await runChecks()) };
  process.stdout.write(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}\n`);
  process.exitCode = failed > 0 ? 1 : 0;
}
