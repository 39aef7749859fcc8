import { each, know } from '../../../facts/know.ts';
import { claim, rule } from '../../rule.ts';

/** Ports of debuggers: node --inspect, debugpy, JDWP. */
const DEBUGGERS = new Set([9229, 9230, 5678, 5005]);

export default rule({
  on: 'service',
  severity: 'error',
  summary: 'a published port leads to one on which nothing listens',
  why: 'The engine accepts the connection on the host and finds nobody inside: the client sees a reset. EXPOSE changes nothing about it.',
  remedy: 'Publish the port on which the process listens, or make it listen there.',
  proof: 'engine',
  *check(service) {
    const tcp = service.compose.ports.filter((p) => p.protocol === 'tcp');
    if (tcp.length === 0) return;
    const ports = yield* know(service.listens);
    const process = yield* know(service.process);
    if (process.command[0] !== 'nginx') {
      // A development server opens ports of its own (inspector, live reload); what is no server opens none.
      const application = yield* know(service.application);
      if (application.launch.role !== 'web') return;
      const mode = yield* know(application.launch.mode);
      if (mode === 'development') return;
    }
    const reasons = ports.map((p) => p.text).join(', ');
    yield* each(tcp, function* (mapping) {
      const target = yield* know(mapping.target);
      if (ports.some((p) => p.port === target) || DEBUGGERS.has(target)) return;
      const [first] = ports;
      yield claim({
        breaks: service.nodes.reachable,
        at: mapping.at,
        title: `port ${target} of ${service.name} is published, but nothing listens on it`,
        subject: String(target),
        because: [
          {
            kind: 'compose',
            at: mapping.at,
            text: `${mapping.published.known && mapping.published.value !== '' ? `port ${mapping.published.value} of the host` : 'a port of the host'} leads to ${target} of the container`,
          },
          ...(first?.at === undefined ? [] : [{ kind: 'line' as const, at: first.at, text: reasons }]),
        ],
        fix: {
          safety: 'safe',
          title: first === undefined ? 'publish another port' : `publish ${first.port}`,
          edits: [],
        },
      });
    });
  },
});
