import { unknown } from '../../../facts/fact.ts';
import { know } from '../../../facts/know.ts';
import type { Repo } from '../../../repo/repo.ts';
import { claim, rule } from '../../rule.ts';

/** Databases whose shape migrations change. */
const DATABASES = new Set(['PostgreSQL', 'MySQL', 'MariaDB']);

const TOOLS = [
  {
    name: 'Alembic',
    file: /(^|\/)alembic\.ini$/,
    steps: /(^|\/)versions\/[^/]+\.py$/,
    says: /alembic|db upgrade|create_all\s*\(/,
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
  summary: 'nothing runs the migrations',
  why: 'A new database stays empty: the application is healthy and fails at its first query. No script, command or text of the repository runs the migrations that it holds.',
  remedy: 'Run them in a service of its own before the application starts.',
  proof: 'none',
  *check(stack) {
    const { repo, services } = stack;
    const database = services.find((s) => DATABASES.has(s.server?.name ?? ''));
    const built = services.filter((s) => s.target !== undefined);
    if (database === undefined || built.length === 0 || stack.development) return;
    for (const { name, file, steps, says } of TOOLS) {
      const setup = repo.files().find((path) => file.test(path));
      if (setup === undefined || !repo.files().some((path) => steps.test(path))) continue;
      if (mention(repo, says, file) !== undefined) continue;
      for (const service of built) yield* know(service.process);
      const hidden = repo.files().find((path) => /\.(pex|whl|jar|bin)$|(^|\/)Procfile$/.test(path));
      if (hidden !== undefined) yield* know(unknown(`${hidden} may run them`));
      yield claim({
        at: database.at,
        title: `nothing runs the migrations of ${name} (${setup})`,
        subject: setup,
        because: [{ kind: 'compose', at: database.at, text: `${database.name} is empty at first` }],
      });
    }
  },
});

/** A file that speaks of running them, other than the migrations and settings themselves. */
function mention(repo: Repo, says: RegExp, setup: RegExp): string | undefined {
  return repo
    .files()
    .filter(
      (path) =>
        !setup.test(path) &&
        !/(^|\/)(versions|migrations|alembic|node_modules)\/|(^|\/)(requirements[^/]*\.txt|[^/]*\.lock|package-lock\.json|pnpm-lock\.yaml|pyproject\.toml|setup\.(py|cfg))$/.test(
          path,
        ),
    )
    .find((path) => (repo.entry(path)?.size ?? 0) < 300_000 && says.test(repo.text(path) ?? ''));
}
