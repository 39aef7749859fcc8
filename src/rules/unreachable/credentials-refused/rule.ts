import { unknown } from '../../../facts/fact.ts';
import { each, know } from '../../../facts/know.ts';
import type { Service } from '../../../model/types.ts';
import { resolveName } from '../../addresses.ts';
import { type Connection, connectionsOf } from '../../connections.ts';
import { madeByCode } from '../../made-databases.ts';
import { BY_TOOLS, isNamed, namesIn } from '../../read-names.ts';
import { claim, rule } from '../../rule.ts';
import { type Accounts, accountsOf } from '../../server-accounts.ts';

export default rule({
  on: 'service',
  severity: 'error',
  summary: 'a service signs in with a user, a password or to a database that the server does not have',
  why: 'The image of the server makes one user and one database when its data folder is empty, as its variables say. Anything else is refused ("password authentication failed", "database … does not exist", "Access denied", "NOAUTH", "Authentication failed").',
  remedy: 'Let both services read the same variables, or make what is missing in a script of the first start.',
  proof: 'engine',
  *check(service) {
    if (service.stack.files.length === 0 || service.server?.name === 'PostgreSQL') return;
    yield* each(connectionsOf(service), function* (connection) {
      const { host, variable, at } = connection;
      if (!service.stack.services.some((s) => s.name === host && s !== service && s.server !== undefined)) return;
      const [other, ...more] = (yield* know(resolveName(service, host))).reached;
      if (other?.server === undefined || more.length > 0) return;
      const accounts = yield* know(accountsOf(other));
      if (accounts === undefined || !speaks(accounts.server, connection)) return;
      const refusal = refusalOf(accounts, connection);
      if (refusal === undefined) return;
      if (!isReadBy(service, variable)) yield* know(unknown(`no code that is here reads ${variable}`));
      if (refusal.makeable) {
        const file = madeByCode(service.stack.repo);
        if (file !== undefined) yield* know(unknown(`${file} may make ${refusal.subject}`));
      }
      yield claim({
        breaks: service.nodes.starts,
        at,
        title: `${other.name} (${accounts.server}) refuses ${service.name}: ${refusal.text}`,
        subject: `${variable} ${refusal.subject}`,
        because: [
          { kind: 'compose', at, text: `${variable} ${refusal.asked}` },
          { kind: 'compose', at: other.at, text: refusal.has },
        ],
      });
    });
  },
});

/** The code of a service that is built here names the variable; set for all services alike, it may serve none. */
function isReadBy({ target, stack: { repo } }: Service, variable: string): boolean {
  if (target === undefined) return true;
  const names = namesIn(repo, (file) => OF_OPERATION.test(file));
  return names === undefined || BY_TOOLS.test(variable) || isNamed(variable, names);
}

const OF_OPERATION = /compose[^/]*\.ya?ml$|(?:^|\/)(?:k8s|kubernetes|helm|charts?|\.github)\/|(?:^|\/)\.?env[^/]*$/i;

const SCHEMES: Readonly<Record<string, RegExp>> = {
  PostgreSQL: /^(postgres|postgresql|psql|postgis|pgsql)$/,
  MySQL: /^(mysql|mysql2|mariadb)$/,
  MariaDB: /^(mysql|mysql2|mariadb)$/,
  MongoDB: /^mongodb$/,
  Redis: /^(redis|valkey)$/,
  Valkey: /^(redis|valkey)$/,
  RabbitMQ: /^(amqp|pyamqp)$/,
};

function speaks(server: string, { scheme, variable }: Connection): boolean {
  if (scheme !== '') return SCHEMES[server]?.test(scheme) === true;
  return /MONGO/.test(variable) ? server === 'MongoDB' : server !== 'MongoDB';
}

interface Refusal {
  readonly text: string;
  readonly subject: string;
  readonly asked: string;
  readonly has: string;
  /** A script or the application itself may make it. */
  readonly makeable: boolean;
}

function refusalOf(accounts: Accounts, connection: Connection): Refusal | undefined {
  const { user, password, database, options } = connection;
  const names = [...accounts.users.keys()].filter((name) => name !== '');
  const has = names.length === 0 ? 'it has no user' : `it has the user ${names.join(' and ')}`;
  const sql = /^(PostgreSQL|MySQL|MariaDB)$/.test(accounts.server);
  const elsewhere = ['user', 'username', 'password'].some((key) => options.has(key));
  if (user === undefined && password === undefined && !sql) {
    if (!accounts.required || accounts.server === 'RabbitMQ' || elsewhere || !connection.whole) return undefined;
    return {
      text: 'it asks for a password, and none is given',
      subject: 'password',
      asked: 'names no password',
      has: 'it asks for a password',
      makeable: false,
    };
  }
  // A server without accounts takes no notice of what Redis clients send, or says so, as each client sees fit.
  if (accounts.users.size === 0 && accounts.server !== 'MongoDB') return undefined;
  const name = user ?? '';
  if (!accounts.users.has(name) && user !== undefined)
    return { text: `it has no user ${name}`, subject: name, asked: `signs in as ${name}`, has, makeable: true };
  const right = accounts.users.get(name);
  if (right !== undefined && password !== undefined && right !== password)
    return {
      text: `the password of ${name === '' ? 'the URL' : name} is another one`,
      subject: 'password',
      asked: 'has another password',
      has: 'the password is set here',
      makeable: false,
    };
  const source = options.get('authsource') ?? database;
  if (connection.whole && accounts.server === 'MongoDB' && source !== undefined && source !== 'admin')
    return {
      text: `${name} is a user of the database admin, and is looked for in ${source}`,
      subject: 'authSource',
      asked: `names ${source} and no authSource=admin`,
      has: 'the first user is made in admin',
      makeable: true,
    };
  if (accounts.databases === undefined || database === undefined || accounts.databases.has(database)) return undefined;
  return {
    text: `it has no database ${database}`,
    subject: database,
    asked: `names the database ${database}`,
    has: `it makes ${[...accounts.databases][0] ?? 'none'}`,
    makeable: true,
  };
}
