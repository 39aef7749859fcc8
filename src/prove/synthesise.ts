import { secretName } from '../ledger/mask.ts';

/** What is known of the stack when a value has to be made up. */
export interface Surroundings {
  /** Services and the images they run, as far as known. */
  readonly services: readonly { readonly name: string; readonly image: string }[];
  /** Values already given to variables. */
  readonly given: Readonly<Record<string, string>>;
  /** A fresh secret in hex. */
  readonly secret: () => string;
}

export interface MadeUp {
  readonly value: string;
  /** What it stands for: `a password`, `a port`. */
  readonly as: string;
  readonly secret: boolean;
}

/** Makes up a value for a variable by its name. The application only has to start with it. */
export function synthesise(name: string, around: Surroundings): MadeUp {
  const upper = name.toUpperCase();
  const plain = (value: string, as: string): MadeUp => ({ value, as, secret: false });
  const service = (shape: RegExp): string | undefined =>
    around.services.find((one) => shape.test(one.image))?.name ??
    around.services.find((one) => shape.test(one.name))?.name;
  if (/(DATABASE|POSTGRES\w*|PG|DB)_(URL|URI|DSN)$|^(DATABASE|DB)_?UR[IL]$/.test(upper)) {
    const host = service(/postgres/) ?? service(/mysql|mariadb/);
    if (host !== undefined) {
      const user = around.given['POSTGRES_USER'] ?? 'postgres';
      const password = around.given['POSTGRES_PASSWORD'] ?? around.secret();
      const database = around.given['POSTGRES_DB'] ?? user;
      return {
        value: `postgresql://${user}:${password}@${host}:5432/${database}`,
        as: "the URL of the stack's own database",
        secret: true,
      };
    }
    return plain('sqlite:////tmp/plimsoll.db', 'the URL of a database');
  }
  if (/(REDIS|VALKEY|BROKER|CACHE|CELERY\w*)_(URL|URI)$/.test(upper)) {
    return plain(`redis://${service(/redis|valkey/) ?? 'localhost'}:6379/0`, "the URL of the stack's own cache");
  }
  if (/(^|_)PORT$/.test(upper))
    return plain(/(PG|POSTGRES|DB|DATABASE)/.test(upper) ? '5432' : /REDIS/.test(upper) ? '6379' : '8080', 'a port');
  if (/(ORIGINS?|_URL|_URI|ENDPOINT|BASE_URL)$/.test(upper)) return plain('http://localhost', 'a URL');
  if (/(EMAIL|MAIL_FROM)$/.test(upper)) return plain('nobody@example.invalid', 'a mail address');
  if (secretName.test(name)) return { value: around.secret(), as: 'a secret', secret: true };
  if (/(^|_)(USER|USERNAME)$/.test(upper))
    return plain(/POSTGRES|PG|DB/.test(upper) ? 'postgres' : 'plimsoll', 'a user name');
  if (/(^|_)(DB|DATABASE|DB_NAME|DBNAME)$/.test(upper)) return plain('plimsoll', 'a database name');
  if (/(^|_)(HOST|HOSTNAME|SERVER)$/.test(upper)) {
    const shape = /REDIS|CACHE/.test(upper) ? /redis|valkey/ : /postgres|mysql|mariadb/;
    return plain(
      (/DB|PG|POSTGRES|DATABASE|REDIS|CACHE/.test(upper) ? service(shape) : undefined) ?? 'localhost',
      'a host',
    );
  }
  if (/(^|_)(DOMAIN|FQDN)$/.test(upper)) return plain('localhost', 'a domain');
  if (/(^|_)(DEBUG|ENABLED?|DISABLED?|VERBOSE|INSECURE|TLS|SSL)$|^(ENABLE|DISABLE|USE|IS)_/.test(upper))
    return plain('false', 'a flag');
  if (/(^|_)(TAG|VERSION)$/.test(upper)) return plain('latest', 'a version');
  if (/(^|_)(LEVEL|LOG_LEVEL)$/.test(upper)) return plain('info', 'a log level');
  if (/(^|_)(ENV|ENVIRONMENT|NODE_ENV)$/.test(upper)) return plain('production', 'an environment');
  if (/(WORKERS|THREADS|REPLICAS|COUNT|LIMIT|SIZE|TIMEOUT|SECONDS|MINUTES|DAYS|RETRIES|CONCURRENCY|TTL)$/.test(upper))
    return plain('2', 'a number');
  return plain('plimsoll', 'a word');
}

/** Names of variables that Compose misses, from its words. */
export function missingVariables(stderr: string): string[] {
  const names = [
    ...[...stderr.matchAll(/The \\?"([A-Za-z_]\w*)\\?" variable is not set/g)].map((match) => match[1] ?? ''),
    ...[...stderr.matchAll(/required variable ([A-Za-z_]\w*) is missing a value/g)].map((match) => match[1] ?? ''),
  ];
  return [...new Set(names)].filter((name) => name !== '');
}

/** Fills the empty values of an example `.env` and says which it filled. */
export function completeExample(text: string, around: Surroundings): { text: string; filled: Map<string, MadeUp> } {
  const filled = new Map<string, MadeUp>();
  const lines = text.split(/\r?\n/).map((line) => {
    const found = /^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=\s*(?:""|'')?\s*(?:#.*)?$/.exec(line);
    const name = found?.[1];
    // Only secrets and required-looking names: an empty optional setting is a setting.
    if (name === undefined || !secretName.test(name)) return line;
    const made = synthesise(name, around);
    filled.set(name, made);
    return `${name}=${made.value}`;
  });
  return { text: lines.join('\n'), filled };
}
