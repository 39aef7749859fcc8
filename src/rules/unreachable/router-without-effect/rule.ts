import { type Ask, each, know } from '../../../facts/know.ts';
import type { Service } from '../../../model/types.ts';
import type { Place } from '../../../text/place.ts';
import { resolveName } from '../../addresses.ts';
import { listeningPorts } from '../../listening-ports.ts';
import { claim, rule } from '../../rule.ts';
import { routesBehind, servesBelow } from '../../served-below.ts';
import { type TraefikLabel, type TraefikOptions, traefikLabels, traefikOf, traefikOptions } from '../../traefik.ts';

export default rule({
  on: 'service',
  severity: 'error',
  summary: 'labels for Traefik that lead nobody to the service',
  why: 'Traefik leaves out a router whose entry point, certificate resolver or middleware it does not know, and a container that is not enabled; to a port on which nobody listens it answers 502, over networks that are not shared 504. It says so only in its log.',
  remedy: 'Use the names that the options of Traefik define, enable the container, and name the port of the process.',
  proof: 'none',
  *check(service) {
    const labels = traefikLabels(service);
    const gateway = traefikOf(service.stack);
    if (gateway === undefined || gateway === service || labels.length === 0) return;
    const options = yield* know(traefikOptions(gateway));
    if (!options.docker || labels.some((l) => l.key === 'traefik.enable' && !/^true$/i.test(l.value))) return;
    const faults = [
      ...faultsOfOptions(labels, options, service),
      (): Faults => portFault(service, labels),
      (): Faults => networkFault(service, gateway, labels),
      (): Faults => pathFault(service, labels),
    ];
    yield* each(faults, function* (find) {
      const fault = typeof find === 'function' ? yield* find() : find;
      if (fault === undefined) return;
      yield claim({
        breaks: service.nodes.reachable,
        at: fault.at,
        title: `Traefik ${fault.what ?? 'leads nobody to'} ${service.name}: ${fault.text}`,
        subject: `${service.name} ${fault.subject}`,
        because: [
          { kind: 'compose', at: fault.at, text: fault.text },
          { kind: 'compose', at: fault.there ?? options.at, text: fault.why },
        ],
      });
    });
  },
});

interface Fault {
  readonly at: Place;
  /** When it is not that nobody is led there. */
  readonly what?: string;
  readonly text: string;
  readonly subject: string;
  readonly why: string;
  readonly there?: Place;
}
type Faults = Generator<Ask, Fault | undefined, unknown>;

const ROUTER = /^traefik\.http\.routers\.([^.]+)\.(.+)$/;

/** What the options of Traefik make of the labels. */
function faultsOfOptions(labels: readonly TraefikLabel[], options: TraefikOptions, service: Service): readonly Fault[] {
  const routers = labels.filter((l) => ROUTER.test(l.key));
  const [first] = routers;
  if (first !== undefined && !options.exposedByDefault && !labels.some((l) => l.key === 'traefik.enable'))
    return [
      { at: first.at, text: 'nothing says traefik.enable=true', subject: 'enable', why: 'exposedbydefault is false' },
    ];
  const [old] = labels.filter((l) => /^traefik\.(?:frontend|backend|port)\b/.test(l.key));
  if (first === undefined && old !== undefined && options.major !== undefined && options.major >= 2)
    return [
      {
        at: old.at,
        text: `${old.key} is a label of Traefik 1`,
        subject: old.key,
        why: `Traefik ${options.major} reads traefik.http.routers and traefik.http.services`,
      },
    ];
  return routers.flatMap(({ key, value, at }): readonly Fault[] => {
    const what = ROUTER.exec(key)?.[2];
    const names = value.split(',').map((name) => name.trim());
    if (what === 'entrypoints')
      return names
        .filter((name) => name !== '' && !options.entryPoints.has(name.toLowerCase()))
        .map((name) => ({
          at,
          text: `there is no entry point ${name}`,
          subject: `entry point ${name}`,
          why: `the entry points are ${[...options.entryPoints].join(', ')}`,
        }));
    if (what === 'tls.certresolver' && value !== '' && !options.resolvers.has(value.toLowerCase()))
      return [
        {
          at,
          what: 'has no certificate of its own for',
          text: `there is no certificate resolver ${value}`,
          subject: `resolver ${value}`,
          why:
            options.resolvers.size === 0
              ? 'no certificate resolver is set up'
              : `the resolvers are ${[...options.resolvers].join(', ')}`,
        },
      ];
    if (what !== 'middlewares' || options.files) return [];
    return names
      .filter(
        (name) =>
          name !== '' &&
          (!name.includes('@') || name.endsWith('@docker')) &&
          !isDefined(service, name.replace(/@docker$/, '')),
      )
      .map((name) => ({
        at,
        text: `there is no middleware ${name}`,
        subject: `middleware ${name}`,
        why: 'no label defines it',
      }));
  });
}

