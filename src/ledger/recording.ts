import type { Engine } from '../engine/engine.ts';
import type { Outcome } from '../engine/outcome.ts';
import { isFault, type Ledger } from './ledger.ts';

/** An engine that stores the output of every call in the ledger: each outcome then says where (`log`). Reading calls that
 * repeat many times a second (inspect, ps, stats) are stored only when they fail. */
export function recording(engine: Engine, ledger: Ledger): Engine {
  const stored = <T extends Outcome>(outcome: T): T => {
    const digest = ledger.putLog(logText(outcome));
    return isFault(digest) ? outcome : { ...outcome, log: digest };
  };
  return {
    name: engine.name,
    facts: (call) => engine.facts(call),
    command: async (args, call) => {
      const outcome = await engine.command(args, call);
      return polled.has(args[0] ?? '') && outcome.exit === 0 ? outcome : stored(outcome);
    },
    build: async (request, call) => {
      const outcome = await engine.build(request, call);
      // The JSON progress is for machines: what is kept is what a person would have seen.
      const { log } = stored({ ...outcome, stderr: outcome.report.plain, stdout: '' } as Outcome);
      return log === undefined ? outcome : { ...outcome, log };
    },
    layers: (request, call) => engine.layers(request, call),
    request: async (request, call) => stored(await engine.request(request, call)),
    crash: async (container, call) => stored(await engine.crash(container, call)),
    copyOut: async (container, path, file, call) => stored(await engine.copyOut(container, path, file, call)),
    copyIn: async (file, container, path, call) => stored(await engine.copyIn(file, container, path, call)),
  };
}

const polled = new Set(['inspect', 'ps', 'container', 'network', 'volume', 'images']);

/** Head and tail are kept of long outputs: the cause of a failure stands at one of the two. */
function logText(outcome: Outcome): string {
  const ended = outcome.exit === undefined ? outcome.ended : `exit ${outcome.exit}`;
  const head = `$ ${outcome.argv.join(' ')}\n# ${ended}, ${outcome.seconds.toFixed(2)} s\n`;
  const fault = outcome.fault === undefined ? '' : `# ${outcome.fault}\n`;
  return `${head}${fault}${shortened(outcome.stderr)}${shortened(outcome.stdout)}`;
}

const limit = 200_000;

function shortened(text: string): string {
  if (text.length <= limit) return text;
  const left = text.length - limit;
  return `${text.slice(0, limit / 2)}\n… ${left} characters left out …\n${text.slice(-limit / 2)}`;
}
