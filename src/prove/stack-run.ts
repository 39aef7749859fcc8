import { failure, succeeded } from '../engine/outcome.ts';
import { randomHex, type Workspace } from '../engine/workspace.ts';
import { lastWords } from '../measure/build-rows.ts';
import type { Container } from '../measure/container.ts';
import { frontDoorRows } from '../measure/front-door.ts';
import { declaredHardening, type Hardening, hardenings, trialHardening } from '../measure/hardening.ts';
import { healthRows, readLogs, type Settled, startAndSettle } from '../measure/health.ts';
import { measures } from '../measure/names.ts';
import { persistenceRows } from '../measure/persistence.ts';
import { reachRow } from '../measure/reach.ts';
import { restartRow } from '../measure/restart.ts';
import { notMeasured, type Row } from '../measure/row.ts';
import { limitsRow, memoryRows, stopRows } from '../measure/runtime.ts';
import { scrapeRow } from '../measure/scrape.ts';
import { compose, type RunningStack, type StackService } from '../measure/stack.ts';
import type { ComposeJson } from './compose-json.ts';
import type { Run, Side } from './run.ts';

/** Starts a stack, measures it while it runs, and takes it down again.
 * @param partial services that do not build are missing */
export async function proveStack(
  run: Run,
  side: Side,
  inputs: string,
  stack: RunningStack,
  model: ComposeJson,
  copy: Workspace,
  partial: boolean,
): Promise<void> {
  const record = (rows: readonly Row[]): void => run.record(side, inputs, rows);
  const quick = run.options.quick;
  const limit = run.options.healthyWithin ?? (quick ? 45 : 150);
  run.step(side, 'the stack starts');
  let settled = await startAndSettle(stack, limit);
  if (run.stopped) return;
  await noteStandIns(run, stack, settled.containers);
  const health = healthRows(stack, settled, await readLogs(stack, settled.containers));
  // What is left of a stack says nothing about the whole of it.
  record(partial ? health.filter((row) => row.service !== undefined) : health);
  record([limitsRow(settled.containers)]);
  run.step(side, 'requests through the front door');
  record(await frontDoorRows(stack, settled.containers, run.options.front ?? { api: [] }));
  record([await reachRow(stack, settled.containers)]);
  run.step(side, 'memory when idle');
  record(await memoryRows(stack, settled.containers));
  if (quick) {
    const later = measures.filter((measure) => measure.scope === 'stack' && !measure.quick);
    record(later.map((measure) => notMeasured(measure.name, 'left out by --quick')));
  } else settled = await slowRows(run, side, inputs, stack, settled, limit);
  if (run.stopped) return;
  run.step(side, 'SIGTERM to exit');
  record(await stopRows(stack, settled.containers));
  await hardened(run, side, inputs, stack, model, copy, settled, limit);
  await compose(stack, ['down', '--volumes', '--timeout', '1']);
}

async function slowRows(
  run: Run,
  side: Side,
  inputs: string,
  stack: RunningStack,
  settled: Settled,
  limit: number,
): Promise<Settled> {
  const record = (rows: readonly Row[]): void => run.record(side, inputs, rows);
  record([await scrapeRow(stack, settled.containers)]);
  if (!settled.sound) {
    const why = 'the stack does not become healthy';
    record(['stack.restart', 'stack.recreate', 'stack.backup'].map((name) => notMeasured(name, why)));
    return settled;
  }
  if (!run.has(side, inputs, undefined, ['stack.restart'])) {
    run.step(side, 'kill, then restart');
    record([await restartRow(stack, settled.containers, 60)]);
  }
  if (run.stopped || run.has(side, inputs, undefined, ['stack.recreate', 'stack.backup'])) return settled;
  run.step(side, 'recreate, backup and restore');
  const kept = await persistenceRows(stack, settled.containers, `plimsoll${randomHex(6)}`, limit);
  record(kept.rows);
  return kept.settled ?? settled;
}

/** Tries every service of the repository's own locked down: first in all ways at once, then, where that fails and there is
 * time, in each way alone. */
