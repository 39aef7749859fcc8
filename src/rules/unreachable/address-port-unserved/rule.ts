import { unknown } from '../../../facts/fact.ts';
import { each, know } from '../../../facts/know.ts';
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
    yield* each(
      addressesOf(service).filter((a) => a.port !== undefined && a.host !== service.name),
      function* (address) {
        const named = service.stack.services.find((s) => s.name === address.host);
        if (named === undefined) return;
        const [other, ...more] = (yield* know(resolveName(service, address.host))).reached;
        if (other === undefined || more.length > 0) return;
        const { server } = other;
        if (server?.ports.some((p) => p.port === address.port) === true) return;
        const told = other.compose.command !== undefined || other.compose.entrypoint !== undefined;
        const settings = [...other.env.keys()].some((name) => /PORT|LISTEN|ADDR|CONFIG/.test(name));
        const mounted = other.compose.volumes.some(
          (m) => m.target.fact.known && /^\/etc\/|conf/.test(m.target.fact.value),
        );
        if (
          server !== undefined &&
          (!FIXED.has(server.name) || told || settings || mounted || server.ports.length === 0)
        )
          yield* know(unknown(`settings of ${other.name} may say where it listens`));
        const ports =
          server === undefined
            ? yield* know(other.listens)
            : server.ports.map((p) => ({ port: p.port, text: `${server.name} listens on ${p.port}` }));
        if (server === undefined) {
          const application = yield* know(other.application);
          if ((yield* know(other.process)).command[0] !== 'nginx' && application.launch.role !== 'web') return;
        }
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
      },
    );
  },
});
