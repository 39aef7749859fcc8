import type { Repo } from '../repo/repo.ts';

/** Read by tools and libraries without their names in the code. */
export const BY_TOOLS =
  /^(?:COMPOSE_|DOCKER_|BUILDKIT_|NODE_|NPM_|NEXT_|NUXT_|NITRO_|VITE_|REACT_APP_|VUE_APP_|PYTHON|PIP_|UV_|POETRY_|DJANGO_|FLASK_|UVICORN_|GUNICORN_|WEB_CONCURRENCY|CELERY|AWS_|AZURE_|GOOGLE_|GCP_|OTEL_|SENTRY_|LANG|OPENAI_|ANTHROPIC_|HF_|HUGGING|TRANSFORMERS_|MINIO_|PG[A-Z]+$|SPRING_|JAVA_|SERVER_|LOGGING_|MANAGEMENT_|RAILS_|RACK_|SIDEKIQ|SECRET_KEY_BASE$|RUBY|BUNDLE_|LARAVEL_|APP_KEY$|PHX_|GF_|TRAEFIK_|NEXTAUTH_|AUTH_|CLERK_|STRIPE_|SUPABASE_|PRISMA_|ASPNETCORE_|DOTNET_|GOPATH|RUST_|CARGO_|TZ$|PORT$|HOST$|PATH$|HOME$|CI$|DEBUG$|LOG_LEVEL$|(?:HTTPS?|NO|ALL)_PROXY$|PUID$|PGID$|UID$|GID$|KAFKA_|RABBITMQ_|GRAFANA_|_?AIRFLOW_|\w+__)/;

/** A search of more files is not worth its time. */
const MOST_FILES = 4000;

function searchable(repo: Repo): boolean {
  return repo.files().length <= MOST_FILES && repo.entry('.gitmodules') === undefined;
}

const SILENT =
  /(?:\.md|\.rst|\.mdx|\.lock|\.svg|\.csv|\.map|\.min\.js|lock\.(?:json|ya?ml)|\.ipynb)$|(?:^|\/)[^/]*env[^/]*(?:example|sample|template|dist)/i;

/** Neither a document, a template nor what tools write. */
function tells(repo: Repo, file: string): boolean {
  return !SILENT.test(file) && (repo.entry(file)?.size ?? 0) <= 1_000_000;
}

/** Words of all files but documents, templates and what tools write, in lower case; undefined: code that is not here,
 * or in too many files, may read more. */
export function namesIn(repo: Repo, leaveOut: (file: string) => boolean): ReadonlySet<string> | undefined {
  if (!searchable(repo)) return undefined;
  const words = new Set<string>();
  for (const file of repo.files()) {
    if (!tells(repo, file) || leaveOut(file)) continue;
    const text = repo.text(file) ?? '';
    for (const word of text.match(/\w{2,}/g) ?? []) words.add(word.toLowerCase());
    // `f"LIMIT_{what}"`, `LIMIT_${what}`, `"LIMIT_" + what`, `"LIMIT_%s"`: every name that begins so is read.
    for (const [, start] of text.matchAll(/\b([A-Za-z]\w*_)(?:\$?\{|%s|["'`]\s*[+.])/g))
      words.add(`${start?.toLowerCase()}*`);
  }
  return words;
}

/** Those of some names that no file writes, whole or by a beginning that it puts something behind; undefined as above. */
export function unnamedIn(
  repo: Repo,
  names: readonly string[],
  leaveOut: (file: string) => boolean,
): ReadonlySet<string> | undefined {
  if (!searchable(repo)) return undefined;
  const left = new Map(names.map((name) => [name, nameOrBeginning(name)] as const));
  for (const file of repo.files()) {
    if (left.size === 0) break;
    if (!tells(repo, file) || leaveOut(file)) continue;
    const text = repo.text(file) ?? '';
    for (const [name, pattern] of left) if (pattern.test(text)) left.delete(name);
  }
  return new Set(left.keys());
}

function nameOrBeginning(name: string): RegExp {
  const parts = name.split('_');
  const beginnings = parts.slice(1).map((_, index) => `${parts.slice(0, index + 1).join('_')}_`);
  const put = beginnings.length === 0 ? '' : `|(?<!\\w)(?:${beginnings.join('|')})(?:\\$?\\{|%s|["'\`]\\s*[+.])`;
  return new RegExp(`(?<!\\w)${name}(?!\\w)${put}`, 'i');
}

/** The whole name is among the words, or put together from its beginning. */
export function isNamed(name: string, words: ReadonlySet<string>): boolean {
  const parts = name.toLowerCase().split('_');
  if (words.has(parts.join('_'))) return true;
  return parts.some((_, index) => index > 0 && words.has(`${parts.slice(0, index).join('_')}_*`));
}

/** The same for settings classes, which leave a prefix out and write names in their own case. */
export function isRead(name: string, words: ReadonlySet<string>): boolean {
  if (isNamed(name, words)) return true;
  const parts = name.toLowerCase().split('_');
  return parts.some((_, index) => {
    const rest = parts.slice(index);
    return (
      (rest.length > 1 || index === 0 || parts.length <= 2) && (words.has(rest.join('_')) || words.has(rest.join('')))
    );
  });
}
