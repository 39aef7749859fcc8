import type { Repo } from '../repo/repo.ts';

const TELLS =
  /\.(?:sql|sh|py|[cm]?[jt]s|rb|go|java|cs|php|ya?ml|md)$|(?:^|\/)(?:Makefile|justfile|package\.json|schema\.prisma)$/;
/** Words of code and commands that make a database or a user. Prisma makes the database of its URL itself. */
const MAKES =
  /(?:create|CREATE)\s+(?:database|DATABASE|user|USER|role|ROLE)\s|\bcreatedb\b|\bcreateuser\s|\bcreate_database\(|\bcreateDatabase\(|createDatabaseIfNotExist|EnsureCreated|prisma\s+(?:migrate|db)\s|\bdb:create\b|(?:ALTER|alter)\s+(?:USER|user|ROLE|role)\s|\bdb\.createUser\(|\badd_user\s/;

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
