import { type Fact, known, unknown } from '../facts/fact.ts';
import type { Service } from '../model/types.ts';
import { wordsOfCommand } from './command-words.ts';

/** Whom a database or queue lets in when it is new, as its image sets it up from the variables. */
export interface Accounts {
  /** `PostgreSQL`. */
  readonly server: string;
  /** Without an account nobody gets in. */
  readonly required: boolean;
  /** User name → password; undefined: any password. */
  readonly users: ReadonlyMap<string, string | undefined>;
  /** Databases there are; undefined: they come into being by use, or that is not looked at. */
  readonly databases: ReadonlySet<string> | undefined;
}

/** Unknown where files, scripts or volumes may say otherwise. Undefined: it is no server whose accounts are known. */
export function accountsOf(service: Service): Fact<Accounts | undefined> {
  const { server, compose } = service;
  const name = server?.name ?? '';
  if (!['PostgreSQL', 'MySQL', 'MariaDB', 'MongoDB', 'Redis', 'Valkey', 'RabbitMQ'].includes(name))
    return known(undefined);
  if (compose.entrypoint !== undefined) return unknown('the entrypoint of compose is not read');
  const [gap] = compose.environment.open;
  if (gap !== undefined) return unknown(gap.text);
  for (const mount of compose.volumes) {
    if (!mount.target.fact.known) return unknown('where a volume is mounted is not known');
    const bound = !mount.type.known || mount.type.value !== 'volume';
    if (bound && /initdb\.d|^\/etc\/|\.conf$|\/conf(ig)?\b|definitions|users\.acl/.test(mount.target.fact.value))
      return unknown(`what is mounted at ${mount.target.fact.value} may set up users`);
    if (mount.source?.fact.known === true && service.stack.model.volumes.get(mount.source.fact.value.written)?.external)
      return unknown('an external volume may be filled already');
  }
  if (compose.configs.length > 0) return unknown('a config of compose may set up users');
  switch (name) {
    case 'PostgreSQL':
      return postgres(service);
    case 'MongoDB':
      return mongo(service);
    case 'RabbitMQ':
      return rabbit(service);
    case 'Redis':
    case 'Valkey':
      return redis(service, name);
    default:
      return mysql(service, name);
  }
}

/** A variable of the server, `undefined` where it is unset. */
function value(service: Service, ...names: readonly string[]): Fact<string | undefined> {
  for (const name of names) {
    if (service.env.has(`${name}_FILE`)) return unknown(`a file says ${name}`);
    const entry = service.env.get(name);
    if (entry === undefined || entry.origin === 'image') continue;
    if (!entry.value.known) return entry.value;
    if (entry.value.value === '') return unknown(`${name} is left empty, to be filled in`);
    return entry.value;
  }
  return known(undefined);
}

function all(service: Service, ...names: readonly (readonly string[])[]): Fact<readonly (string | undefined)[]> {
  const out: (string | undefined)[] = [];
  for (const some of names) {
    const fact = value(service, ...some);
    if (!fact.known) return fact;
    out.push(fact.value);
  }
  return known(out);
}

function postgres(service: Service): Fact<Accounts> {
  const found = all(service, ['POSTGRES_USER'], ['POSTGRES_PASSWORD'], ['POSTGRES_DB'], ['POSTGRES_HOST_AUTH_METHOD']);
  if (!found.known) return found;
  const [user = 'postgres', password, database = user, method] = found.value;
  return known({
    server: 'PostgreSQL',
    required: true,
    users: new Map([[user, method === 'trust' ? undefined : (password ?? '')]]),
    databases: new Set([database, 'postgres', 'template1']),
  });
}

function mysql(service: Service, server: string): Fact<Accounts> {
  const either = (key: string): readonly string[] =>
    server === 'MariaDB' ? [`MARIADB_${key}`, `MYSQL_${key}`] : [`MYSQL_${key}`];
  const found = all(
    service,
    either('USER'),
    either('PASSWORD'),
    either('ROOT_PASSWORD'),
    either('DATABASE'),
    either('RANDOM_ROOT_PASSWORD'),
  );
  if (!found.known) return found;
  const [user, password, root, database, random] = found.value;
  const users = new Map<string, string | undefined>();
  users.set('root', random === undefined ? (root ?? '') : undefined);
  if (user !== undefined && password !== undefined) users.set(user, password);
  return known({
    server,
    required: true,
    users,
    databases: new Set([
      ...(database === undefined ? [] : [database]),
      'mysql',
      'information_schema',
      'sys',
      'performance_schema',
    ]),
  });
}

function mongo(service: Service): Fact<Accounts> {
  const words = wordsOfCommand(service);
  if (!words.known) return words;
  if (words.value.some((word) => /keyFile|--config|^-f$/.test(word))) return unknown('its command names more settings');
  const found = all(service, ['MONGO_INITDB_ROOT_USERNAME'], ['MONGO_INITDB_ROOT_PASSWORD']);
  if (!found.known) return found;
  const [user, password] = found.value;
  const set = user !== undefined && password !== undefined;
  return known({
    server: 'MongoDB',
    required: set || words.value.includes('--auth'),
    users: set ? new Map([[user, password]]) : new Map(),
    databases: undefined,
  });
}

function rabbit(service: Service): Fact<Accounts> {
  const found = all(service, ['RABBITMQ_DEFAULT_USER'], ['RABBITMQ_DEFAULT_PASS']);
  if (!found.known) return found;
  const [user = 'guest', password = 'guest'] = found.value;
  return known({ server: 'RabbitMQ', required: true, users: new Map([[user, password]]), databases: undefined });
}

function redis(service: Service, server: string): Fact<Accounts> {
  const words = wordsOfCommand(service);
  if (!words.known) return words;
  const text = words.value.join(' ');
  if (/\.conf\b|--aclfile|--user\b|\$/.test(text)) return unknown('its command names more settings');
  const password = /--requirepass\s+(\S+)/.exec(text)?.[1]?.replace(/^["']|["']$/g, '');
  return known({
    server,
    required: password !== undefined && password !== '',
    users:
      password === undefined || password === ''
        ? new Map()
        : new Map([
            ['', password],
            ['default', password],
          ]),
    databases: undefined,
  });
}
