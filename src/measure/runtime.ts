import { failure, succeeded } from '../engine/outcome.ts';
import { type Container, readContainers } from './container.ts';
import { measured, notMeasured, type Row } from './row.ts';
import type { RunningStack } from './stack.ts';

const units: Readonly<Record<string, number>> = {
  B: 1,
  kB: 1e3,
  KB: 1e3,
  KiB: 1024,
  MB: 1e6,
  MiB: 1024 ** 2,
  GB: 1e9,
  GiB: 1024 ** 3,
};

/** Bytes of `12.3MiB` as the engine writes sizes; undefined when it is none. */
export function readSize(text: string): number | undefined {
  const [, number, unit = 'B'] = /^([\d.]+)\s*([kKMG]?i?B)$/.exec(text.trim()) ?? [];
  const factor = units[unit];
  return number === undefined || factor === undefined ? undefined : Math.round(Number(number) * factor);
}

/** Memory of every running container, nobody asking anything of it. */
export async function memoryRows(stack: RunningStack, seen: readonly Container[]): Promise<Row[]> {
  const running = seen.filter((container) => container.running);
  const rest = stack.services
    .filter((service) => !running.some((container) => container.service === service.name))
    .map((service) => notMeasured('service.memory', 'it is not running', service.name));
  if (running.length === 0) return rest;
  const ids = running.map((container) => container.id);
  const stats = await stack.engine.command(
    ['stats', '--no-stream', '--no-trunc', '--format', '{{.ID}} {{.MemUsage}}', ...ids],
    stack.call,
  );
  const used = new Map(stats.stdout.split('\n').map((line) => [line.split(' ')[0] ?? '', line.split(' ')[1] ?? '']));
  const rows = running.map((container) => {
    const bytes = readSize(used.get(container.id) ?? '');
    return bytes === undefined
      ? notMeasured('service.memory', failure(stats), container.service, stats)
      : measured('service.memory', bytes, 'some seconds after its start, without load', stats, container.service);
  });
  return [...rows, ...rest];
}

/** Seconds that a container gets to end by itself, as the engine gives it by default. */
const grace = 10;

/** Stops every running container as the engine does in production (its stop signal, then SIGKILL after ten seconds). */
export async function stopRows(stack: RunningStack, seen: readonly Container[]): Promise<Row[]> {
  const rows = await Promise.all(
    stack.services.map(async (service) => {
      const container = seen.find((candidate) => candidate.service === service.name && candidate.running);
      const name = service.name;
      if (container === undefined) {
        const why = service.oneShot ? 'it runs once' : 'it is not running';
        return [notMeasured('service.stop.time', why, name), notMeasured('service.stop.code', why, name)];
      }
      const stop = await stack.engine.command(['stop', '--time', String(grace), container.id], {
        ...stack.call,
        seconds: grace + 20,
      });
      const after = await stack.engine.command(['inspect', '--type', 'container', container.id], stack.call);
      const ended = succeeded(after) ? readContainers(after.stdout)[0] : undefined;
      if (!succeeded(stop) || ended === undefined) {
        return [
          notMeasured('service.stop.time', failure(stop), name, stop),
          notMeasured('service.stop.code', failure(stop), name, stop),
        ];
      }
      const killed = ended.exitCode === 137 && stop.seconds >= grace - 0.5;
      const text = killed
        ? `did not end by itself and was killed after ${grace} s`
        : `ended with code ${ended.exitCode}`;
      return [
        measured('service.stop.time', stop.seconds, text, stop, name),
        measured('service.stop.code', ended.exitCode, text, stop, name),
      ];
    }),
  );
  return rows.flat();
}

/** Limits that the engine enforces on the running containers. */
export function limitsRow(seen: readonly Container[]): Row {
  const live = seen.filter((container) => container.status !== 'created');
  if (live.length === 0) return notMeasured('stack.limits', 'nothing was started');
  const parts = live.map((container) => {
    const limits = [
      ...(container.memoryLimit > 0 ? [`${Math.round(container.memoryLimit / 1024 ** 2)} MiB`] : []),
      ...(container.cpuLimit > 0 ? [`${container.cpuLimit} CPU`] : []),
      ...(container.pidsLimit > 0 ? [`${container.pidsLimit} processes`] : []),
    ];
    return `${container.service}: ${limits.length === 0 ? 'none' : limits.join(', ')}`;
  });
  const all = live.every((container) => container.memoryLimit > 0 && container.pidsLimit > 0);
  return measured('stack.limits', all, parts.sort().join('; '));
}
