import { each, know } from '../../../facts/know.ts';
import type { EnvValue, Service } from '../../../model/types.ts';
import { exposed } from '../../deployed.ts';
import { isGuessed, isPlaceholder } from '../../guessed-words.ts';
import { publishedToAll } from '../../published.ts';
import { claim, rule } from '../../rule.ts';
import { templateValue } from '../../template-value.ts';

/** Administration programs whose login a variable sets, which the table of servers does not know. */
const PASSWORDS: readonly {
  readonly image: RegExp;
  readonly name: string;
  readonly port: number;
  readonly variable: string;
}[] = [
  { image: /(?:^|\/)dpage\/pgadmin4(?::|$)/, name: 'pgAdmin', port: 80, variable: 'PGADMIN_DEFAULT_PASSWORD' },
  {
    image: /(?:^|\/)mongo-express(?::|$)/,
    name: 'mongo-express',
    port: 8081,
    variable: 'ME_CONFIG_BASICAUTH_PASSWORD',
  },
];

export default rule({
  on: 'service',
  severity: 'error',
  summary: 'a server with a password that everybody knows is published',
  why: 'The port is open on every interface of the host (the engine opens the firewall for it), and programs all over the world try these passwords all day; what stands in a public compose file or in its template is no better.',
  remedy: 'Publish no port of a database, or only on 127.0.0.1; take the password from a secret.',
  proof: 'none',
  *check(service) {
    const live = exposed(service.stack);
    const login = loginOf(service);
    if (live === undefined || login === undefined) return;
    const open = publishedToAll(service, login.ports);
    if (open === undefined) return;
    if (login.fallback !== undefined && !login.secrets.some((name) => service.env.has(name)) && !told(service)) {
      yield claim({
        at: open.at,
        title: `${service.name} (${login.name}) is open to the network with the password that it has before one is set`,
        subject: service.name,
        severity: live.weigh('error'),
        because: [
          { kind: 'compose', at: open.at, text: 'its port is published on every interface' },
          { kind: 'server-table', ref: login.source, text: login.fallback },
          ...live.because,
        ],
      });
    }
    yield* each(login.secrets, function* (variable) {
      const entry = service.env.get(variable);
      if (entry?.at === undefined || entry.origin === 'image') return;
      const said = wordOf(service, entry);
      const value = said?.value ?? (yield* know(entry.value));
      const kind = kindOf(value, said !== undefined, entry) ?? kindOf(said?.fallback ?? '', false, entry);
      if (kind === undefined) return;
      yield claim({
        at: entry.at,
        title: `${service.name} (${login.name}) is open to the network with ${kind}`,
        subject: variable,
        severity: said !== undefined && live.weigh('error') === 'error' ? 'warning' : live.weigh('error'),
        because: [
          { kind: 'compose', at: entry.at, text: `${variable} is set here` },
          ...(said === undefined ? [] : [said.reason]),
          { kind: 'compose', at: open.at, text: 'its port is published on every interface' },
          ...live.because,
        ],
      });
    });
  },
});

interface Login {
  readonly name: string;
  /** What it lets in when nothing is set. */
  readonly fallback?: string;
  readonly source: string;
  readonly ports: ReadonlySet<number>;
  readonly secrets: readonly string[];
}

/** What Grafana is given to show; its users are no part of it. */
const DASHBOARDS = /^\/etc\/grafana\/(?:provisioning|dashboards)(?:\/|$)/;

/** An env file or a mounted file may say more. */
function told({ compose }: Service): boolean {
  const mounted = compose.volumes.some(
    (m) =>
      !m.target.fact.known ||
      (/\/etc\/|conf|\.ini$|definitions|secrets/.test(m.target.fact.value) && !DASHBOARDS.test(m.target.fact.value)),
  );
  return (
    mounted || compose.secrets.length > 0 || compose.entrypoint !== undefined || compose.environment.open.length > 0
  );
}

/** Variables that name the login of a program whose image is not described, by their names alone; passwords of a database that it uses
 * are others. */
const LOGIN =
  /(?:^|_)(?:ADMIN|ADMIN_USER|ADMINISTRATOR|UI|BASIC_?AUTH|LOGIN|MASTER|BOOTSTRAP|SUPERUSER)_(?:\w+_)?(?:PASSWORD|PASS|KEY|SECRET)$/i;

function loginOf({ server, compose, env }: Service): Login | undefined {
  if (server !== undefined) {
    const secrets = server.variables.filter((v) => v.secret === true).map((v) => v.name);
    const own = server.defaultCredentials;
    const files = secrets.map((name) => `${name}_FILE`);
    return {
      name: server.name,
      ports: new Set(server.ports.map((p) => p.port)),
      secrets: [...secrets, ...(own === undefined ? [] : files)],
      source: server.origin.source,
      ...(own === undefined
        ? {}
        : { fallback: `without settings it lets in ${own.user} with the password of its documents` }),
    };
  }
  const image = compose.build === undefined && compose.image?.fact.known === true ? compose.image.fact.value : '';
  const found = PASSWORDS.find((known) => known.image.test(image));
  if (found !== undefined)
    return { name: found.name, ports: new Set([found.port]), secrets: [found.variable], source: '' };
  const logins = image === '' ? [] : [...env.keys()].filter((name) => LOGIN.test(name));
  if (logins.length === 0) return undefined;
  const ports = compose.ports.flatMap(({ target }) => (target.known ? [target.value] : []));
  return { name: image, ports: new Set(ports), secrets: logins, source: '' };
}

/** The value of the template, where the compose file only passes a variable on. */
function wordOf({ stack }: Service, entry: EnvValue): ReturnType<typeof templateValue> {
  return entry.at === undefined || entry.value.known ? undefined : templateValue(stack, entry.at);
}

/** Whose password it is; undefined: not one that others know. What a template asks to be replaced is replaced. */
function kindOf(value: string, fromTemplate: boolean, entry: EnvValue): string | undefined {
  if (isGuessed(value)) return 'a password that everybody tries';
  if (value === '' || value.includes('$') || value.startsWith('/')) return undefined;
  if (fromTemplate)
    return isPlaceholder(value) ? undefined : 'the password of the template, which stands in the repository';
  if (isPlaceholder(value)) return 'a placeholder for its password';
  const written =
    entry.origin === 'compose' && entry.value.known && entry.value.because.every((r) => r.kind !== 'default');
  return written ? 'a password that stands in the compose file' : undefined;
}
