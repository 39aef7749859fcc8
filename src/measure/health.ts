import { type Outcome, succeeded } from '../engine/outcome.ts';
import { lastWords } from './build-rows.ts';
import type { Container } from './container.ts';
import { measured, notMeasured, type Row } from './row.ts';
import { compose, containers, pause, type RunningStack, type StackService } from './stack.ts';

/** How a service has ended up. `waiting`: the time was over before anything was certain. */
export type Verdict = 'healthy' | 'running' | 'done' | 'unhealthy' | 'dead' | 'waiting' | 'absent';

export interface Settled {
  readonly verdicts: ReadonlyMap<string, Verdict>;
  readonly containers: readonly Container[];
  /** `docker compose up`. */
  readonly up: Outcome;
  /** From the call of `up` until everything was settled. */
  readonly seconds: number;
  /** True when every service is healthy, running (without a health check) or done. */
  readonly sound: boolean;
}

/** Starts the stack and watches it until every service is settled or `limit` seconds are over. Containers that hang on others
 * are started by compose as it would anywhere. */
export async function startAndSettle(stack: RunningStack, limit: number): Promise<Settled> {
  const started = performance.now();
  const elapsed = (): number => (performance.now() - started) / 1000;
  let up: Outcome | undefined;
  const ended = new AbortController();
  const signal = stack.call.signal === undefined ? ended.signal : AbortSignal.any([ended.signal, stack.call.signal]);
  const upping = compose(stack, ['up', '--detach', '--no-build', '--quiet-pull'], { seconds: limit + 60, signal }).then(
    (outcome) => {
      up = outcome;
      return outcome;
    },
  );
  let seen: Container[] = [];
  let verdicts = new Map<string, Verdict>();
  for (;;) {
    await pause(250, stack.call.signal);
    seen = await containers(stack);
    verdicts = new Map(stack.services.map((service) => [service.name, verdict(service, seen, up)]));
    const open = [...verdicts.values()].some((value) => value === 'waiting');
    if ((!open && up !== undefined) || elapsed() > limit || stack.call.signal?.aborted === true) break;
  }
  const seconds = elapsed();
  // A client that still waits for something that cannot come is no longer needed; the containers stay.
  ended.abort();
  const outcome = await upping;
  const fine: readonly Verdict[] = ['healthy', 'running', 'done'];
  return {
    verdicts,
    containers: seen,
    up: outcome,
    seconds,
    sound: [...verdicts.values()].every((value) => fine.includes(value)),
  };
}

/** A container without a health check that has lived this long is called running. */
const steadySeconds = 3;

function verdict(service: StackService, seen: readonly Container[], up: Outcome | undefined): Verdict {
  const container = seen.find((candidate) => candidate.service === service.name);
  if (container === undefined) return up === undefined ? 'waiting' : 'absent';
  if (container.restarts >= 2 && container.health?.status !== 'healthy') return 'dead';
  if (container.status === 'created') return up === undefined ? 'waiting' : 'absent';
  if (container.status === 'exited' || container.status === 'dead') {
    if (container.exitCode === 0 && service.oneShot) return 'done';
    return container.restartPolicy === 'no' || container.restartPolicy === '' || up !== undefined ? 'dead' : 'waiting';
  }
  if (container.status === 'restarting') return 'waiting';
  if (container.health !== undefined) {
    if (container.health.status === 'healthy') return 'healthy';
    return container.health.status === 'unhealthy' ? 'unhealthy' : 'waiting';
  }
  return (Date.now() - container.started) / 1000 >= steadySeconds ? 'running' : 'waiting';
}

/** Rows of every service and of the stack. `logs` gives the last lines of a service's output. */
export function healthRows(stack: RunningStack, settled: Settled, logs: ReadonlyMap<string, Outcome>): Row[] {
  const rows = stack.services.flatMap((service) => serviceRows(service, settled, logs.get(service.name)));
  const bad = [...settled.verdicts].filter(([, value]) => !['healthy', 'running', 'done'].includes(value));
  const unchecked = [...settled.verdicts].filter(([, value]) => value === 'running').map(([name]) => name);
  const text = settled.sound
    ? `all ${settled.verdicts.size} services${unchecked.length === 0 ? '' : `; without a health check: ${unchecked.join(', ')}`}`
    : `${bad.map(([name, value]) => `${name}: ${said[value]}`).join('; ')}${composeWords(settled.up)}`;
  rows.push(measured('stack.healthy', settled.sound, text, settled.up));
  rows.push(
    settled.sound
      ? measured(
          'stack.healthy.time',
          slowest(settled),
          'from the first container’s start to the last one’s first good probe',
          settled.up,
        )
      : notMeasured('stack.healthy.time', 'the stack does not become healthy', undefined, settled.up),
  );
  return rows;
}

