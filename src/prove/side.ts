import { copyRepository, randomHex, type Workspace } from '../engine/workspace.ts';
import { measures } from '../measure/names.ts';
import { measured, notMeasured, type Row } from '../measure/row.ts';
import type { RunningStack } from '../measure/stack.ts';
import { digestOf } from '../repo/digest.ts';
import type { Repo } from '../repo/repo.ts';
import { proveImage } from './builds.ts';
import type { BuildJson, ComposeJson } from './compose-json.ts';
import { imageRequest } from './image-request.ts';
import { isolate } from './isolate.ts';
import type { StackChoice, TargetChoice } from './options.ts';
import { realEnvFiles, resolveStack } from './resolve.ts';
import type { Run, Side } from './run.ts';
import { proveStack } from './stack-run.ts';

/** Copies one side of the repository, builds its images, starts its stack and measures all of it. */
export async function proveSide(
  run: Run,
  side: Side,
  repo: Repo,
  stack: StackChoice,
  volumes: Set<string>,
): Promise<void> {
  const inputs = digestOf(repo);
  run.step(side, 'copy of the repository');
  const hidden = realEnvFiles(repo);
  const copy = await copyRepository(`${run.folder}/${side}`, repo, hidden);
  for (const file of hidden) run.assume(side, inputs, `${file} holds real values and stays out of the copy`);
  if (run.options.allowEgress !== true)
    run.assume(side, inputs, 'containers reach nothing outside the stack (--allow-egress lets them)');
  let model: ComposeJson;
  let env: Readonly<Record<string, string>> = {};
  if ('files' in stack) {
    run.step(side, 'configuration');
    const resolved = await resolveStack(run, side, inputs, copy, repo, stack);
    if ('failed' in resolved) {
      run.record(side, inputs, [
        measured('stack.config', false, resolved.why, resolved.failed),
        ...unmeasured('stack', 'the configuration is not valid', ['stack.config']),
        // Which services there are is known from the other side at best.
        ...run.services.flatMap((service) =>
          [
            ...unmeasured('image', 'the configuration is not valid'),
            ...unmeasured('service', 'the configuration is not valid'),
          ].map((row) => ({ ...row, service })),
        ),
      ]);
      return;
    }
    run.record(side, inputs, [measured('stack.config', true, 'Compose reads it', resolved.outcome)]);
    ({ model, env } = resolved);
  } else {
    run.record(side, inputs, [
      notMeasured('stack.config', 'the repository has no compose file: its images run one by one'),
    ]);
    model = modelOf(stack.targets, copy);
  }
  run.services = Object.keys(model.services ?? {});
  run.builds.clear();
  const images = new Map<string, string>();
  const failed: string[] = [];
  const built = new Map<string, { service: string; tag: string; ok: boolean }>();
  for (const [service, { build }] of Object.entries(model.services ?? {})) {
    if (build === undefined || run.stopped) continue;
    const same = JSON.stringify([build.context, build.dockerfile, build.dockerfile_inline, build.target, build.args]);
    let made = built.get(same);
    if (made === undefined) {
      const tag = `plimsoll-run/${run.id}:${side}-${service.toLowerCase().replace(/[^a-z0-9_.-]/g, '-')}`;
      const request = await imageRequest(run, service, build, copy, tag, env, model);
      made = { service, tag, ok: typeof request !== 'string' && (await proveImage(run, side, inputs, request)) };
      if (typeof request !== 'string') run.builds.set(service, request);
      if (typeof request === 'string') run.record(side, inputs, [{ ...notMeasured('image.builds', request), service }]);
      built.set(same, made);
    }
    const twin = run.builds.get(made.service);
    if (twin !== undefined) run.builds.set(service, twin);
    images.set(service, made.tag);
    if (!made.ok) failed.push(service);
  }
  if (run.stopped) return;
  const missing = withoutBroken(model, failed);
  if (missing.size > 0) {
    const why = `${failed.join(', ')} ${failed.length === 1 ? 'does' : 'do'} not build`;
    const rest = Object.keys(model.services ?? {}).length;
    run.record(side, inputs, [
      measured('stack.healthy', false, why),
      notMeasured('stack.healthy.time', why),
      ...[...missing].flatMap(([service, reason]) => unmeasured('service', reason).map((row) => ({ ...row, service }))),
      ...(rest === 0
        ? unmeasured('stack', `the stack cannot be started: ${why}`, [
            'stack.config',
            'stack.healthy',
            'stack.healthy.time',
          ])
        : []),
    ]);
    if (rest === 0) return;
    run.assume(
      side,
      inputs,
      `${[...missing.keys()].join(', ')} cannot run, so the rest of the stack was started without`,
    );
  }
  if (!('files' in stack)) await exposedPorts(run, model, images);
  const access = run.facts.bridgeReachable ? 'bridge' : 'published';
  const project = `plimsoll-${run.id}-${side}`;
  const isolated = isolate(model, {
    copy: copy.path,
    project,
    labels: run.labels,
    access,
    egress: run.options.allowEgress === true,
    images,
  });
  for (const { text, service } of isolated.assumptions) run.assume(side, inputs, text, service);
  for (const folder of isolated.folders) await copy.folder(folder);
  for (const file of isolated.secretFiles) {
    if ((await copy.text(file)) !== undefined) continue;
    const secret = randomHex(16);
    run.options.ledger.hide(secret);
    await copy.write(file, secret);
    if (!file.startsWith('.plimsoll-secrets/'))
      run.assume(side, inputs, `${file} is not in the repository: a made-up secret stands for it`);
  }
  for (const { file, variable } of isolated.variableFiles) await copy.write(file, env[variable] ?? '');
  await copy.write('.plimsoll-compose.json', JSON.stringify(isolated.model, null, 1));
  const running: RunningStack = {
    engine: run.engine,
    call: run.call,
    project,
    file: copy.at('.plimsoll-compose.json'),
    services: isolated.services,
    access,
    scratch: `${run.folder}/${side}`,
    volumes,
  };
  await proveStack(run, side, inputs, running, isolated.model, copy, missing.size > 0);
}

