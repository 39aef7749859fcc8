import { unknown } from '../../../facts/fact.ts';
import { know } from '../../../facts/know.ts';
import type { Repo } from '../../../repo/repo.ts';
import { linePlace, type Place } from '../../../text/place.ts';
import { addressesOf } from '../../addresses.ts';
import { claim, rule } from '../../rule.ts';

/** Databases whose shape migrations change. */
const DATABASES = new Set(['PostgreSQL', 'MySQL', 'MariaDB']);

const TOOLS = [
  {
    name: 'Alembic',
    file: /(^|\/)alembic\.ini$/,
    steps: /(^|\/)versions\/[^/]+\.py$/,
    says: /\balembic\b[^\n]*\bupgrade\b|alembic\.(?:config|command|main)\b|command\.upgrade|db upgrade|create_all\s*\(/,
  },
  {
    name: 'Prisma',
    file: /(^|\/)schema\.prisma$/,
    steps: /(^|\/)migrations\/[^/]+\/migration\.sql$/,
    says: /prisma (migrate|db)|migrate deploy/,
  },
];

export default rule({
  on: 'stack',
  severity: 'note',
  summary: 'nothing in the stack runs the migrations',
  why: 'A new database stays empty: the application is healthy and fails at its first query. No script, command or text of the repository runs the migrations that it holds.',
  remedy: 'Run them in a service of its own before the application starts.',
  proof: 'none',
  *check(stack) {
    const { repo, services } = stack;
    const databases = services.filter((s) => DATABASES.has(s.server?.name ?? ''));
    const built = services.filter((s) => s.target !== undefined);
    if (databases.length === 0 || built.length === 0 || stack.development) return;
    for (const { name, file, steps, says } of TOOLS) {
      const setup = repo.files().find((path) => file.test(path));
      if (setup === undefined || !repo.files().some((path) => steps.test(path))) continue;
      // Each service may have a database of its own: it is that of the one that has the migrations.
      const holders = built.filter(({ target }) => lies(setup, target?.contextDir ?? ''));
      if (holders.length === 0) continue;
      const hosts = holders.flatMap((holder) => addressesOf(holder).map(({ host }) => host));
      const database = databases.length === 1 ? databases[0] : databases.find((s) => hosts.includes(s.name));
      if (database === undefined) yield* know(unknown(`which database ${setup} is for is not known`));
      if (database === undefined) continue;
      const told = mentions(repo, says, file);
      // A command for people runs on the host: it needs a port of the database, or a container to run in.
      const [byHand] = told;
      if (byHand !== undefined && (told.some((one) => !one.onHost) || database.compose.ports.length > 0)) continue;
      for (const service of built) yield* know(service.process);
      const hidden = repo.files().find((path) => /\.(pex|whl|jar|bin)$|(^|\/)Procfile$/.test(path));
      if (hidden !== undefined) yield* know(unknown(`${hidden} may run them`));
      yield claim({
        at: database.at,
        title: `nothing in the stack runs the migrations of ${name} (${setup})`,
        subject: setup,
        because: [
          { kind: 'compose', at: database.at, text: `${database.name} is empty at first` },
          ...(byHand === undefined
            ? []
            : [
                { kind: 'source' as const, at: byHand.at, text: 'people are told to run them on the host' },
                {
                  kind: 'compose' as const,
                  at: database.at,
                  text: `${database.name} publishes no port: the host does not reach it`,
                },
              ]),
        ],
      });
    }
  },
});

function lies(file: string, folder: string): boolean {
  return folder === '' || file.startsWith(`${folder}/`);
}

interface Mention {
  readonly at: Place;
  /** A command for people, without a container around it. */
  readonly onHost: boolean;
}

const FOR_PEOPLE =
  /(?:^|\/)(?:Makefile|GNUmakefile|justfile|Taskfile\.ya?ml|noxfile\.py|tox\.ini)$|\.(?:md|mdx|rst|txt)$/;
const IN_CONTAINER = /\b(?:docker|podman|kubectl|compose|exec|fly|heroku|ssh)\b/;

/** Places that speak of running them, other than the migrations and settings themselves. */
function mentions(repo: Repo, says: RegExp, setup: RegExp): readonly Mention[] {
  return repo
    .files()
    .filter(
      (path) =>
        !setup.test(path) &&
        !/(^|\/)(versions|migrations|alembic|node_modules)\/|(^|\/)(requirements[^/]*\.txt|[^/]*\.lock|package-lock\.json|pnpm-lock\.yaml|pyproject\.toml|setup\.(py|cfg))$/.test(
          path,
        ) &&
        (repo.entry(path)?.size ?? 0) < 300_000,
    )
    .flatMap((path) => {
      const text = repo.text(path) ?? '';
      if (!says.test(text)) return [];
      const lines = text.split('\n');
      return lines.flatMap((line, i) =>
        says.test(line)
          ? [{ at: linePlace(path, i + 1), onHost: FOR_PEOPLE.test(path) && !IN_CONTAINER.test(around(lines, i)) }]
          : [],
      );
    });
}

/** A command with the lines before it, which may lead into a container. */
function around(lines: readonly string[], index: number): string {
  return lines.slice(Math.max(0, index - 3), index + 1).join('\n');
}
