import { unknown } from '../../../facts/fact.ts';
import { each, know } from '../../../facts/know.ts';
import { environmentGap } from '../../../model/effective.ts';
import { isLoopback } from '../../../model/health-request.ts';
import type { Service } from '../../../model/types.ts';
import type { ProcessSource } from '../../../source/source.ts';
import { type Address, addressesOf, addressOf, SERVER_SCHEMES } from '../../addresses.ts';
import { type LoadedValue, loadedValues } from '../../env-file-addresses.ts';
import { fallbackAddresses, isTold } from '../../fallback-addresses.ts';
import { type LocalRequest, localRequest, localValues } from '../../local-requests.ts';
import { ownServer } from '../../own-server.ts';
import { readByCode } from '../../read-by-code.ts';
import { type Check, claim, rule } from '../../rule.ts';

const PROGRAMS: Readonly<Record<string, string>> = {
  PostgreSQL: 'postgres',
  MySQL: 'mysqld',
  MariaDB: 'mariadbd',
  MongoDB: 'mongod',
  Redis: 'redis-server',
  Valkey: 'valkey-server',
  RabbitMQ: 'rabbitmq-server',
};

export default rule({
  on: 'service',
  severity: 'error',
  summary: 'localhost is meant to be another service',
  why: 'In a container localhost is the container itself, where no such server runs: the connection is refused.',
  remedy: 'Name the service.',
  proof: 'engine',
  *check(service) {
    if (service.compose.networkMode !== undefined || service.server !== undefined) return;
    yield* each(addressesOf(service), (address) => accuse(service, address, false));
    if (service.target === undefined || service.stack.services.length < 2) return;
    if (!service.application.known && !service.stack.services.some(isProgram) && !namesLocal(service)) return;
    const application = yield* know(service.application);
    const loaded = loadedValues(service, application);
    yield* requests(service, application, loaded);
    if (!service.stack.services.some(isProgram)) return;
    const filed = (loaded ?? []).flatMap(({ variable, value, at }) => addressOf(variable, value, at) ?? []);
    yield* each(filed, function* (address) {
      if (!isLoopback(address.host) || meantBy(service, address) === undefined) return;
      yield* know(service.startScripts);
      yield* accuse(service, address, false);
    });
    const given = new Set(loaded?.map(({ variable }) => variable));
    const fallbacks = fallbackAddresses(service, application).filter(
      (a) => isLoopback(a.host) && !given.has(a.variable),
    );
    yield* each(fallbacks, function* (address) {
      const other = meantBy(service, address);
      if (other === undefined || isTold(service, other)) return;
      const gap = environmentGap(service.image, service.compose);
      if (gap !== undefined) yield* know(unknown(gap));
      // A file that is not there may be made by hand; one that lies in the image says all it says.
      if (application.environment.files.length > 0 && given.size === 0)
        yield* know(unknown(`the application may load ${address.variable} from a file`));
      yield* know(service.startScripts);
      yield* accuse(service, address, true);
    });
  },
});

function* accuse(service: Service, address: Address, fallback: boolean): Check {
  if (!isLoopback(address.host) || (address.scheme !== undefined && !SERVER_SCHEMES.has(address.scheme))) return;
  const other = meantBy(service, address);
  if (other?.server === undefined) return;
  if (!(yield* know(readByCode(service, address.variable)))) return;
  const image = yield* know(service.image);
  if (yield* know(ownServer(image, PROGRAMS[other.server.name] ?? ''))) return;
  yield claim({
    breaks: service.nodes.starts,
    at: address.at,
    title: fallback
      ? `nothing sets ${address.variable} of ${service.name}: its default is ${address.host}, and ${other.server.name} runs in ${other.name}`
      : `${address.variable} of ${service.name} names ${address.host}; ${other.server.name} runs in ${other.name}`,
    subject: address.variable,
    because: [
      {
        kind: fallback ? 'source' : 'compose',
        at: address.at,
        text: `${address.variable} ${fallback ? 'has the default' : 'names'} ${address.host}, which is ${service.name} itself`,
      },
      { kind: 'compose', at: other.at, text: `${other.server.name} is the service ${other.name}` },
    ],
  });
}

/** HTTP services that the application asks on localhost: one finding for all of them. */
function* requests(service: Service, application: ProcessSource, loaded: readonly LoadedValue[] | undefined): Check {
  const found: LocalRequest[] = [];
  yield* each(localValues(service, application, loaded), function* (value) {
    const one = yield* localRequest(service, application, value);
    if (one !== undefined) found.push(one);
  });
  const [first, ...more] = found;
  if (first === undefined) return;
  const others = more.length === 0 ? '' : ` (and ${more.map(({ variable }) => variable).join(', ')})`;
  yield claim({
    breaks: service.nodes.reachable,
    at: first.at,
    title: `${first.variable}${others} of ${service.name} ${first.said} ${first.address}, which is ${service.name} itself; ${first.meant.name} is meant`,
    subject: found.map(({ variable }) => variable).join(' '),
    because: found.flatMap(({ variable, address, at, meant, said }) => [
      { kind: 'source' as const, at, text: `${variable} ${said} ${address}, and the code sends requests there` },
      { kind: 'compose' as const, at: meant.at, text: `${meant.name} is another container` },
    ]),
  });
}

function namesLocal(service: Service): boolean {
  return [...service.env.values()].some(({ value }) => value.known && /\/\/(?:localhost|127\.)/.test(value.value));
}

function isProgram({ server }: Service): boolean {
  return server !== undefined && PROGRAMS[server.name] !== undefined;
}

/** The service whose server an address on localhost is meant for. */
function meantBy(service: Service, address: Address): Service | undefined {
  const found = service.stack.services.filter(
    (s) => s !== service && isProgram(s) && s.compose.networkMode === undefined && meant(address, s),
  );
  return address.scheme !== undefined || address.port !== undefined || found.length === 1 ? found[0] : undefined;
}

const DEFAULT_PORTS: Readonly<Record<string, number>> = {
  postgres: 5432,
  postgresql: 5432,
  mysql: 3306,
  mariadb: 3306,
  mongodb: 27017,
  redis: 6379,
  amqp: 5672,
};

/** What the name of a host variable says of the server. */
const NAMED: readonly (readonly [RegExp, RegExp])[] = [
  [/REDIS|VALKEY/i, /^(?:Redis|Valkey)$/],
  [/MONGO/i, /^MongoDB$/],
  [/MYSQL|MARIADB/i, /^(?:MySQL|MariaDB)$/],
  [/POSTGRES|PG/i, /^PostgreSQL$/],
  [/RABBIT|AMQP/i, /^RabbitMQ$/],
  [/DB|DATABASE/i, /^(?:PostgreSQL|MySQL|MariaDB|MongoDB)$/],
];

function meant({ scheme, port: written, variable }: Address, { server }: Service): boolean {
  const port = written ?? DEFAULT_PORTS[scheme ?? ''];
  if (server === undefined) return false;
  if (port !== undefined) return server.ports.some((p) => p.port === port);
  return scheme === undefined && NAMED.find(([name]) => name.test(variable))?.[1].test(server.name) === true;
}
