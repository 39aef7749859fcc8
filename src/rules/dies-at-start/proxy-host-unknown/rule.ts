import { each, know } from '../../../facts/know.ts';
import { isLoopback } from '../../../model/health-request.ts';
import { resolveName } from '../../addresses.ts';
import { proxiedBy } from '../../proxied.ts';
import { claim, rule } from '../../rule.ts';

export default rule({
  on: 'service',
  severity: 'error',
  summary: 'nginx hands requests to a name that nobody has',
  why: 'nginx looks up every host of its configuration when it starts. A name that the engine\'s name server does not know ends it: "host not found in upstream".',
  remedy: 'Write the name of the service as the compose file has it.',
  proof: 'engine',
  *check(service) {
    if (service.stack.files.length === 0) return;
    const process = service.process;
    if (!process.known || process.value.command[0] !== 'nginx') return;
    const hosts = yield* know(proxiedBy(service));
    yield* each(hosts, function* ({ host, at, text }) {
      if (host.includes('.') || isLoopback(host)) return;
      const answer = yield* know(resolveName(service, host));
      if (answer.reached.length > 0) return;
      const [apart] = answer.apart;
      const names = service.stack.services.map((s) => s.name).filter((name) => name !== service.name);
      yield claim({
        breaks: service.nodes.starts,
        at,
        title: `${service.name} hands requests to ${host}, ${apart === undefined ? 'and no service has that name' : 'which is on no network with it'}: nginx stops`,
        subject: host,
        because: [
          { kind: 'line', at, text },
          {
            kind: 'compose',
            at: apart?.at ?? service.at,
            text:
              apart === undefined
                ? `on its networks are ${names.join(', ') || 'no other services'}`
                : `${apart.name} is on other networks`,
          },
        ],
      });
    });
  },
});
