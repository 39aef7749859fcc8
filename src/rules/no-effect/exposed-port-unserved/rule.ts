import { parsePorts } from '../../../dockerfile/ports.ts';
import { each, know } from '../../../facts/know.ts';
import type { Service } from '../../../model/types.ts';
import { finalStages } from '../../final-stages.ts';
import { claim, rule } from '../../rule.ts';

/** Ports of debuggers: node --inspect, debugpy, JDWP. */
const DEBUGGERS = new Set([9229, 9230, 5678, 5005]);

export default rule({
  on: 'service',
  severity: 'note',
  summary: 'EXPOSE names a port on which nothing listens',
  why: 'EXPOSE opens nothing: it only says to readers, to `docker run -P` and to platforms where the process listens. Here it says something else than the process does.',
  remedy: 'Name the port on which the process listens.',
  proof: 'none',
  *check(service) {
    const { target } = service;
    const exposed = exposedIn(service);
    if (target === undefined || exposed.length === 0) return;
    const ports = yield* know(service.listens);
    const process = yield* know(service.process);
    if (ports.length === 0) return;
    if (process.command[0] !== 'nginx') {
      const application = yield* know(service.application);
      if (application.launch.role !== 'web' || (yield* know(application.launch.mode)) === 'development') return;
    }
    yield* each(exposed, function* ({ port, at }) {
      if (DEBUGGERS.has(port) || ports.some((p) => p.port === port)) return;
      const said = ports.find((p) => p.at !== undefined);
      yield claim({
        at,
        title: `EXPOSE names ${port}, but ${ports.map((p) => p.text).join(', ')}`,
        subject: String(port),
        because: [
          { kind: 'line', at, text: `EXPOSE ${port}` },
          ...(said?.at === undefined ? [] : [{ kind: 'line' as const, at: said.at, text: said.text }]),
        ],
      });
    });
  },
});

/** Ports in numbers that the image's own EXPOSE lines name, and those of `expose` in compose. */
function exposedIn(service: Service) {
  const { target } = service;
  if (target === undefined) return [];
  const lines = finalStages(target).flatMap(({ index }) =>
    (target.dockerfile.stages[index]?.instructions ?? []).flatMap((i) =>
      i.keyword !== 'EXPOSE'
        ? []
        : i.original
            .trim()
            .split(/\s+/)
            .slice(1)
            .map((word) => ({ word, at: i.place })),
    ),
  );
  const composed = service.compose.expose.flatMap(({ fact, at }) => (fact.known ? [{ word: fact.value, at }] : []));
  return [...lines, ...composed].flatMap(({ word, at }) => {
    const read = word.includes('$') ? undefined : parsePorts(word);
    return read === undefined || 'error' in read || read.first !== read.last || read.protocol !== 'tcp'
      ? []
      : [{ port: read.first, at }];
  });
}
