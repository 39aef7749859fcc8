import { type Fact, known, unknown } from '../facts/fact.ts';
import type { Service } from '../model/types.ts';
import { proxiedBy } from './proxied.ts';

const PROXY =
  /nginx|traefik|caddy|haproxy|envoy|kong|apisix|proxy|gateway|ingress|tunnel|cloudflared|varnish|apache|httpd/i;

/** Known: people reach a service by its own published port. Unknown: another server may stand in front of it. */
export function reachedItself(service: Service): Fact<null> {
  const { compose, stack } = service;
  if (compose.ports.length === 0) return unknown(`${service.name} is not published itself`);
  if ([...compose.labels.keys()].some((key) => /traefik|caddy|proxy/i.test(key)))
    return unknown(`labels of ${service.name} are for a server in front of it`);
  for (const other of stack.services) {
    if (other === service) continue;
    const image = other.compose.image?.fact;
    const named = PROXY.test(other.name) || (image?.known === true && PROXY.test(image.value));
    const nginx = other.process.known && other.process.value.command[0] === 'nginx';
    if (!named && !nginx) continue;
    const hosts = proxiedBy(other);
    if (!hosts.known || hosts.value.some((h) => h.host === service.name))
      return unknown(`${other.name} may stand in front of ${service.name}`);
  }
  return known(null);
}
