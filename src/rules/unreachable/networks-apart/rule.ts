import { each, know } from '../../../facts/know.ts';
import { addressesOf, resolveName } from '../../addresses.ts';
import { claim, rule } from '../../rule.ts';

export default rule({
  on: 'service',
  severity: 'error',
  summary: 'a service connects to one with which it shares no network',
  why: 'Names are known and packets travel only inside a network. To a service of another network the name does not exist.',
  remedy: 'Put both on one network.',
  proof: 'engine',
  *check(service) {
    yield* each(addressesOf(service), function* (address) {
      const named = service.stack.services.find((s) => s.name === address.host);
      if (named === undefined || named === service) return;
      const answer = yield* know(resolveName(service, address.host));
      const [other] = answer.apart;
      if (answer.reached.length > 0 || other === undefined) return;
      const networks = (s: typeof service): string => s.compose.networks.map((n) => n.name).join(', ') || 'none';
      yield claim({
        breaks: service.nodes.starts,
        at: address.at,
        title: `${service.name} connects to ${other.name} (${address.variable}), but they share no network`,
        subject: other.name,
        because: [
          { kind: 'compose', at: address.at, text: `${address.variable} names the host ${address.host}` },
          {
            kind: 'compose',
            at: service.compose.networks[0]?.at ?? service.at,
            text: `${service.name} is on ${networks(service)}`,
          },
          {
            kind: 'compose',
            at: other.compose.networks[0]?.at ?? other.at,
            text: `${other.name} is on ${networks(other)}`,
          },
        ],
      });
    });
  },
});
