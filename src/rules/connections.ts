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
}

const URL_VALUE =
  /^(?:jdbc:)?([a-z][a-z0-9]*)(?:\+[a-z0-9_]+)*:\/\/(?:([^:@/\s]*)(?::([^@/\s]*))?@)?([A-Za-z0-9_][\w.-]*)(?::\d{1,5})?(?:\/([^?#\s]*))?(?:\?(\S*))?$/i;

/** Connection URLs that compose gives a service, as far as they are written out. */
export function connectionsOf(service: Service): readonly Connection[] {
  return [...service.env].flatMap(([variable, { value, at, origin }]): Connection[] => {
    if (origin === 'image' || at === undefined || !value.known) return [];
    const found = connectionOf(value.value);
    return found === undefined ? [] : [{ variable, at, ...found }];
  });
}

/** Reads a connection URL; undefined: it is none, or one with several hosts. */
export function connectionOf(text: string): Omit<Connection, 'variable' | 'at'> | undefined {
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
  };
}

/** Percent signs that stand for a byte; what is no such sign stays. */
function decoded(text: string): string {
  return text.replace(/%([0-7][0-9a-f])/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
