import { succeeded } from '../engine/outcome.ts';
import type { Container } from './container.ts';
import { measured, notMeasured, type Row } from './row.ts';
import { addressOf, type RunningStack } from './stack.ts';

interface Targets {
  readonly data?: {
    readonly activeTargets?: readonly { health: string; scrapePool: string; scrapeUrl: string; lastError?: string }[];
  };
}

/** Asks every Prometheus of the stack for its targets. */
export async function scrapeRow(stack: RunningStack, seen: readonly Container[]): Promise<Row> {
  const monitors = seen.filter((container) => container.running && container.exposed.includes(9090));
  for (const container of monitors) {
    const address = addressOf(stack, container, 9090);
    if (address === undefined) continue;
    const answer = await stack.engine.request({ url: `http://${address}/api/v1/targets?state=active` }, stack.call);
    if (!succeeded(answer) || answer.status !== 200 || !answer.body.startsWith('{')) continue;
    const targets = (JSON.parse(answer.body) as Targets).data?.activeTargets ?? [];
    const down = targets.filter((target) => target.health !== 'up');
    const words = down
      .slice(0, 4)
      .map((target) => `${target.scrapePool} ${target.scrapeUrl}: ${target.lastError || target.health}`);
    const text = `${targets.length - down.length} of ${targets.length} up${words.length === 0 ? '' : `; ${words.join('; ')}`}`;
    return measured('stack.scrape', down.length === 0 && targets.length > 0, text, answer);
  }
  return notMeasured('stack.scrape', 'the stack has no Prometheus');
}
