import { each, know } from '../../../facts/know.ts';
import { resolveName } from '../../addresses.ts';
import { listeningPorts } from '../../listening-ports.ts';
import { proxiedBy } from '../../proxied.ts';
import { claim, rule } from '../../rule.ts';

export default rule({
  on: 'service',
  severity: 'error',
  summary: 'nginx hands requests to a port on which the service does not listen',
  why: 'Between services the port of the container counts, not the published one: nginx answers 502 Bad Gateway.',
  remedy: 'Name the port on which the service listens.',
  proof: 'engine',
  *check(service) {
    if (service.stack.files.length === 0 || !service.process.known || service.process.value.command[0] !== 'nginx')
      return;
    const hosts = yield* know(proxiedBy(service));
    yield* each(hosts, function* ({ host, port, at, text }) {
      if (!service.stack.services.some((s) => s.name === host && s !== service)) return;
      const [other, ...more] = (yield* know(resolveName(service, host))).reached;
      if (other === undefined || more.length > 0) return;
      const ports = yield* listeningPorts(other, port);
      if (ports.length === 0 || ports.some((p) => p.port === port)) return;
      yield claim({
        breaks: other.nodes.reachable,
        at,
        title: `${service.name} asks ${other.name} on port ${port}; ${ports.map((p) => p.text).join(', ')}`,
        subject: `${host}:${port}`,
        because: [{ kind: 'line', at, text }],
      });
    });
  },
});
