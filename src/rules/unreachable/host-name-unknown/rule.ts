import { unknown } from '../../../facts/fact.ts';
import { each, know } from '../../../facts/know.ts';
import { isLoopback } from '../../../model/health-request.ts';
import type { Service } from '../../../model/types.ts';
import { addressesOf, resolveName } from '../../addresses.ts';
import { claim, rule } from '../../rule.ts';

export default rule({
  on: 'service',
  severity: 'error',
  summary: 'a service is told to connect to a name that nobody has',
  why: 'The engine\'s name server knows the services of a stack by their names, container names and aliases. Any other name without a dot is not found: "could not translate host name".',
  remedy: 'Use the name of the service as the compose file has it.',
  proof: 'engine',
  *check(service) {
    const addresses = addressesOf(service).filter(
      (a) => !a.host.includes('.') && !a.host.startsWith('[') && !isLoopback(a.host) && !/^\d+$/.test(a.host),
    );
    yield* each(addresses, function* (address) {
      const answer = yield* know(resolveName(service, address.host));
      if (answer.reached.length > 0 || answer.apart.length > 0) return;
      if (DATABASES.test(address.scheme ?? '') && speaksToNone(service))
        yield* know(
          unknown(`no manifest of ${service.name} names a client of databases: it may not read ${address.variable}`),
        );
      const names = service.stack.services.map((s) => s.name).filter((name) => name !== service.name);
      const near = names.find((name) => name.includes(address.host) || address.host.includes(name));
      yield claim({
        breaks: service.nodes.starts,
        at: address.at,
        title: `${service.name} connects to ${address.host} (${address.variable}), and no service has that name`,
        subject: address.host,
        because: [
          { kind: 'compose', at: address.at, text: `${address.variable} names the host ${address.host}` },
          {
            kind: 'compose',
            at: service.at,
            text: `on its networks are ${names.join(', ') || 'no other services'}${near === undefined ? '' : `; perhaps ${near} is meant`}`,
          },
        ],
      });
    });
  },
});

const DATABASES = /^(?:postgres(?:ql)?|psql|mysql|mariadb)$/;
const MANIFEST =
  /(?:^|\/)(?:package\.json|composer\.json|requirements[^/]*\.txt|pyproject\.toml|setup\.(?:py|cfg)|Pipfile|Gemfile|go\.mod|pom\.xml|build\.gradle(?:\.kts)?|[^/]+\.csproj|Cargo\.toml|mix\.exs)$/;
const CLIENT =
  /postgres|psycopg|\bpg|npgsql|mysql|maria|sql|lib\/pq|orm|doctrine|laravel|illuminate|rails|activerecord|sequel|django|prisma|knex|drizzle|kysely|database|jdbc|jpa|hibernate|diesel|ecto|dapper|entityframework|peewee|objection|bookshelf/i;

/** A skeleton: a project with manifests, and none of them asks for anything that speaks to a database. */
function speaksToNone({ stack: { repo }, target, compose }: Service): boolean {
  // Without an image and a build another file says what it is.
  if (target === undefined && compose.build === undefined && compose.image !== undefined) return false;
  const folder = (target?.contextDir ?? '') === '' ? '' : `${target?.contextDir}/`;
  const manifests = repo.files().filter((file) => file.startsWith(folder) && MANIFEST.test(file));
  return manifests.length > 0 && manifests.every((file) => !CLIENT.test(repo.text(file) ?? ''));
}
