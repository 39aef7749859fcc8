import { unknown } from '../../../facts/fact.ts';
import { know } from '../../../facts/know.ts';
import type { EnvValue, Service, Stack } from '../../../model/types.ts';
import type { EnvRead } from '../../../source/env-read.ts';
import type { ProcessSource } from '../../../source/source.ts';
import { BY_TOOLS, unnamedIn } from '../../read-names.ts';
import { type Claim, claim, rule } from '../../rule.ts';

export default rule({
  on: 'service',
  severity: 'warning',
  summary: 'the compose file sets a variable that neither the code nor anything else in the repository names',
  why: 'The program never looks at it: whoever changes the address or the password there changes nothing, and what the code does read may have no value.',
  remedy: 'Write the name as the code has it, or take the line out.',
  proof: 'none',
  *check(service) {
    const { target, stack, compose, foundation } = service;
    if (target === undefined) return;
    const candidates = [...service.env].filter(([name, value]) => isOwn(name, value));
    if (candidates.length === 0) return;
    // What services share by an anchor is more than each of them reads.
    const own = candidates.filter(
      ([name, { at }]) =>
        !stack.services.some((other) => other !== service && other.env.get(name)?.at?.line === at?.line),
    );
    // What the code is known to read needs no search of all files.
    const told = new Set(service.application.known ? namesRead(service.application.value) : []);
    const open = own.filter(([name]) => !told.has(name.toUpperCase()) && service.page?.variables.has(name) !== true);
    const words = open.length === 0 ? undefined : nowhere(stack);
    if (words === undefined) return;
    const unnamed = open.filter(([name]) => words.has(name) && !inWords(name, compose));
    const bundled = unnamed.filter(([name]) => BUNDLED.test(name));
    if (bundled.length > 0) yield lost(service, bundled, []);
    const left = unnamed.filter(([name]) => !BUNDLED.test(name));
    if (left.length === 0 || foundation?.name === 'nginx') {
      if (left.length > 0) yield lost(service, left, []);
      return;
    }
    const { launch, environment, context } = yield* know(service.application);
    if (!READABLE.has(launch.language)) return;
    const unread = left.filter(([name]) => !byLibrary(name, context.installed));
    if (unread.length === 0) return;
    const [gap] = environment.open;
    if (gap !== undefined) yield* know(unknown(gap.text, gap));
    // An env file that is not here may set them.
    const unsure = compose.environment.open.length > 0 || environment.files.length > 0;
    const unset = environment.reads.filter(
      (read) => !unsure && read.reached === true && !service.env.has(read.name) && !BY_TOOLS.test(read.name),
    );
    yield lost(service, unread, unset);
  },
});

const kept = new WeakMap<Stack, ReadonlySet<string> | undefined>();

/** The names that services of a stack are given and that no file of the repository writes: one search for them all. */
function nowhere(stack: Stack): ReadonlySet<string> | undefined {
  if (!kept.has(stack)) {
    const names = stack.services.flatMap((service) =>
      [...service.env].flatMap(([name, value]) => (isOwn(name, value) ? [name] : [])),
    );
    kept.set(
      stack,
      unnamedIn(stack.repo, [...new Set(names)], (file) => readsNothing(file, stack)),
    );
  }
  return kept.get(stack);
}

function namesRead({ environment }: ProcessSource): readonly string[] {
  return environment.reads.map((read) => read.name.toUpperCase());
}

type Variable = readonly [name: string, value: EnvValue];

function lost(service: Service, variables: readonly Variable[], unset: readonly EnvRead[]): Claim {
  const names = variables.map(([name]) => name);
  const shown = names.slice(0, 3).join(', ') + (names.length > 3 ? ` and ${names.length - 3} more` : '');
  return claim({
    at: variables[0]?.[1].at ?? service.at,
    title: `nothing in the repository reads ${shown}, which ${names.length === 1 ? 'is' : 'are'} set for ${service.name}`,
    subject: `${service.name} ${names.join(' ')}`,
    because: [
      ...variables.slice(0, 4).map(([name, { at = service.at }]) => ({
        kind: 'compose' as const,
        at,
        text: `${name} is set for ${service.name}`,
      })),
      ...unset.slice(0, 2).map((read) => ({
        kind: 'source' as const,
        at: read.at,
        text: `the code reads ${read.name}, which nothing sets`,
      })),
    ],
  });
}

/** In other languages frameworks put the names of variables together from those of settings. */
const READABLE: ReadonlySet<string> = new Set(['python', 'node']);

