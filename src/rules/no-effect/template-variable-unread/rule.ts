import type { Repo } from '../../../repo/repo.ts';
import { envTemplate } from '../../env-template.ts';
import { claim, rule } from '../../rule.ts';

export default rule({
  on: 'stack',
  severity: 'note',
  summary: 'the template of `.env` sets variables that nothing reads',
  why: 'Neither the compose files nor the code name them: whoever changes the port or the password there changes nothing.',
  remedy: 'Use them in the compose file (`${NAME}`), or take them out of the template.',
  proof: 'none',
  decides: 'always',
  *check(stack) {
    const template = envTemplate(stack);
    if (
      stack.files.length === 0 ||
      template === undefined ||
      stack.services.length === 0 ||
      OF_TESTS.test(template.path)
    )
      return;
    // Code that is not here may read them; in a huge repository the search is not worth its time.
    if (stack.repo.files().length > 4000) return;
    if (stack.repo.entry('.gitmodules') !== undefined) return;
    if (stack.services.some((s) => s.target === undefined && s.compose.envFiles.length > 0)) return;
    const unread = [...template.entries].filter(([name]) => !BY_TOOLS.test(name));
    if (unread.length === 0) return;
    const read = namesIn(stack.repo, template.path);
    const lost = unread.filter(([name]) => !isRead(name, read));
    const [first] = lost;
    if (first === undefined) return;
    const names = lost.map(([name]) => name);
    const shown = names.slice(0, 4).join(', ') + (names.length > 4 ? ` and ${names.length - 4} more` : '');
    yield claim({
      at: first[1].at,
      title: `nothing reads ${shown} of ${template.path}`,
      subject: template.path,
      because: lost
        .slice(0, 6)
        .map(([name, { at }]) => ({ kind: 'compose', at, text: `no compose file and no code names ${name}` })),
    });
  },
});

const OF_TESTS = /(?:^|[/._-])(?:tests?|e2e|cypress|playwright)(?:$|[/._-])/i;
/** Read by tools and libraries without their names in the code. */
const BY_TOOLS =
  /^(?:COMPOSE_|DOCKER_|BUILDKIT_|NODE_|NPM_|NEXT_|NUXT_|NITRO_|VITE_|REACT_APP_|VUE_APP_|PYTHON|PIP_|UV_|POETRY_|DJANGO_|FLASK_|UVICORN_|GUNICORN_|WEB_CONCURRENCY|CELERY|AWS_|AZURE_|GOOGLE_|GCP_|OTEL_|SENTRY_|LANG|OPENAI_|ANTHROPIC_|HF_|HUGGING|TRANSFORMERS_|MINIO_|PG[A-Z]+$|SPRING_|JAVA_|SERVER_|LOGGING_|MANAGEMENT_|RAILS_|RACK_|SIDEKIQ|SECRET_KEY_BASE$|RUBY|BUNDLE_|LARAVEL_|APP_KEY$|PHX_|GF_|TRAEFIK_|NEXTAUTH_|AUTH_|CLERK_|STRIPE_|SUPABASE_|PRISMA_|ASPNETCORE_|DOTNET_|GOPATH|RUST_|CARGO_|TZ$|PORT$|HOST$|PATH$|HOME$|CI$|DEBUG$|LOG_LEVEL$|(?:HTTPS?|NO|ALL)_PROXY$|PUID$|PGID$|UID$|GID$|KAFKA_|RABBITMQ_|GRAFANA_)/;

/** Words of all files but documents, templates and what tools write, in lower case. */
function namesIn(repo: Repo, template: string): ReadonlySet<string> {
  const words = new Set<string>();
  for (const file of repo.files()) {
    if (
      file === template ||
      /(?:\.md|\.rst|\.mdx|\.lock|\.svg|\.csv|\.map|\.min\.js|lock\.(?:json|ya?ml)|\.ipynb)$|(?:^|\/)[^/]*env[^/]*(?:example|sample|template|dist)/i.test(
        file,
      )
    )
      continue;
    if ((repo.entry(file)?.size ?? 0) > 1_000_000) continue;
    const text = repo.text(file) ?? '';
    for (const word of text.match(/\w{2,}/g) ?? []) words.add(word.toLowerCase());
    // `f"LIMIT_{what}"`, `LIMIT_${what}`, `"LIMIT_" + what`, `"LIMIT_%s"`: every name that begins so is read.
    for (const [, start] of text.matchAll(/\b([A-Za-z]\w*_)(?:\$?\{|%s|["'`]\s*[+.])/g))
      words.add(`${start?.toLowerCase()}*`);
  }
  return words;
}

/** Settings classes leave a prefix out, and write names in their own case. */
function isRead(name: string, words: ReadonlySet<string>): boolean {
  const parts = name.toLowerCase().split('_');
  if (parts.some((_, index) => index > 0 && words.has(`${parts.slice(0, index).join('_')}_*`))) return true;
  return parts.some((_, index) => {
    const rest = parts.slice(index);
    return (
      (rest.length > 1 || index === 0 || parts.length <= 2) && (words.has(rest.join('_')) || words.has(rest.join('')))
    );
  });
}
