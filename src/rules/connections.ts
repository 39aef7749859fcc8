import type { Service } from '../model/types.ts';
import type { Place } from '../text/place.ts';

/** What a service says of itself when it connects to a server, as variables of compose tell it. */
export interface Connection {
  /** The variable that names the server. */
  readonly variable: string;
  readonly at: Place;
  readonly scheme: string;
  readonly host: string;
  /** Undefined: none is given. */
  readonly user?: string;
  readonly password?: string;
  /** What stands behind the host, without the slash; undefined: nothing. */
  readonly database?: string;
  readonly options: ReadonlyMap<string, string>;
  /** False: single variables say it, and the code may add what none of them says. */
  readonly whole: boolean;
}

const URL_VALUE =
  /^(?:jdbc:)?([a-z][a-z0-9]*)(?:\+[a-z0-9_]+)*:\/\/(?:([^:@/\s]*)(?::([^@/\s]*))?@)?([A-Za-z0-9_][\w.-]*)(?::\d{1,5})?(?:\/([^?#\s]*))?(?:\?(\S*))?$/i;

const HOST_VARIABLE =
  /^((?:\w+_)?(?:DB|DATABASE|POSTGRES|POSTGRESQL|PG|MYSQL|MARIADB|MONGO|MONGODB|REDIS|VALKEY|RABBITMQ))_?HOST(?:NAME)?$/;

/** Connections that compose tells a service of, as far as they are written out: URLs, and sets of DB_HOST, DB_USER, DB_PASSWORD, DB_NAME. */
export function connectionsOf(service: Service): readonly Connection[] {
  return [...service.env].flatMap(([variable, { value, at, origin }]): Connection[] => {
    if (origin === 'image' || at === undefined || !value.known) return [];
    const found = connectionOf(value.value) ?? setOf(service, variable, value.value);
    return found === undefined ? [] : [{ variable, at, ...withDatasource(service, variable, found) }];
  });
}

/** The variables beside DB_HOST. */
function setOf(service: Service, variable: string, host: string): Omit<Connection, 'variable' | 'at'> | undefined {
  const prefix = HOST_VARIABLE.exec(variable)?.[1];
  if (prefix === undefined || !/^[A-Za-z0-9_][\w.-]*$/.test(host)) return undefined;
  const said = (...names: readonly string[]): string | undefined => {
    const entry = names.map((name) => service.env.get(`${prefix}_${name}`)).find((e) => e !== undefined);
    return entry?.value.known === true && entry.value.value !== '' ? entry.value.value : undefined;
  };
  const [user, password] = [said('USER', 'USERNAME'), said('PASSWORD', 'PASS')];
  const database = /REDIS|VALKEY|RABBIT/.test(prefix) ? undefined : said('NAME', 'DB', 'DATABASE', 'DBNAME');
  return {
    scheme: '',
    host,
    ...(user === undefined ? {} : { user }),
    ...(password === undefined ? {} : { password }),
    ...(database === undefined ? {} : { database }),
    options: new Map(),
    whole: false,
  };
}

/** Spring has the user and the password of a URL in variables of their own. */
function withDatasource(
  service: Service,
  variable: string,
  found: Omit<Connection, 'variable' | 'at'>,
): Omit<Connection, 'variable' | 'at'> {
  if (!/_URL$/.test(variable) || found.user !== undefined) return found;
  const beside = (name: string): string | undefined => {
    const entry = service.env.get(variable.replace(/_URL$/, name));
    return entry?.value.known === true && entry.value.value !== '' ? entry.value.value : undefined;
  };
  const [user, password] = [beside('_USERNAME'), beside('_PASSWORD')];
  return user === undefined || password === undefined ? found : { ...found, user, password };
}

/** Reads a connection URL; undefined: it is none, or one with several hosts. */
function connectionOf(text: string): Omit<Connection, 'variable' | 'at'> | undefined {
  const [, scheme, user, password, host, path, query] = URL_VALUE.exec(text) ?? [];
  if (scheme === undefined || host === undefined) return undefined;
  const options = new Map(
    (query ?? '').split('&').flatMap((part): [string, string][] => {
      const [name = '', ...value] = part.split('=');
      return name === '' ? [] : [[name.toLowerCase(), decoded(value.join('='))]];
    }),
  );
  return {
    scheme: scheme.toLowerCase(),
    host,
    ...(user === undefined || user === '' ? {} : { user: decoded(user) }),
    ...(password === undefined || password === '' ? {} : { password: decoded(password) }),
    ...(path === undefined || path === '' ? {} : { database: decoded(path) }),
    options,
    whole: true,
  };
}

/** Percent signs that stand for a byte; what is no such sign stays. */
function decoded(text: string): string {
  return text.replace(/%([0-7][0-9a-f])/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