/** Takes services that do not build out of a model, and all that wait for them. Says why each is out. */
function withoutBroken(model: ComposeJson, failed: readonly string[]): Map<string, string> {
  const out = new Map(failed.map((name) => [name, 'its image does not build']));
  for (let before = -1; before !== out.size; ) {
    before = out.size;
    for (const [name, service] of Object.entries(model.services ?? {})) {
      const waits = Object.keys(service.depends_on ?? {}).find((other) => out.has(other));
      if (waits !== undefined && !out.has(name)) out.set(name, `it waits for ${waits}, which cannot run`);
    }
  }
  for (const name of out.keys()) delete model.services?.[name];
  return out;
}

/** Rows of a whole scope that there is no way to measure. */
export function unmeasured(scope: 'stack' | 'service' | 'image', why: string, done: readonly string[] = []): Row[] {
  return measures
    .filter((measure) => measure.scope === scope && !done.includes(measure.name))
    .map((measure) => notMeasured(measure.name, why));
}

/** A model for Dockerfiles without a compose file: each image is a service. */
function modelOf(targets: readonly TargetChoice[], copy: Workspace): ComposeJson {
  const services = targets.map((target) => {
    const build: BuildJson = {
      context: copy.at(target.context),
      dockerfile: copy.at(target.dockerfile),
      ...(target.stage === undefined ? {} : { target: target.stage }),
      ...(target.args === undefined ? {} : { args: { ...target.args } }),
    };
    return [target.name, { build, networks: { default: null }, restart: 'unless-stopped' }] as const;
  });
  return { services: Object.fromEntries(services), networks: { default: {} } };
}

/** Without a compose file nothing is published: what the images expose stands for it. */
async function exposedPorts(run: Run, model: ComposeJson, images: ReadonlyMap<string, string>): Promise<void> {
  for (const [name, service] of Object.entries(model.services ?? {})) {
    const image = images.get(name);
    if (image === undefined) continue;
    const format = '{{range $port, $_ := .Config.ExposedPorts}}{{$port}} {{end}}';
    const inspected = await run.engine.command(['image', 'inspect', '--format', format, image], run.call);
    service.ports = inspected.stdout
      .split(/\s+/)
      .filter((port) => port.endsWith('/tcp'))
      .map((port) => ({ target: Number.parseInt(port, 10), protocol: 'tcp' }));
  }
}
