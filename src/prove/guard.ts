import type { Call, Engine } from '../engine/engine.ts';
import type { Outcome } from '../engine/outcome.ts';

const gone =
  /cannot connect to the docker daemon|error during connect|is the docker daemon running|docker\.sock: connect:|connection reset by peer|unexpected EOF|transport is closing|error reading from server: EOF/i;

/** An engine whose death is noticed: a call that fails in the words of a lost connection is followed by a question, and when
 * that is not answered `lost` is told. Otherwise a dead engine would look like an image that does not build. */
export function guarded(engine: Engine, lost: (why: string) => void): Engine {
  const watched = async <T extends Outcome>(work: Promise<T>, call: Call | undefined): Promise<T> => {
    const outcome = await work;
    const suspicious =
      outcome.ended === 'not-started' ||
      (outcome.ended === 'exit' &&
        outcome.exit !== 0 &&
        gone.test(`${outcome.stderr.slice(-4000)}${outcome.fault ?? ''}`));
    if (suspicious && call?.signal?.aborted !== true) {
      const facts = await engine.facts({ seconds: 10 });
      if (!facts.answers) lost(facts.fault ?? 'it does not answer');
    }
    return outcome;
  };
  return {
    name: engine.name,
    facts: (call) => engine.facts(call),
    command: (args, call) => watched(engine.command(args, call), call),
    build: (request, call) => watched(engine.build(request, call), call),
    layers: (request, call) => watched(engine.layers(request, call), call),
    request: (request, call) => engine.request(request, call),
    crash: (container, call) => watched(engine.crash(container, call), call),
    copyOut: (container, path, file, call) => watched(engine.copyOut(container, path, file, call), call),
    copyIn: (file, container, path, call) => watched(engine.copyIn(file, container, path, call), call),
  };
}
