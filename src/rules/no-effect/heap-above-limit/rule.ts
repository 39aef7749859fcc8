import { each, know } from '../../../facts/know.ts';
import type { Service } from '../../../model/types.ts';
import type { Place } from '../../../text/place.ts';
import { wordsOfCommand } from '../../command-words.ts';
import { type Check, claim, rule } from '../../rule.ts';

const UNITS: Readonly<Record<string, number>> = { '': 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 };

export default rule({
  on: 'service',
  severity: 'warning',
  summary: 'a heap, a cache or workers that may grow beyond the memory limit of the container',
  why: 'The collector does not hurry before its own limit. The container reaches its limit first, and the kernel kills the process (exit code 137) without a word.',
  remedy: 'Set the heap to at most three quarters of the memory limit.',
  proof: 'none',
  *check(service) {
    const { memory } = service.compose.limits;
    if (memory === undefined) return;
    const limit = yield* know(memory.fact);
    if (limit === 0) return;
    const names = [
      'NODE_OPTIONS',
      'JAVA_OPTS',
      'JAVA_TOOL_OPTIONS',
      '_JAVA_OPTIONS',
      'ES_JAVA_OPTS',
      'OPENSEARCH_JAVA_OPTS',
    ];
    yield* each(names, function* (name) {
      const entry = service.env.get(name);
      if (entry?.at === undefined) return;
      const heap = heapOf(yield* know(entry.value));
      if (heap === undefined || heap <= limit) return;
      yield claim({
        at: entry.at,
        title: `${service.name} may use ${mebibytes(heap)} of heap but has ${mebibytes(limit)} of memory`,
        subject: name,
        because: [
          { kind: 'compose', at: entry.at, text: `${name} allows ${mebibytes(heap)}` },
          { kind: 'compose', at: memory.at, text: `the limit is ${mebibytes(limit)}` },
        ],
      });
    });
    yield* each([service], () => byCommand(service, limit, memory.at));
  },
});

/** An interpreter that has loaded nothing: less cannot be. */
const LEAST = 8 * 1024 ** 2;

function* byCommand(service: Service, limit: number, memory: Place): Check {
  const said = service.server === undefined ? undefined : (yield* know(wordsOfCommand(service))).join(' ');
  const process = said === undefined ? yield* know(service.process) : undefined;
  const at = process?.at ?? service.compose.command?.at ?? service.at;
  const bytes = said === undefined ? heapOf(process?.argv.join(' ') ?? '') : cacheOf(said);
  if (bytes !== undefined && bytes > limit)
    yield claim(above(service, at, `may use ${mebibytes(bytes)}`, limit, memory));
  if (process === undefined || service.target === undefined) return;
  const { launch } = yield* know(service.application);
  const workers = launch.workers === undefined ? 1 : yield* know(launch.workers);
  if (launch.language !== 'python' || workers < 2 || limit / workers > LEAST) return;
  yield claim(above(service, at, `starts ${workers} workers of at least ${mebibytes(LEAST)}`, limit, memory));
}

function above(service: Service, at: Place, what: string, limit: number, memory: Place) {
  return {
    at,
    title: `${service.name} ${what} but has ${mebibytes(limit)} of memory`,
    subject: 'command',
    because: [
      { kind: 'line' as const, at, text: `the command of ${service.name} ${what}` },
      { kind: 'compose' as const, at: memory, text: `the limit is ${mebibytes(limit)}` },
    ],
  };
}

/** Bytes of the cache that Redis or Valkey is told to fill. */
function cacheOf(command: string): number | undefined {
  const [, number, unit = ''] = /--maxmemory\s+(\d+)([kmg]?)b?(?:\s|$)/i.exec(command) ?? [];
  return number === undefined ? undefined : Number(number) * (UNITS[unit.toLowerCase()] ?? 1);
}

/** Bytes of the largest heap that options allow. */
function heapOf(options: string): number | undefined {
  const java = /(?:^|\s)-Xmx(\d+)([kmg]?)(?:\s|$)/i.exec(options);
  if (java !== null) return Number(java[1]) * (UNITS[(java[2] ?? '').toLowerCase()] ?? 1);
  const node = /--max[-_]old[-_]space[-_]size[= ](\d+)/.exec(options)?.[1];
  return node === undefined ? undefined : Number(node) * 1024 ** 2;
}

function mebibytes(bytes: number): string {
  return `${Math.round(bytes / 1024 ** 2)} MiB`;
}
