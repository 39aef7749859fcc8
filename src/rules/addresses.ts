import { type Fact, known, unknown } from '../facts/fact.ts';
import type { Service } from '../model/types.ts';
import type { Place } from '../text/place.ts';

/** A server that a variable of a service names. */
export interface Address {
  /** The variable. */
  readonly variable: string;
  readonly at: Place;
  /** Of a URL, without `+driver`; absent for a plain host name. */
  readonly scheme?: string;
  readonly host: string;
  readonly port?: number;
}

const URL_VALUE =
  /^([a-z][a-z0-9]*)(?:\+[a-z0-9_]+)*:\/\/(?:[^@/\s]*@)?([A-Za-z0-9_][A-Za-z0-9_.-]*|\[[0-9a-f:]+\])(?::(\d{1,5}))?(?:[/?#]\S*)?$/i;
const HOST_VARIABLE =
  /^(?:\w*_)?(?:DB|DATABASE|POSTGRES|POSTGRESQL|PG|MYSQL|MARIADB|MONGO|MONGODB|REDIS|VALKEY|RABBITMQ|AMQP|MEMCACHED|ELASTICSEARCH)_?HOST(?:NAME)?$/;
/** Addresses that a browser uses, or that only say where the world finds the service. */
export const FOR_BROWSERS =
  /^(?:VITE_|NEXT_PUBLIC_|REACT_APP_|VUE_APP_|NUXT_PUBLIC_|PUBLIC_)|CORS|ORIGIN|ALLOWED|TRUSTED|FRONTEND|SITE_?URL|BASE_?URL|ROOT_?URL|PUBLIC|EXTERNAL|REDIRECT|CALLBACK|DOMAIN|APP_?URL|SERVER_?URL|PROXY/i;
/** Protocols that no browser speaks. */
export const SERVER_SCHEMES: ReadonlySet<string> = new Set([
  'postgres',
  'postgresql',
  'psql',
  'mysql',
  'mariadb',
  'mongodb',
  'redis',
  'rediss',
  'amqp',
  'amqps',
  'nats',
  'memcached',
]);

/** Addresses in the variables that compose gives a service, as far as they are written out. */
export function addressesOf(service: Service): readonly Address[] {
  return [...service.env].flatMap(([variable, { value, at, origin }]): Address[] => {
    if (origin === 'image' || at === undefined || !value.known) return [];
    const found = addressOf(variable, value.value, at);
    if (found === undefined) return plainAddresses(service, variable, value.value, at);
    if (found.scheme !== undefined) return [found];
    const number = service.env.get(variable.replace(/HOST(NAME)?$/, 'PORT'))?.value;
    return [number?.known === true && /^\d+$/.test(number.value) ? { ...found, port: Number(number.value) } : found];
  });
}

/** `kafka-1:9092,kafka-2:9092`: hosts with ports, where they are services of the stack. */
function plainAddresses(service: Service, variable: string, value: string, at: Place): Address[] {
  const parts = value.split(',').map((part) => /^\s*([A-Za-z0-9_][\w.-]*):(\d{2,5})\s*$/.exec(part));
  return parts.flatMap((part): Address[] => {
    const [, host = '', port] = part ?? [];
    const named =
      parts.every((p) => p !== null) && service.stack.services.some((s) => s !== service && s.name === host);
    return named ? [{ variable, at, host, port: Number(port) }] : [];
  });
}

/** The server that a value of a variable names; undefined: none. */
export function addressOf(variable: string, value: string, at: Place): Address | undefined {
  const [, scheme, host = '', port] = URL_VALUE.exec(value) ?? [];
  if (scheme !== undefined) {
    const plain = scheme.toLowerCase();
    if (!SERVER_SCHEMES.has(plain) && (!/^https?$/.test(plain) || FOR_BROWSERS.test(variable))) return undefined;
    return { variable, at, scheme: plain, host, ...(port === undefined ? {} : { port: Number(port) }) };
  }
  return HOST_VARIABLE.test(variable) && /^[A-Za-z0-9_][A-Za-z0-9_.-]*$/.test(value)
    ? { variable, at, host: value }
    : undefined;
}

/** Who answers to a name for a service: services on a network with it, and services of that name that it shares none with. */
export interface Answer {
  readonly reached: readonly Service[];
  readonly apart: readonly Service[];
}

/** Resolves a name as the engine's DNS does for a container. Unknown where another file, a foreign network or an option of the
 * service may bring the name. */
export function resolveName(from: Service, host: string): Fact<Answer> {
  const { compose, stack } = from;
  if (compose.networkMode !== undefined) return unknown(`${from.name} has a network mode of its own`);
  if (stack.model.gaps.length > 0) return unknown(stack.model.gaps[0]?.text ?? 'the compose files are not complete');
  if (compose.dns.length > 0) return unknown(`${from.name} asks another name server`);
  if ([...compose.extraHosts, ...compose.links].some((f) => !f.fact.known || f.fact.value.includes(host)))
    return unknown(`${from.name} is given names of its own`);
  const reached: Service[] = [];
  const apart: Service[] = [];
  for (const other of stack.services) {
    if (other === from && !namedHere(other, host)) continue;
    const named = namedHere(other, host);
    const shared = other.compose.networks.filter((n) => compose.networks.some((own) => own.name === n.name));
    const alias = other.compose.networks.filter((n) => n.aliases.some((a) => a.fact.known && a.fact.value === host));
    // Whatever a container of other networks is called, it does not answer here.
    const near = shared.length > 0 || other.compose.networkMode !== undefined;
    if (near && other.compose.networks.some((n) => n.aliases.some((a) => !a.fact.known)))
      return unknown(`an alias of ${other.name} is not known`);
    if (near && other.compose.containerName?.fact.known === false)
      return unknown(`the container name of ${other.name} is not known`);
    if (
      near &&
      (other.compose.hostname?.fact.known !== true
        ? other.compose.hostname !== undefined
        : other.compose.hostname.fact.value === host && !named)
    )
      return unknown(`${other.name} has the host name ${host}`);
    if (!named && alias.length === 0) continue;
    if (other.compose.networkMode !== undefined) return unknown(`${other.name} has a network mode of its own`);
    const met = named ? shared : alias.filter((n) => compose.networks.some((own) => own.name === n.name));
    (met.length > 0 || other === from ? reached : apart).push(other);
  }
  if (reached.length > 0) return known({ reached, apart });
  const foreign = compose.networks.find((n) => stack.model.networks.get(n.name)?.external !== false);
  if (foreign !== undefined) return unknown(`who else is on the network ${foreign.name} is not known`);
  if (apart.length === 0) {
    const file = otherFile(from, host);
    if (file !== undefined) return unknown(`${file} may bring ${host}`);
  }
  return known({ reached, apart });
}

function namedHere(service: Service, host: string): boolean {
  const own = service.compose.containerName?.fact;
  return service.name === host || (own?.known === true && own.value === host);
}

/** Another YAML file that speaks of a service or container of this name. */
function otherFile(from: Service, host: string): string | undefined {
  const { repo, model } = from.stack;
  const name = host.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const key = new RegExp(`^\\s+["']?${name}["']?:\\s*(#.*)?$`, 'm');
  const word = new RegExp(`\\b${name}\\b`);
  const inactive = [...model.services.keys()].find((key) => key === host);
  if (inactive !== undefined) return `the profile of ${inactive}`;
  return repo.files().find((file) => {
    if (!/\.ya?ml$/.test(file) || model.loaded.includes(file)) return false;
    const text = repo.text(file) ?? '';
    return key.test(text) || (/compose|docker|stack|swarm/i.test(file) && word.test(text));
  });
}