const said: Readonly<Record<Verdict, string>> = {
  healthy: 'healthy',
  running: 'running',
  done: 'done',
  unhealthy: 'unhealthy',
  dead: 'does not stay up',
  waiting: 'still not healthy when the time was over',
  absent: 'was never started',
};

function composeWords(up: Outcome): string {
  if (up.ended !== 'exit' || up.exit === 0) return '';
  const line = lastWords(up.stderr.split('\n'));
  return line === '' ? '' : ` (${line})`;
}

function slowest(settled: Settled): number {
  const begin = Math.min(...settled.containers.map((container) => container.started));
  const ends = settled.containers.map((container) => firstGood(container) ?? container.started);
  return Math.max(0, ...ends.map((end) => (end - begin) / 1000));
}

/** When the first good probe ended, in milliseconds since 1970. The engine keeps the last five. */
function firstGood(container: Container): number | undefined {
  return container.health?.probes.find((probe) => probe.exit === 0)?.end;
}

function serviceRows(service: StackService, settled: Settled, log: Outcome | undefined): Row[] {
  const value = settled.verdicts.get(service.name) ?? 'absent';
  const container = settled.containers.find((candidate) => candidate.service === service.name);
  const from = log ?? settled.up;
  const name = service.name;
  const words = log === undefined ? '' : lastWords(`${log.stdout}\n${log.stderr}`.split('\n'));
  const quoted = words === '' ? '' : `: ${words}`;
  if (value === 'absent') {
    const why = `was never started${composeWords(settled.up)}`;
    return [
      measured('service.starts', false, why, settled.up, name),
      measured('service.healthy', false, why, settled.up, name),
      notMeasured('service.healthy.time', 'it does not start', name, settled.up),
    ];
  }
  if (value === 'dead') {
    const ended = `ended with code ${container?.exitCode ?? '?'}${container?.oomKilled === true ? ' (out of memory)' : ''}`;
    const why = `${ended}${container?.error ? ` (${container.error})` : quoted}`;
    return [
      measured('service.starts', false, why, from, name),
      measured('service.healthy', false, why, from, name),
      notMeasured('service.healthy.time', 'it does not stay up', name, from),
    ];
  }
  const starts = measured('service.starts', true, value === 'done' ? 'ran and ended with code 0' : 'runs', from, name);
  if (container?.health === undefined) {
    const why = value === 'done' ? 'runs once' : 'has no health check';
    return [
      starts,
      notMeasured('service.healthy', why, name, from),
      notMeasured('service.healthy.time', why, name, from),
    ];
  }
  const good = firstGood(container);
  if (value !== 'healthy' || good === undefined) {
    const probe = container.health.probes.findLast((candidate) => candidate.exit !== 0);
    const output =
      probe === undefined
        ? 'no probe has ended yet'
        : `its probe says: ${lastWords(probe.output.split('\n')) || `exit code ${probe.exit}`}`;
    const why = `${said[value]} after ${settled.seconds.toFixed(0)} s; ${output}`;
    return [
      starts,
      measured('service.healthy', false, why, from, name),
      notMeasured('service.healthy.time', 'it does not become healthy', name, from),
    ];
  }
  const seconds = (good - container.started) / 1000;
  return [
    starts,
    measured('service.healthy', true, `first good probe after ${seconds.toFixed(1)} s`, from, name),
    measured('service.healthy.time', seconds, 'from the container’s start to its first good probe', from, name),
  ];
}

/** The last lines of every service's output. */
export async function readLogs(stack: RunningStack, seen: readonly Container[]): Promise<Map<string, Outcome>> {
  const logs = new Map<string, Outcome>();
  for (const container of seen) {
    const outcome = await stack.engine.command(['logs', '--tail', '60', container.id], stack.call);
    if (succeeded(outcome)) logs.set(container.service, outcome);
  }
  return logs;
}
