import type { BuildOutcome } from '../engine/engine.ts';
import { succeeded } from '../engine/outcome.ts';
import { rebuildRows } from '../measure/build-rows.ts';
import { notMeasured, type Row } from '../measure/row.ts';
import { codeFiles, dependencyFiles, type Touch } from '../measure/touch.ts';
import type { ImageBuild } from './builds.ts';
import type { DockerfileFacts } from './dockerfile-facts.ts';
import type { Run, Side } from './run.ts';

/** The same build again, with whatever the cache has. */
async function again(run: Run, build: ImageBuild): Promise<BuildOutcome> {
  return run.engine.build(
    { ...build.request, args: { SOURCE_DATE_EPOCH: '0', ...build.request.args } },
    { ...run.call, seconds: run.options.buildWithin ?? 600 },
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
  if (!run.has(side, inputs, service, ['build.noChange', 'build.noChange.cached'])) {
    run.step(side, `${service}: rebuild with nothing changed`);
    const outcomes: BuildOutcome[] = [];
    for (let i = 0; i < Math.max(2, run.samples) && !run.stopped; i++) outcomes.push(await again(run, build));
    record(rebuildRows('build.noChange', outcomes, service, 'nothing changed'));
  }
  const prefix = build.context === '' ? '' : `${build.context}/`;
  const inContext = build.files.filter((file) => file.startsWith(prefix)).map((file) => file.slice(prefix.length));
  const change = async (
    measure: 'build.codeChange' | 'build.dependencyChange',
    touches: readonly Touch[],
    what: string,
  ): Promise<void> => {
    if (run.stopped || run.has(side, inputs, service, [measure, `${measure}.cached`])) return;
    run.step(side, `${service}: rebuild after a change of ${what}`);
    record(
      await changed(
        run,
        build,
        measure,
        touches.slice(0, 3).map((touch) => ({ ...touch, file: prefix + touch.file })),
        what,
      ),
    );
  };
  await change('build.codeChange', codeFiles(inContext, facts.copied), 'a line of code');
  if (!run.options.quick)
    await change('build.dependencyChange', dependencyFiles(inContext, facts.copied), 'a dependency file');
}

/** Appends to a file and builds; a file that changes nothing in the build was not taken in, and the next one is tried. */
async function changed(
  run: Run,
  build: ImageBuild,
  measure: 'build.codeChange' | 'build.dependencyChange',
  touches: readonly Touch[],
  what: string,
): Promise<Row[]> {
  const { service } = build;
  for (const touch of touches) {
    const original = await build.copy.text(touch.file);
    if (original === undefined) continue;
    const outcomes: BuildOutcome[] = [];
    for (let i = 0; i < run.samples && !run.stopped; i++) {
      await build.copy.write(touch.file, original + touch.append(`plimsoll ${run.id}${i}`));
      outcomes.push(await again(run, build));
    }
    await build.copy.write(touch.file, original);
    const last = outcomes.at(-1);
    if (last !== undefined && succeeded(last) && last.report.total > 0 && last.report.cached === last.report.total)
      continue;
    return rebuildRows(measure, outcomes, service, `a line more in ${touch.file}`);
  }
  const why =
    touches.length === 0
      ? `no file that the build takes in counts as ${what}`
      : `changing ${touches.map((touch) => touch.file).join(', ')} changes nothing in the build`;
  return [notMeasured(measure, why, service), notMeasured(`${measure}.cached`, why, service)];
}
