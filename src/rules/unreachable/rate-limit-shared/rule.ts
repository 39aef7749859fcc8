import { type Ask, know } from '../../../facts/know.ts';
import type { Service } from '../../../model/types.ts';
import type { Place } from '../../../text/place.ts';
import { loadedValues } from '../../env-file-addresses.ts';
import { passedHosts } from '../../passed-host.ts';
import { claim, rule } from '../../rule.ts';
import { literally } from '../../speaks-of.ts';

export default rule({
  on: 'service',
  severity: 'warning',
  summary: 'a rate limit counts the proxy instead of the visitors',
  why: 'Behind a proxy every request comes from the address of its container. An application that does not believe the proxy counts them all together: a few busy visitors use up the limit, and everybody gets 429.',
  remedy:
    "Let the application believe the one proxy in front of it (`app.set('trust proxy', 1)`, `--forwarded-allow-ips` with its address), and let the proxy set X-Forwarded-For.",
  proof: 'none',
  *check(service) {
    if (service.target === undefined || service.stack.services.length < 2) return;
    if (!service.application.known && !declaresLimit(service)) return;
    const application = yield* know(service.application);
    const [limit] = application.addressLimits;
    if (limit === undefined) return;
    const front = (yield* webServerBefore(service)) ?? (yield* gatewayBefore(service));
    if (front === undefined) return;
    yield claim({
      breaks: service.nodes.reachable,
      at: limit.at,
      title: `${limit.by} of ${service.name} counts ${front.name}, which all requests come from: all visitors share one limit`,
      subject: `${service.name} ${limit.by}`,
      because: [
        {
          kind: 'source',
          at: limit.at,
          text: 'it counts by the address that connects, and nothing in the code believes the header of a proxy',
        },
        { kind: 'line', at: front.at, text: front.text },
      ],
    });
  },
});

/** A manifest of what is built names a library that limits. */
function declaresLimit({ target, stack: { repo } }: Service): boolean {
  const folder = target === undefined || ['', '.'].includes(target.contextDir) ? '' : `${target.contextDir}/`;
  return ['package.json', 'requirements.txt', 'pyproject.toml'].some((name) =>
    /rate-limit|slowapi|flask-limiter|nestjs\/throttler/i.test(repo.text(`${folder}${name}`) ?? ''),
  );
}

interface Front {
  readonly name: string;
  readonly at: Place;
  readonly text: string;
}

function* webServerBefore(service: Service): Generator<Ask, Front | undefined, unknown> {
  for (const other of service.stack.services) {
    if (other === service || !other.process.known || other.process.value.command[0] !== 'nginx') continue;
    const web = other.compose.ports.length === 0 ? other.webServer : yield* known(other);
    const passed = web.known ? passedHosts(web.value, other).find((one) => one.other === service) : undefined;
    if (passed !== undefined) return { name: other.name, at: passed.at, text: passed.text };
  }
  return undefined;
}

function* known(other: Service): Generator<Ask, Service['webServer'], unknown> {
  yield* know(other.webServer);
  return other.webServer;
}

const PROXIES = ['http-proxy-middleware', 'express-http-proxy', 'http-proxy', '@fastify/http-proxy', 'fast-gateway'];

/** Another application that hands requests on, to one that is not published and that it names. */
function* gatewayBefore(service: Service): Generator<Ask, Front | undefined, unknown> {
  if (service.compose.ports.length > 0 || service.compose.networkMode !== undefined) return undefined;
  for (const other of service.stack.services) {
    if (other === service || other.target === undefined || other.compose.ports.length === 0) continue;
    if (!other.application.known) continue;
    const { loads, environment } = other.application.value;
    const by = loads.known ? PROXIES.find((name) => loads.value.has(name)) : undefined;
    if (by === undefined) continue;
    const ports = yield* know(service.listens);
    const values = [
      ...[...other.env.values()].map(({ value }) => (value.known ? value.value : '')),
      ...(loadedValues(other, other.application.value) ?? []).map(({ value }) => value),
      ...environment.reads.map(({ fallback }) => (fallback.known ? (fallback.value ?? '') : '')),
    ];
    const local = ports.map(({ port }) => `localhost:${port}\\b`);
    const named = new RegExp(`//(?:${[`${literally(service.name)}(?![\\w-])`, ...local].join('|')})`);
    if (values.some((value) => named.test(value)))
      return { name: other.name, at: other.at, text: `${other.name} hands requests on with ${by}` };
  }
  return undefined;
}
