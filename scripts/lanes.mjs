// Runs named steps in a few lanes at once and prints one line a step; what a step said is shown only when it failed.

/**
 * @typedef {{ passed: number, failed: number, skipped: number }} Count
 * @typedef {{ ok: boolean, output: string, note?: string, count?: Count }} Outcome count: where a step consists of many tests
 * @typedef {{ name: string, run: () => Promise<Outcome> }} Step
 */

export const nothing = { passed: 0, failed: 0, skipped: 0 };

/** @returns {Count} */
export const add = (a, b) => ({
  passed: a.passed + b.passed,
  failed: a.failed + b.failed,
  skipped: a.skipped + b.skipped,
});

const say = (text) => process.stdout.write(`${text}\n`);

/** @param {readonly (readonly Step[])[]} lanes @returns {Promise<Count>} */
export async function runLanes(lanes) {
  const counts = await Promise.all(lanes.map(runLane));
  return counts.reduce(add, nothing);
}

async function runLane(steps) {
  let total = nothing;
  for (const { name, run } of steps) {
    const begun = performance.now();
    const outcome = await run();
    const seconds = ((performance.now() - begun) / 1000).toFixed(1);
    say(
      `${outcome.ok ? '✓' : '✗'} ${name.padEnd(22)} ${seconds.padStart(6)} s${outcome.note ? `  ${outcome.note}` : ''}`,
    );
    if (!outcome.ok) say(`${outcome.output.trimEnd().replace(/^/gm, '    ')}\n`);
    // A step that could not even count its tests (it crashed) has failed once.
    const one = outcome.ok ? { ...nothing, passed: 1 } : { ...nothing, failed: 1 };
    const counted = outcome.count ?? one;
    total = add(total, !outcome.ok && counted.failed === 0 ? add(counted, { ...nothing, failed: 1 }) : counted);
  }
  return total;
}
