import type { BuildOutcome, BuildRequest, LayersOutcome } from '../engine/engine.ts';
import { failure, succeeded } from '../engine/outcome.ts';
import { type Workspace, workspace } from '../engine/workspace.ts';
import { buildsRow, unavailableBase } from '../measure/build-rows.ts';
import { stepName } from '../measure/compile-step.ts';
import { type ImageConfig, readImageConfig } from '../measure/image-config.ts';
import { compareBuilds, imageContent, searchFile } from '../measure/image-content.ts';
import { measures } from '../measure/names.ts';
import { measured, notMeasured, type Row } from '../measure/row.ts';
import { type DockerfileFacts, dockerfileFacts, withOwnCaches } from './dockerfile-facts.ts';
import { buildLimit } from './options.ts';
import { rebuilds } from './rebuilds.ts';
import type { Run, Side } from './run.ts';

/** One image of a side. */
export interface ImageBuild {
  readonly service: string;
  readonly request: BuildRequest;
  readonly copy: Workspace;
  /** Paths in the copy: of the Dockerfile, and of the context (`` for the root). */
  readonly dockerfile: string;
  readonly context: string;
  /** All files of the copy. */
  readonly files: readonly string[];
}

const imageMeasures = measures.filter((measure) => measure.scope === 'image');

/** Builds an image and measures it. True when there is an image to run. */
export async function proveImage(run: Run, side: Side, inputs: string, build: ImageBuild): Promise<boolean> {
  const { service } = build;
  const record = (rows: readonly Row[]): void =>
    run.record(
      side,
      inputs,
      rows.map((row) => ({ ...row, service })),
    );
  const text = await build.copy.text(build.dockerfile);
  if (text === undefined) {
    const why = `there is no ${build.dockerfile}`;
    record([measured('image.builds', false, why), ...others([], why)]);
    return false;
  }
  const facts = dockerfileFacts(text, build.request.target, build.request.args ?? {});
  const cold = !run.options.quick;
  run.step(side, `${service}: ${cold ? 'cold build' : 'build'}`);
  const first = await attempt(run, build, text, cold ? `c1-${run.id}-` : 'quick-', cold);
  record([buildsRow(first, service)]);
  if (!succeeded(first)) {
    const why =
      first.ended === 'time-limit'
        ? 'the build was stopped at its time limit'
        : (unavailableBase(first) ?? 'the image does not build');
    record(others(['image.builds'], why));
    return false;
  }
  const config = await imageConfig(run, build.request.tag);
  if (config === undefined) {
    record(others(['image.builds'], 'the engine does not know the image it has built'));
    return true;
  }
  const own = await ownLayers(run, side, service, facts, config);
  run.step(side, `${service}: layers`);
  const layers = await readLayers(run, build.request.tag);
  record(
    succeeded(layers)
      ? imageContent(config, layers.layers, own).map((row) => ({ ...row, image: config.id, argv: layers.argv }))
      : contentMeasures.map((name) =>
          notMeasured(name, `the image could not be read: ${failure(layers)}`, service, layers),
        ),
  );
  record([
    measured(
      'image.user',
      config.user === '' ? 'root' : config.user,
      config.user === '' ? 'no USER: root' : 'as the image says',
    ),
  ]);
  if (own === undefined) record([notMeasured('image.size.overBase', 'the base of the image is not known')]);
  // A trial of some parts asks whether they work, not how fast.
  if (run.part === undefined) await rebuilds(run, side, build, facts, record, inputs);
  if (cold) await secondColdBuild(run, side, build, text, [first], layers, record, inputs);
  else {
    record(
      imageMeasures
        .filter((measure) => !measure.quick)
        .map((measure) => notMeasured(measure.name, 'left out by --quick')),
    );
  }
  return true;
}

const contentMeasures = [
  'image.size.unpacked',
  'image.layers',
  'image.wasted',
  'image.secrets',
  'image.tools',
  'image.setuid',
];

function others(done: readonly string[], why: string): Row[] {
  return imageMeasures
    .filter((measure) => !done.includes(measure.name))
    .map((measure) => notMeasured(measure.name, why));
}

/** Builds with cache mounts of the run's own. Quick runs share theirs: the ids are part of the steps, and only steps that stay
 * the same are found in the cache. */
async function attempt(
  run: Run,
  build: ImageBuild,
  text: string,
  caches: string,
  noCache: boolean,
): Promise<BuildOutcome> {
  await build.copy.write(build.dockerfile, withOwnCaches(text, `plimsoll-${caches}`));
  return run.engine.build(
    { ...build.request, noCache, args: { SOURCE_DATE_EPOCH: '0', ...build.request.args } },
    { ...run.call, seconds: run.options.buildWithin ?? buildLimit },
  );
}