/** Whether any container or file of the repository defines a middleware. */
function isDefined({ stack }: Service, name: string): boolean {
  const sign = `middlewares.${name}.`.toLowerCase();
  return stack.repo
    .files()
    .some(
      (file) =>
        /\.(?:ya?ml|toml|env|example)$/.test(file) && (stack.repo.text(file) ?? '').toLowerCase().includes(sign),
    );
}

function* portFault(service: Service, labels: readonly TraefikLabel[]): Faults {
  const label = labels.find((l) => /^traefik\.http\.services\.[^.]+\.loadbalancer\.server\.port$/.test(l.key));
  const port = Number(label?.value);
  if (label === undefined || !Number.isInteger(port)) return undefined;
  const ports = yield* listeningPorts(service, port);
  if (ports.length === 0 || ports.some((p) => p.port === port)) return undefined;
  return {
    at: label.at,
    text: `it asks port ${port}`,
    subject: `port ${port}`,
    why: ports.map((p) => p.text).join(', '),
    there: service.at,
  };
}

function* networkFault(service: Service, gateway: Service, labels: readonly TraefikLabel[]): Faults {
  const router = labels.find((l) => ROUTER.test(l.key));
  if (router === undefined || service.compose.networkMode !== undefined) return undefined;
  const { reached, apart } = yield* know(resolveName(gateway, service.name));
  if (reached.length > 0 || !apart.includes(service)) return undefined;
  return {
    at: router.at,
    text: `${gateway.name} shares no network with it`,
    subject: 'network',
    why: `${gateway.name} is on ${gateway.compose.networks.map((n) => n.name).join(', ')}`,
    there: gateway.at,
  };
}

/** A rule that hands on a prefix that no route of the application has. */
function* pathFault(service: Service, labels: readonly TraefikLabel[]): Faults {
  const rules = labels.filter((l) => ROUTER.exec(l.key)?.[2] === 'rule' && !l.value.includes('||'));
  for (const { key, value, at } of rules) {
    const router = ROUTER.exec(key)?.[1];
    const prefix = /PathPrefix\(\s*[`"'](\/[^`"',]+)[`"']\s*\)/i.exec(value)?.[1];
    if (prefix === undefined || /!\s*PathPrefix/i.test(value)) continue;
    if (labels.some((l) => l.key === `traefik.http.routers.${router}.middlewares`)) continue;
    if (/^\/(?:ws|socket\.io|static|media|_next|graphql)/.test(prefix) || service.target === undefined) continue;
    const table = yield* routesBehind(service);
    const [route] = table.routes.filter((r) => r.kind === 'http');
    if (route === undefined || (yield* know(servesBelow(table, prefix)))) continue;
    return {
      at,
      text: `${prefix} arrives unchanged, and no route of the application begins so`,
      subject: prefix,
      why: `the application serves ${route.method} ${route.path}`,
      there: route.at,
    };
  }
  return undefined;
}
