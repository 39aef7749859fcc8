import { type Ask, know } from '../../../facts/know.ts';
import type { Service } from '../../../model/types.ts';
import { named } from '../../../nginx/parse.ts';
import type { NginxServer } from '../../../nginx/server.ts';
import type { Place } from '../../../text/place.ts';
import { deployed } from '../../deployed.ts';
import { passedHosts } from '../../passed-host.ts';
import { isLocal } from '../../published.ts';
import { claim, rule } from '../../rule.ts';

export default rule({
  on: 'stack',
  severity: 'note',
  summary: 'a service behind the web server is published beside it',
  why: 'A published port answers on every address of the host, past its firewall rules for containers: whoever asks it reaches the application without TLS, headers and limits of the web server.',
  remedy: 'Leave `ports` out (containers of one network reach each other without it), or bind it to 127.0.0.1.',
  proof: 'none',
  *check(stack) {
    const production = deployed(stack);
    if (production === undefined) return;
    const found = new Map<Service, Past>();
    for (const web of stack.services)
      for (const past of yield* pastOf(web)) if (!found.has(past.service)) found.set(past.service, past);
    const [first] = found.values();
    if (first === undefined) return;
    const all = [...found.values()];
    yield claim({
      breaks: first.service.nodes.reachable,
      at: first.at,
      title: `${all.map(({ service, port }) => `${service.name} (${port})`).join(', ')} can be reached past ${first.web.name}, without its ${first.gives}`,
      subject: all.map(({ service }) => service.name).join(' '),
      because: [
        ...all.map(({ at, service }) => ({
          kind: 'compose' as const,
          at,
          text: `${service.name} is published on all addresses of the host`,
        })),
        { kind: 'line', at: first.passed.at, text: `${first.passed.text}: ${first.web.name} is meant to be in front` },
        ...production.because,
      ],
    });
  },
});

interface Past {
  readonly service: Service;
  readonly web: Service;
  readonly port: string;
  readonly at: Place;
  readonly gives: string;
  readonly passed: { readonly at: Place; readonly text: string };
}

/** Services that a published nginx hands requests to and that are published themselves. */
function* pastOf(web: Service): Generator<Ask, readonly Past[], unknown> {
  if (!web.process.known || web.process.value.command[0] !== 'nginx' || !isOpen(web)) return [];
  const others = web.stack.services.filter((other) => other !== web && isOpen(other));
  if (others.length === 0) return [];
  const configuration = yield* know(web.webServer);
  return passedHosts(configuration, web).flatMap((passed): Past[] => {
    const gives = givenBy(passed.server);
    const mapping = openPorts(passed.other)[0];
    if (gives === undefined || mapping === undefined || passed.other.target === undefined) return [];
    const { published, target } = mapping;
    const inner = target.known ? `${target.value}` : 'a port';
    const port = published.known && published.value !== '' ? published.value : `${inner}, at any free port`;
    return [{ service: passed.other, web, port, at: mapping.at, gives, passed }];
  });
}

function openPorts({ compose }: Service) {
  return compose.ports.filter(({ hostIp }) => hostIp.known && !isLocal(hostIp.value));
}

function isOpen(service: Service): boolean {
  return openPorts(service).length > 0;
}

/** What requests get from a server of nginx that they do not get behind it; undefined: nothing that protects. */
function givenBy(server: NginxServer): string | undefined {
  const block = [...(server.directive.block ?? []), ...server.locations.flatMap((l) => l.directive.block ?? [])];
  const has = (name: string): boolean => named(block, name).length > 0;
  if (server.listens.some(({ tls }) => tls)) return 'TLS';
  if (has('auth_basic') || has('auth_request') || has('deny')) return 'access control';
  if (has('limit_req') || has('limit_conn')) return 'limits';
  return named(block, 'add_header').some((d) =>
    /^(?:X-|Strict-|Content-Security|Referrer)/i.test(d.args[0]?.text ?? ''),
  )
    ? 'headers'
    : undefined;
}
