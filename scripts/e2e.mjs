// npm run e2e: the tests that need a built command and an engine. Where no engine can be had, those that need none run,
// and what was not run is named with the reason.
// npm run e2e -- PATTERN…   only test files whose path contains one of these
import { existsSync, realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { bringUp } from '../e2e/engine/bring-up.mjs';
import { at, requireNode, root } from './project.mjs';
import { run } from './run.mjs';
import { vitest } from './vitest.mjs';

const say = (line) => process.stdout.write(`${line}\n`);
const LONGEST_RUN = 20 * 60;

/** @param {{ build: boolean, patterns?: readonly string[] }} options @returns {Promise<import('./lanes.mjs').Count>} */
export async function runE2e({ build, patterns = [] }) {
  if (build || !existsSync(at('dist', 'cli.cjs'))) {
    const built = await run(process.execPath, ['scripts/build.mjs', '--no-types'], { cwd: root, seconds: 120 });
    if (!built.ok) {
      say(`✗ build\n${built.output}`);
      return { passed: 0, failed: 1, skipped: 0 };
    }
  }
  const engine = await bringUp();
  say(engine.kind === 'none' ? `No engine: ${engine.why}.` : `Engine (${engine.kind}): ${engine.why}.`);
  const begun = performance.now();
  const { ok, output, note, count, skippedNames } = await vitest(['--config', 'vitest.e2e.config.ts', ...patterns], {
    // The tests read PLIMSOLL_ENGINE_KIND: `describe.skipIf(process.env.PLIMSOLL_ENGINE_KIND === 'none')`.
    env: { ...engine.env, PLIMSOLL_ENGINE_KIND: engine.kind, PLIMSOLL_ENGINE_WHY: engine.why },
    seconds: LONGEST_RUN,
  });
  const seconds = ((performance.now() - begun) / 1000).toFixed(1);
  say(`${ok ? '✓' : '✗'} end to end             ${seconds.padStart(6)} s  ${note ?? 'did not run to its end'}`);
  if (!ok) say(output.trimEnd().replace(/^/gm, '    '));
  if (skippedNames.length > 0) {
    say(
      engine.kind === 'none'
        ? `Not run (no engine: ${engine.why}):`
        : `Not run (they are not for the engine at hand, ${engine.kind}):`,
    );
    for (const name of skippedNames) say(`  - ${name}`);
  }
  const counted = count ?? { passed: 0, failed: 1, skipped: 0 };
  return !ok && counted.failed === 0 ? { ...counted, failed: 1 } : counted;
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  requireNode();
  const { passed, failed, skipped } = await runE2e({ build: true, patterns: process.argv.slice(2) });
  say(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
  process.exitCode = failed > 0 ? 1 : 0;
}
