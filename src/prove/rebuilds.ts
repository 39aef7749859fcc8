import type { BuildOutcome } from '../engine/engine.ts';
import { succeeded } from '../engine/outcome.ts';
import { overheadRow, rebuildRows } from '../measure/build-rows.ts';
import { notMeasured, type Row } from '../measure/row.ts';
import { codeFiles, dependencyFiles, type Touch } from '../measure/touch.ts';
import type { ImageBuild } from './builds.ts';
import type { DockerfileFacts } from './dockerfile-facts.ts';
import { buildLimit } from './options.ts';
import type { Run, Side } from './run.ts';

/** The same build again, with whatever the cache has. */
async function again(run: Run, build: ImageBuild): Promise<BuildOutcome> {
  return run.engine.build(
    { ...build.request, args: { SOURCE_DATE_EPOCH: '0', ...build.request.args } },
    { ...run.call, seconds: run.options.buildWithin ?? buildLimit },
  );
}

/** Rebuilds with nothing changed, after a code change and after a dependency change. */
export async function rebuilds(
  run: Run,
  side: Side,
  build: ImageBuild,
  facts: DockerfileFacts,
  record: (rows: readonly Row[]) => void,
  inputs: string,
): Promise<void> {
  const { service } = build;
  const has = (measures: readonly string[]): boolean => run.has(side, inputs, service, measures);
  const prefix = build.context === '' ? '' : `${build.context}/`;
  const inContext = build.files.filter((file) => file.startsWith(prefix)).map((file) => file.slice(prefix.length));
  const candidates = (touches: readonly Touch[]): Touch[] =>
    touches.slice(0, 3).map((touch) => ({ ...touch, file: prefix + touch.file }));
  // The two are compared with each other: they are measured one after the other.
  if (!has(['build.noChange', 'build.codeChange', 'build.codeChange.overhead'])) {
    run.step(side, `${service}: rebuild with nothing changed`);
    const same: BuildOutcome[] = [];
    for (let i = 0; i < Math.max(2, run.samples) && !run.stopped; i++) same.push(await again(run, build));
    record(rebuildRows('build.noChange', same, service, 'nothing changed'));
    if (run.stopped) return;
    run.step(side, `${service}: rebuild after a change of a line of code`);
    const code = await changed(run, build, candidates(codeFiles(inContext, facts.copied)), 'a line of code');
    record(
      typeof code === 'string'
        ? codeMeasures.map((measure) => notMeasured(measure, code, service))
        : [
            ...rebuildRows('build.codeChange', code.outcomes, service, code.what),
            overheadRow(same, code.outcomes, service),
          ],
    );
  }
  if (run.options.quick || run.stopped || has(['build.dependencyChange', 'build.dependencyChange.cached'])) return;
  run.step(side, `${service}: rebuild after a change of a dependency file`);
  const what = 'a dependency file';
  const found = await changed(run, build, candidates(dependencyFiles(inContext, facts.copied)), what, 1);
  record(
    typeof found === 'string'
      ? dependencyMeasures.map((measure) => notMeasured(measure, found, service))
      : rebuildRows('build.dependencyChange', found.outcomes, service, found.what),
  );
}

const codeMeasures = ['build.codeChange', 'build.codeChange.cached', 'build.codeChange.overhead'];
const dependencyMeasures = ['build.dependencyChange', 'build.dependencyChange.cached'];

/** Appends to a file and builds; a file that changes nothing in the build was not taken in, and the next one is tried.
 * @returns why there is nothing to tell, or the builds */
async function changed(
  run: Run,
  build: ImageBuild,
  touches: readonly Touch[],
  what: string,
  samples = run.samples,
): Promise<{ outcomes: BuildOutcome[]; what: string } | string> {
  for (const touch of touches) {
    const original = await build.copy.text(touch.file);
    if (original === undefined) continue;
    const outcomes: BuildOutcome[] = [];
    for (let i = 0; i < samples && !run.stopped; i++) {
      await build.copy.write(touch.file, original + touch.append(`plimsoll ${run.id}${i}`));
      const outcome = await again(run, build);
      outcomes.push(outcome);
      // What does not build, or takes too long, does so again.
      if (!succeeded(outcome)) break;
    }
    await build.copy.write(touch.file, original);
    const last = outcomes.at(-1);
    if (last !== undefined && succeeded(last) && last.report.total > 0 && last.report.cached === last.report.total)
      continue;
    return { outcomes, what: `a line more in ${touch.file}` };
  }
  return touches.length === 0
    ? `no file that the build takes in counts as ${what}`
    : `changing ${touches.map((touch) => touch.file).join(', ')} changes nothing in the build`;
}
