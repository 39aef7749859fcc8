import { unknown } from '../../../facts/fact.ts';
import { each, know } from '../../../facts/know.ts';
import { addressesOf } from '../../addresses.ts';
import { claim, rule } from '../../rule.ts';

/** Names that only the internet's name servers know. */
const PUBLIC =
  /^(?!.*\.(?:local|internal|localdomain|lan|test|example|invalid|localhost|home|corp|docker)$)(?!example\.)[\w-]+(\.[\w-]+)*\.[a-z]{2,}$/i;

/** Variables that name what the process itself asks; others may only be shown to people or browsers. */
const ASKED =
  /(^|_)(API|DSN|ENDPOINT|WEBHOOK|SMTP|S3|OTLP|BROKER|DATABASE|DB|MONGO|REDIS|AMQP|UPSTREAM|BACKEND)(_|$)|_HOST$/i;

export default rule({
  on: 'service',
  severity: 'error',
  summary: 'a service asks the internet and is on internal networks only',
  why: 'An internal network has no way out: no packet leaves it, and names of the internet are not found there.',
  remedy: 'Put the service on a second network that is not internal, or give it a proxy that is on both.',
  proof: 'engine',
  *check(service) {
    const { compose, stack } = service;
    if (compose.networks.length === 0 || compose.networkMode !== undefined) return;
    const networks = compose.networks.map((n) => stack.model.networks.get(n.name));
    if (!networks.some((n) => n?.internal !== undefined)) return;
    for (const network of networks) {
      if (network === undefined || network.external) return;
      if (network.internal === undefined || !(yield* know(network.internal.fact))) return;
    }
    yield* each(addressesOf(service), function* (address) {
      if (!PUBLIC.test(address.host) || !ASKED.test(address.variable)) return;
      if ([...service.env.keys()].some((name) => /^(https?|all)_proxy$/i.test(name))) return;
      if (compose.extraHosts.length + compose.dns.length + compose.links.length > 0)
        yield* know(unknown(`${service.name} is given names of its own`));
      const named = stack.services.some((s) =>
        s.compose.networks.some((n) => n.aliases.some((a) => !a.fact.known || a.fact.value === address.host)),
      );
      if (named) return;
      yield claim({
        breaks: service.nodes.starts,
        at: address.at,
        title: `${service.name} asks ${address.host} (${address.variable}), but its networks have no way out`,
        subject: address.host,
        because: [
          { kind: 'compose', at: address.at, text: `${address.variable} names ${address.host}` },
          ...networks.flatMap((n) =>
            n === undefined ? [] : [{ kind: 'compose' as const, at: n.at, text: `${n.key} is internal` }],
          ),
        ],
      });
    });
  },
});
