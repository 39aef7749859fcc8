import { each, know } from '../../../facts/know.ts';
import { isLoopback } from '../../../model/health-request.ts';
import { addressesOf, resolveName } from '../../addresses.ts';
import { claim, rule } from '../../rule.ts';

export default rule({
  on: 'service',
  severity: 'error',
  summary: 'a service is told to connect to a name that nobody has',
  why: 'The engine\'s name server knows the services of a stack by their names, container names and aliases. Any other name without a dot is not found: "could not translate host name".',
  remedy: 'Use the name of the service as the compose file has it.',
  proof: 'engine',
  *check(service) {
    const addresses = addressesOf(service).filter(
      (a) => !a.host.includes('.') && !a.host.startsWith('[') && !isLoopback(a.host) && !/^\d+$/.test(a.host),
    );
    yield* each(addresses, function* (address) {
      const answer = yield* know(resolveName(service, address.host));
      if (answer.reached.length > 0 || answer.apart.length > 0) return;
      const names = service.stack.services.map((s) => s.name).filter((name) => name !== service.name);
      const near = names.find((name) => name.includes(address.host) || address.host.includes(name));
      yield claim({
        breaks: service.nodes.starts,
        at: address.at,
        title: `${service.name} connects to ${address.host} (${address.variable}), and no service has that name`,
        subject: address.host,
        because: [
          { kind: 'compose', at: address.at, text: `${address.variable} names the host ${address.host}` },
          {
            kind: 'compose',
            at: service.at,
            text: `on its networks are ${names.join(', ') || 'no other services'}${near === undefined ? '' : `; perhaps ${near} is meant`}`,
          },
        ],
      });
    });
  },
});
