import { failure, succeeded } from '../engine/outcome.ts';
import type { Container } from './container.ts';
import { measured, notMeasured, type Row } from './row.ts';
import { containers, pause, type RunningStack } from './stack.ts';

/** Kills the first process of every service, one after the other, and waits for the engine to bring it back. */
export async function restartRow(stack: RunningStack, seen: readonly Container[], limit: number): Promise<Row> {
  const running = seen.filter((container) => container.running && !oneShot(stack, container));
  if (running.length === 0) return notMeasured('stack.restart', 'nothing is running');
  const parts: string[] = [];
  let all = true;
  let last: Awaited<ReturnType<typeof stack.engine.crash>> | undefined;
  for (const container of running) {
    if (container.restartPolicy === 'no' || container.restartPolicy === '') {
      parts.push(`${container.service}: has no restart policy`);
      all = false;
      continue;
    }
    const crashed = await stack.engine.crash(container.id, stack.call);
    last = crashed;
    if (!succeeded(crashed)) {
      return notMeasured(
        'stack.restart',
        `${container.service} could not be killed: ${failure(crashed)}`,
        undefined,
        crashed,
      );
    }
    const seconds = await backAgain(stack, container, limit);
    all &&= seconds !== undefined;
    parts.push(
      `${container.service}: ${seconds === undefined ? `not back after ${limit} s` : `back after ${seconds.toFixed(1)} s`}`,
    );
  }
  return measured('stack.restart', all, parts.join('; '), last);
}

function oneShot(stack: RunningStack, container: Container): boolean {
  return stack.services.some((service) => service.name === container.service && service.oneShot);
}

async function backAgain(stack: RunningStack, before: Container, limit: number): Promise<number | undefined> {
  const started = performance.now();
  for (;;) {
    await pause(250, stack.call.signal);
    const now = (await containers(stack)).find((container) => container.id === before.id);
    const seconds = (performance.now() - started) / 1000;
    const up = now?.running === true && now.started > before.started;
    if (up && (now.health === undefined || now.health.status === 'healthy')) return seconds;
    if (seconds > limit || stack.call.signal?.aborted === true) return undefined;
  }
}
