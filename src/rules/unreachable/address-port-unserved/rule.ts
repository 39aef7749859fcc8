import { each, know } from '../../../facts/know.ts';
import { addressesOf, resolveName } from '../../addresses.ts';
import { listeningPorts } from '../../listening-ports.ts';
import { claim, rule } from '../../rule.ts';

export default rule({
  on: 'service',
  severity: 'error',
  summary: 'a service connects to another on a port on which that does not listen',
  why: 'Between services the port of the container counts, not the published one: the connection is refused.',
  remedy: 'Name the port on which the other service listens.',
  proof: 'engine',
  *check(service) {
    const addresses = addressesOf(service).filter((a) => a.port !== undefined && a.host !== service.name);
    yield* each(addresses, function* (address) {
      if (!service.stack.services.some((s) => s.name === address.host)) return;
      const [other, ...more] = (yield* know(resolveName(service, address.host))).reached;
      if (other === undefined || more.length > 0) return;
      const ports = yield* listeningPorts(other, address.port ?? 0);
      if (ports.length === 0 || ports.some((p) => p.port === address.port)) return;
      yield claim({
        breaks: service.nodes.starts,
        at: address.at,
        title: `${service.name} connects to ${other.name} on port ${address.port}; ${ports.map((p) => p.text).join(', ')}`,
        subject: `${address.host}:${address.port}`,
        because: [
          {
            kind: 'compose',
            at: address.at,
            text: `${address.variable} names port ${address.port} of ${address.host}`,
          },
        ],
      });
    });
  },
});