async function secondColdBuild(
  run: Run,
  side: Side,
  build: ImageBuild,
  text: string,
  outcomes: BuildOutcome[],
  before: LayersOutcome,
  record: (rows: readonly Row[]) => void,
  inputs: string,
): Promise<void> {
  const { service } = build;
  if (run.has(side, inputs, service, ['build.cold', 'build.reproducible'])) return;
  for (let i = 2; i <= Math.max(2, run.options.runs ?? 2) && !run.stopped; i++) {
    run.step(side, `${service}: cold build again, to compare`);
    outcomes.push(await attempt(run, build, text, `c${i}-${run.id}-`, true));
  }
  const good = outcomes.filter(succeeded);
  const last = outcomes.at(-1);
  const slowest = [...(last?.report.steps ?? [])]
    .filter((step) => !step.internal)
    .sort((a, b) => b.seconds - a.seconds)[0];
  const longest = slowest === undefined ? '' : `; longest step: ${stepName(slowest)} (${slowest.seconds.toFixed(1)} s)`;
  record([
    measured(
      'build.cold',
      good.map((outcome) => outcome.seconds),
      `no layer cached, empty cache mounts, base images at hand${longest}`,
      last,
    ),
  ]);
  if (last === undefined || !succeeded(last)) {
    record([notMeasured('build.reproducible', 'the second build failed', service, last)]);
    return;
  }
  const layers = await readLayers(run, build.request.tag);
  if (!succeeded(layers) || !succeeded(before)) {
    record([notMeasured('build.reproducible', failure(layers), service, layers)]);
    return;
  }
  const { equal, differing } = compareBuilds(before.layers, layers.layers);
  const stamps = run.facts.containerdStore ? '' : ' (this store cannot rewrite time stamps)';
  const why =
    differing.length === 0
      ? `the same files and rights, but other time stamps in the layers${stamps}`
      : `${differing.length} files differ: ${differing
          .slice(0, 4)
          .map((file) => `/${file}`)
          .join(', ')}${differing.length > 4 ? ' …' : ''}`;
  record([
    measured(
      'build.reproducible',
      equal,
      equal ? 'two cold builds with SOURCE_DATE_EPOCH gave the same layers' : why,
      layers,
    ),
  ]);
}

function readLayers(run: Run, image: string): Promise<LayersOutcome> {
  return run.engine.layers({ image, compress: !run.options.quick, read: searchFile }, { ...run.call, seconds: 300 });
}

async function imageConfig(run: Run, image: string): Promise<ImageConfig | undefined> {
  const [inspected, history] = await Promise.all([
    run.engine.command(['image', 'inspect', image], run.call),
    run.engine.command(['history', '--no-trunc', '--format', '{{.CreatedBy}}', image], run.call),
  ]);
  if (!succeeded(inspected)) return undefined;
  return readImageConfig(inspected.stdout, history.stdout.split('\n'));
}

/** How many layers the base has, by building an image that is nothing but the base. */
async function ownLayers(
  run: Run,
  side: Side,
  service: string,
  facts: DockerfileFacts,
  config: ImageConfig,
): Promise<number | undefined> {
  const standIn = config.labels['plimsoll.standin'];
  if (standIn !== undefined)
    run.standIn(service, `${config.labels['plimsoll.standin.of'] ?? facts.base ?? 'base'}: ${standIn}`);
  if (facts.base === undefined) return undefined;
  if (facts.base === 'scratch') return 0;
  const ids = await baseLayers(run, side, service, facts.base);
  if (ids === undefined) return undefined;
  return ids.every((id, index) => config.diffIds[index] === id) ? ids.length : undefined;
}

/** The layers of a base image; asked once a run. */
async function baseLayers(run: Run, side: Side, service: string, base: string): Promise<readonly string[] | undefined> {
  const known = run.bases.get(base);
  if (known !== undefined) return known;
  run.step(side, `${service}: its base ${base}`);
  const folder = workspace(`${run.folder}/base`);
  await folder.write('Dockerfile', `FROM ${base}\n`);
  const tag = `plimsoll-run/${run.id}:base`;
  const built = await run.engine.build(
    { context: folder.path, dockerfile: folder.at('Dockerfile'), tag, labels: run.labels },
    run.call,
  );
  const ids = succeeded(built) ? (await imageConfig(run, tag))?.diffIds : undefined;
  if (ids !== undefined) run.bases.set(base, ids);
  return ids;
}
