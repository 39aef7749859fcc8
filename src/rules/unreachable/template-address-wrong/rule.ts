import { unknown } from '../../../facts/fact.ts';
import { type Ask, each, know } from '../../../facts/know.ts';
import { isLoopback } from '../../../model/health-request.ts';
import type { Service } from '../../../model/types.ts';
import { type Address, addressOf, resolveName, SERVER_SCHEMES } from '../../addresses.ts';
import { ownServer } from '../../own-server.ts';
import { claim, rule } from '../../rule.ts';
import { remarkBeside, type TemplateEntry, templateEntries } from '../../template-entries.ts';

const PROGRAMS: Readonly<Record<string, readonly [string, RegExp]>> = {
  PostgreSQL: ['postgres', /^postgres(?:ql)?$|POSTGRES|PG|^DB|DATABASE/],
  MySQL: ['mysqld', /^(?:mysql|mariadb)$|MYSQL|MARIADB|^DB|DATABASE/],
  MariaDB: ['mariadbd', /^(?:mysql|mariadb)$|MYSQL|MARIADB|^DB|DATABASE/],
  MongoDB: ['mongod', /^mongodb$|MONGO/],
  Redis: ['redis-server', /^redis$|REDIS/],
  Valkey: ['valkey-server', /^(?:redis|valkey)$|REDIS|VALKEY/],
  RabbitMQ: ['rabbitmq-server', /^amqp$|RABBIT|AMQP/],
};

export default rule({
  on: 'service',
  severity: 'warning',
  summary: 'the template of an env file names a server that containers do not find there',
  why: 'Whoever follows the documents copies the template. In a container localhost is the container itself, and only names of services are found: with the copied values the application does not reach its database.',
  remedy: 'Write the name of the service in the template, or set the variable in the compose file.',
  proof: 'none',
  *check(service) {
    if (service.target === undefined || service.server !== undefined || service.stack.files.length === 0) return;
    if (service.compose.networkMode !== undefined) return;
    yield* each(templateEntries(service), function* (entry) {
      const address = addressOf(entry.name, entry.value, entry.at);
      if (address === undefined || (address.scheme !== undefined && !SERVER_SCHEMES.has(address.scheme))) return;
      const lost = yield* whyLost(service, address);
      if (lost === undefined) return;
      if (remarkBeside(service, entry)) yield* know(unknown(`${entry.at.file} says more beside ${entry.name}`));
      if (!(yield* isRead(service, entry))) return;
      yield claim({
        breaks: service.nodes.starts,
        at: entry.at,
        title: `${entry.at.file} names ${address.host} as the server of ${entry.name}: ${lost.text}`,
        subject: entry.name,
        because: [
          {
            kind: 'compose',
            at: entry.at,
            text: `${entry.name} names ${address.host} for everyone who copies the template`,
          },
          { kind: 'compose', at: lost.at, text: lost.why },
        ],
      });
    });
  },
});

interface Lost {
  readonly text: string;
  readonly at: Service['at'];
  readonly why: string;
}

function* whyLost(service: Service, address: Address): Generator<Ask, Lost | undefined, unknown> {
  const { host, scheme, variable } = address;
  if (!isLoopback(host)) {
    if (host.includes('.') || host.startsWith('[') || /^\d+$/.test(host)) return undefined;
    const { reached, apart } = yield* know(resolveName(service, host));
    if (reached.length > 0 || apart.length > 0) return undefined;
    const names = service.stack.services.filter((s) => s !== service).map((s) => s.name);
    return {
      text: 'no service has that name',
      at: service.at,
      why: `beside ${service.name} there are ${names.join(', ') || 'no services'}`,
    };
  }
  const word = scheme ?? variable;
  const other = service.stack.services.find(
    (s) => s !== service && PROGRAMS[s.server?.name ?? '']?.[1].test(word) === true,
  );
  const name = other?.server?.name ?? '';
  if (other === undefined || other.compose.networkMode !== undefined) return undefined;
  const image = yield* know(service.image);
  if (yield* know(ownServer(image, PROGRAMS[name]?.[0] ?? ''))) return undefined;
  return {
    text: `in a container that is the container itself, and ${name} runs in ${other.name}`,
    at: other.at,
    why: `${name} is the service ${other.name}`,
  };
}

/** Whether the code asks for the variable, as far as its code is known. */
function* isRead(service: Service, entry: TemplateEntry): Generator<Ask, boolean, unknown> {
  const application = yield* know(service.application);
  const name = entry.name.toLowerCase();
  return application.environment.reads.some((read) => read.name.toLowerCase() === name);
}