async function hardened(
  run: Run,
  side: Side,
  inputs: string,
  stack: RunningStack,
  model: ComposeJson,
  copy: Workspace,
  settled: Settled,
  limit: number,
): Promise<void> {
  const open = new Map<string, readonly Hardening[]>();
  for (const service of stack.services) {
    const { rows, open: left } = declaredHardening(service, settled);
    if (!service.built && left.length > 0) {
      const why = 'somebody else’s image: not tried beyond what is declared';
      run.record(side, inputs, [...rows, ...left.map((one) => notMeasured(one.measure, why, service.name))]);
      continue;
    }
    run.record(
      side,
      inputs,
      rows.map((row) => ({ ...row, service: service.name })),
    );
    if (left.length > 0) open.set(service.name, left);
  }
  if (open.size === 0 || run.stopped) return;
  run.step(side, 'locked down: read-only root, no capabilities, no new privileges');
  const trial = async (
    what: ReadonlyMap<string, readonly Hardening[]>,
  ): Promise<{ settled: Settled; words: Map<string, string> }> => {
    const changed = structuredClone(model);
    for (const [name, ways] of what) {
      const service = changed.services?.[name];
      if (service !== undefined) for (const way of ways) way.apply(service);
    }
    await copy.write('.plimsoll-locked.json', JSON.stringify(changed, null, 1));
    const locked: RunningStack = { ...stack, file: copy.at('.plimsoll-locked.json') };
    await compose(stack, ['down', '--volumes', '--timeout', '1']);
    const result = await startAndSettle(locked, Math.min(limit, 60));
    const logs = await readLogs(locked, result.containers);
    const words = new Map(
      [...logs].map(([name, log]) => [name, lastWords(`${log.stdout}\n${log.stderr}`.split('\n'))]),
    );
    return { settled: result, words };
  };
  const all = await trial(open);
  const stillOpen: StackService[] = [];
  for (const service of stack.services) {
    const ways = open.get(service.name);
    if (ways === undefined || run.stopped) continue;
    const rows = trialHardening(service, ways, all.settled, all.words.get(service.name) ?? '');
    if (rows[0]?.value === true || ways.length === 1) run.record(side, inputs, rows);
    else stillOpen.push(service);
  }
  if (stillOpen.length === 0) return;
  for (const way of hardenings) {
    const concerned = stillOpen.filter((service) => open.get(service.name)?.includes(way) === true);
    if (concerned.length === 0 || run.stopped) continue;
    if (run.options.quick) {
      for (const service of concerned) {
        const words = all.words.get(service.name) ?? '';
        const why = `with all three at once it does not run${words === '' ? '' : ` (${words})`}; which of them it is, a full run tells`;
        run.record(side, inputs, [notMeasured(way.measure, why, service.name, all.settled.up)]);
      }
      continue;
    }
    run.step(side, `locked down: ${way.measure}`);
    const one = await trial(new Map(concerned.map((service) => [service.name, [way]])));
    for (const service of concerned) {
      if (run.stopped) return;
      run.record(side, inputs, trialHardening(service, [way], one.settled, one.words.get(service.name) ?? ''));
    }
  }
}

/** Images that are stand-ins say so in a label. */
async function noteStandIns(run: Run, stack: RunningStack, seen: readonly Container[]): Promise<void> {
  const theirs = seen.filter((container) =>
    stack.services.some((service) => service.name === container.service && !service.built),
  );
  if (theirs.length === 0) return;
  const format = '{{index .Config.Labels "plimsoll.standin.of"}}\t{{index .Config.Labels "plimsoll.standin"}}';
  const inspected = await run.engine.command(
    ['image', 'inspect', '--format', format, ...theirs.map((container) => container.image)],
    run.call,
  );
  if (!succeeded(inspected)) {
    run.tell({ kind: 'note', text: failure(inspected) });
    return;
  }
  inspected.stdout.split('\n').forEach((line, index) => {
    const [of = '', what = ''] = line.split('\t');
    const service = theirs[index]?.service;
    if (service !== undefined && what !== '' && what !== '<no value>') run.standIn(service, `${of}: ${what}`);
  });
}
