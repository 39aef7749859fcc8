import { unknown } from '../../../facts/fact.ts';
import { type Ask, each, know } from '../../../facts/know.ts';
import type { ListeningPort, Service } from '../../../model/types.ts';
import { addressesOf, resolveName } from '../../addresses.ts';
import { claim, rule } from '../../rule.ts';

/** Servers whose port only a setting changes, and that open no others. */
const FIXED = new Set(['PostgreSQL', 'MySQL', 'MariaDB', 'MongoDB', 'Redis', 'Valkey']);

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
      const ports = yield* portsOf(other, address.port ?? 0);
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

/** Where a service listens, as far as that is certain; empty: it is no server. */
function* portsOf(other: Service, asked: number): Generator<Ask, readonly ListeningPort[], unknown> {
  const { server, compose } = other;
  if (server === undefined) {
    const ports = yield* know(other.listens);
    const process = yield* know(other.process);
    if (process.command[0] === 'nginx') return ports;
    const application = yield* know(other.application);
    return application.launch.role === 'web' ? ports : [];
  }
  if (server.ports.some((p) => p.port === asked)) return [];
  const told = compose.command !== undefined || compose.entrypoint !== undefined;
  const set = [...other.env].some(([name, v]) => v.origin !== 'image' && /PORT|LISTEN|ADDR|CONFIG/.test(name));
  const mounted = compose.volumes.some((m) => !m.target.fact.known || /^\/etc\/|conf/.test(m.target.fact.value));
  if (!FIXED.has(server.name) || told || set || mounted)
    yield* know(unknown(`settings of ${other.name} may say where it listens`));
  return server.ports.map((p) => ({ port: p.port, text: `${server.name} listens on ${p.port}` }));
}
