import { each, know } from '../../../facts/know.ts';
import { isLoopback } from '../../../model/health-request.ts';
import { addressesOf, SERVER_SCHEMES } from '../../addresses.ts';
import { claim, rule } from '../../rule.ts';

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
    const local = addressesOf(service).filter(
      (a) => isLoopback(a.host) && (a.scheme === undefined || SERVER_SCHEMES.has(a.scheme)),
    );
    yield* each(local, function* (address) {
      const other = service.stack.services.find(
        (s) =>
          s !== service &&
          s.server !== undefined &&
          PROGRAMS[s.server.name] !== undefined &&
          meant(
            address,
            s.server.ports.map((p) => p.port),
          ),
      );
      if (other?.server === undefined || other.compose.networkMode !== undefined) return;
      const image = yield* know(service.image);
      const own = yield* know(image.command(PROGRAMS[other.server.name] ?? ''));
      // A package may keep its server off the PATH.
      if (
        own !== 'absent' ||
        image.packages.some((p) => /postgres|mysql|mariadb|mongo|redis|valkey|rabbitmq/.test(p.name))
      )
        return;
      yield claim({
        breaks: service.nodes.starts,
        at: address.at,
        title: `${address.variable} of ${service.name} names ${address.host}; ${other.server.name} runs in ${other.name}`,
        subject: address.variable,
        because: [
          {
            kind: 'compose',
            at: address.at,
            text: `${address.variable} names ${address.host}, which is ${service.name} itself`,
          },
          { kind: 'compose', at: other.at, text: `${other.server.name} is the service ${other.name}` },
        ],
      });
    });
  },
});

const DEFAULT_PORTS: Readonly<Record<string, number>> = {
  postgres: 5432,
  postgresql: 5432,
  mysql: 3306,
  mariadb: 3306,
  mongodb: 27017,
  redis: 6379,
  amqp: 5672,
};

function meant(address: { readonly scheme?: string; readonly port?: number }, ports: readonly number[]): boolean {
  const port = address.port ?? DEFAULT_PORTS[address.scheme ?? ''];
  return port !== undefined && ports.includes(port);
}
