import type { Repo } from '../repo/repo.ts';

const TELLS =
  /\.(?:sql|sh|py|[cm]?[jt]s|rb|go|java|cs|php|ya?ml|md)$|(?:^|\/)(?:Makefile|justfile|package\.json|schema\.prisma)$/;
/** Words of code and commands that make a database or a user. Prisma makes the database of its URL itself. */
const MAKES =
  /create\s+(?:database|user|role)|createdb|createuser|create_database|CREATE_DB|createDatabase|EnsureCreated|createDatabaseIfNotExist|prisma\s+(?:migrate|db)|db:create|ALTER\s+(?:USER|ROLE)|add_user|createUser|GRANT\s+ALL/i;

const READ = new WeakMap<Repo, string | null>();

/** A file that makes databases or users; undefined: none does. */
export function madeByCode(repo: Repo): string | undefined {
  const before = READ.get(repo);
  if (before !== undefined) return before ?? undefined;
  const found = repo
    .files()
    .find(
      (file) =>
        TELLS.test(file) &&
        !/(?:^|\/)node_modules\//.test(file) &&
        (repo.entry(file)?.size ?? 0) < 300_000 &&
        MAKES.test(repo.text(file) ?? ''),
    );
  READ.set(repo, found ?? null);
  return found;
}