/** Replaced by bundlers where the code of the page names them: no library reads these. */
const BUNDLED = /^(?:VITE_|REACT_APP_|NEXT_PUBLIC_|VUE_APP_|NUXT_PUBLIC_)/;
/** Names of which many are read by clients of somebody's service, and parts of names put together. */
const BY_CLIENTS = /(?:_API_KEY|_TOKEN|_REGION|_ENDPOINT)$|__/;
/** Read by what runs a program, or by libraries under it. */
const BY_RUNTIME =
  /^(?:LC_|LD_|SSL_|XDG_|OMP_|MKL_|NUMBA_|CUDA_|NVIDIA_|TF_|TORCH|MPL|TOKENIZERS_|PROMETHEUS_|DD_|ELASTIC_|NEW_RELIC_|MLFLOW_|WANDB_|STREAMLIT_|GRADIO_|JUPYTER|AIRFLOW_|PREFECT_|DAGSTER_|RAY_|NX_|TURBO_|YARN_|PNPM_|COREPACK_|PUPPETEER_|PLAYWRIGHT_|CHROME|CYPRESS_|WATCHPACK_|CHOKIDAR_|WDS_|FAST_REFRESH|GENERATE_SOURCEMAP|BROWSER|FORCE_COLOR|NO_COLOR|COLUMNS|TERM$|DISPLAY|DEBIAN_FRONTEND|MALLOC_|C_FORCE_ROOT|WORKERS$|MAX_WORKERS|MODULE_NAME|VARIABLE_NAME|APP_MODULE|WORKER_CLASS|TIMEOUT$|BIND$|ENV$|ENVIRONMENT$|VIRTUAL_|LETSENCRYPT_|LITELLM_|NEO4J_|OLLAMA_|CHROMA_|CLOUDINARY_|TWILIO_|RESEND_|SLACK_|FIREBASE_|MLSERVER|FLOWER_|RQ_|DRAMATIQ_|HYPERCORN_|STRAPI_|KC_|KEYCLOAK_|ACCEPT_EULA|TINI_|S6_|SCARF_|DO_NOT_TRACK|NGINX_|USER$|HOSTNAME$|SHELL$|PWD$|TMPDIR$|EDITOR$)/;

/** Names that only the application's own code can mean, with the place where they are set. */
function isOwn(name: string, { at, origin }: EnvValue): boolean {
  if (origin !== 'compose' || at === undefined) return false;
  return BUNDLED.test(name) || !(BY_TOOLS.test(name) || BY_RUNTIME.test(name) || BY_CLIENTS.test(name));
}

/** Libraries that read a variable which nobody tells them: named in their documentation. */
const LIBRARIES: readonly (readonly [RegExp, readonly string[]])[] = [
  [
    /^DATABASE_URL$/,
    ['dj-database-url', 'django-environ', 'environs', 'connect-pg-simple', 'databases', 'piccolo', '@keystone-6/core'],
  ],
  [/^(?:CACHE|SEARCH|EMAIL|CELERY_BROKER)_URL$/, ['django-environ', 'environs', 'dj-email-url']],
  [/^MAIL_/, ['fastapi-mail']],
  [/^AUTHJWT_/, ['fastapi-jwt-auth']],
  [/^REDIS_OM_URL$/, ['redis-om']],
  [/^REDIS_UR[IL]$/, ['langgraph-api', 'langgraph-cli']],
  [/^(?:MONGO_|ROOT_)URL$/, ['meteor']],
  [/^TYPEORM_/, ['typeorm']],
];

/** First words of names that are words of packages, too, which read nothing. */
const PLAIN: ReadonlySet<string> = new Set(
  'redis mongo mongodb mysql mysql2 db database api app cors email jwt auth session server client socket web log cache postgres'.split(
    ' ',
  ),
);

function byLibrary(name: string, installed: ReadonlySet<string>): boolean {
  const first = name.slice(0, Math.max(0, name.indexOf('_'))).toLowerCase();
  // `traceloop-sdk` and TRACELOOP_BASE_URL.
  if (first !== '' && !PLAIN.has(first) && [...installed].some((one) => one.split(/[^a-z0-9]+/).includes(first)))
    return true;
  return LIBRARIES.some(([names, libraries]) => names.test(name) && libraries.some((one) => installed.has(one)));
}

/** Names written in these are set or shown there, not read by a program. */
function readsNothing(file: string, { files, repo }: Stack): boolean {
  if (files.includes(file)) return true;
  const name = file.slice(file.lastIndexOf('/') + 1);
  if (/^\.?env(?:[.-]|$)|\.env$/i.test(name)) return true;
  if (
    /(?:^|\/)\.(?:github|gitlab-ci|circleci|azure)|(?:^|\/)(?:Jenkinsfile|render\.ya?ml|fly\.toml|railway\.)/.test(file)
  )
    return true;
  if (!/\.ya?ml$/.test(name)) return false;
  return /compose/i.test(name) || /^\s*apiVersion\s*:/m.test(repo.text(file) ?? '');
}

/** A command or a check of the compose file itself uses it. */
function inWords(name: string, compose: Service['compose']): boolean {
  const texts = [compose.command, compose.entrypoint, compose.healthcheck?.test];
  return texts.some(
    (text) => text !== undefined && (!text.fact.known || JSON.stringify(text.fact.value).includes(name)),
  );
}
