// Runs vitest and counts: passed, failed, skipped, and the names of what was skipped.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root, tool } from './project.mjs';
import { run } from './run.mjs';

/**
 * @param {readonly string[]} args
 * @param {{ env?: Record<string, string | undefined>, seconds: number }} options
 * @returns {Promise<import('./lanes.mjs').Outcome & { skippedNames: string[] }>}
 */
export async function vitest(args, { env = {}, seconds }) {
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-vitest-'));
  try {
    const report = join(folder, 'report.json');
    const { ok, exit, output } = await run(
      tool('vitest'),
      ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...args],
      { cwd: root, env: { NO_COLOR: '1', ...env }, seconds },
    );
    const counted = count(report);
    if (counted === undefined) return { ok: false, output: `vitest: ${exit}\n${output}`, skippedNames: [] };
    const { passed, failed, skipped, skippedNames } = counted;
    const note = `${passed} passed${failed > 0 ? `, ${failed} failed` : ''}${skipped > 0 ? `, ${skipped} skipped` : ''}`;
    return { ok, output, note, count: { passed, failed, skipped }, skippedNames };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function count(report) {
  let files;
  try {
    files = JSON.parse(readFileSync(report, 'utf8')).testResults;
  } catch (error) {
    // Killed or crashed before it wrote: the caller shows what vitest said instead.
    process.stderr.write(`no vitest report: ${error.message}\n`);
    return undefined;
  }
  const tests = files.flatMap(({ assertionResults }) => assertionResults);
  const of = (...states) => tests.filter(({ status }) => states.includes(status));
  // A file that does not even load has no tests in it, and counts as one failure.
  const broken = files.filter(({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0);
  const notRun = of('skipped', 'pending', 'todo', 'disabled');
  return {
    passed: of('passed').length,
    failed: of('failed').length + broken.length,
    skipped: notRun.length,
    skippedNames: notRun.map(({ fullName }) => fullName),
  };
}
