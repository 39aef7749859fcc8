import { parseDockerfile } from '../dockerfile/parse.ts';
import { isTemplate } from '../dockerfile/template.ts';
import type { Dockerfile } from '../dockerfile/types.ts';
import { type Fact, known, type Reason, unknown } from '../facts/fact.ts';
import type { Repo } from '../repo/repo.ts';
import type { BuildContext } from '../simulate/context/build-context.ts';
import { openContext, remoteContext } from '../simulate/context/open-context.ts';
import { simulate } from '../simulate/simulate.ts';
import type { Trace } from '../simulate/trace.ts';
import type { DiscoveredTarget } from '../targets/types.ts';
import type { Place } from '../text/place.ts';
import { copiedSecrets } from './copied-secrets.ts';
import { developmentDependencies } from './development-dependencies.ts';
import { endedOf } from './ended.ts';
import { lazy } from './lazy.ts';
import type { BuildTarget, TargetBase } from './types.ts';

/** Parsed Dockerfiles by path and text: several targets share one. */
export type DockerfileCache = Map<string, Dockerfile>;

export interface TargetInput {
  readonly repo: Repo;
  readonly found: DiscoveredTarget;
  readonly orphan: boolean;
  /** ISO date for ends of life. */
  readonly today: string;
  readonly cache: DockerfileCache;
}

/** Makes a build target of what was discovered; undefined when its Dockerfile is not known or cannot be read. */
export function buildTarget({ repo, found, orphan, today, cache }: TargetInput): BuildTarget | undefined {
  const dockerfile = dockerfileOf(repo, found, cache);
  if (dockerfile === undefined || dockerfile.stages.length === 0 || isTemplate(dockerfile)) return undefined;
  const contextDir = found.context.known ? found.context.value : '';
  const context = lazy(() =>
    found.context.known
      ? openContext(repo, contextDir, dockerfile.file)
      : remoteContext(repo, dockerfile.file, found.context.known ? '' : found.context.why),
  );
  const stage = found.stage?.known === true ? found.stage.value : undefined;
  const asked = found.stage?.because.flatMap((reason) => ('at' in reason ? [reason] : []))[0];
  const stageMissing = stage !== undefined && !hasStage(dockerfile, stage);
  const trace = lazy((): Trace => {
    const input = {
      dockerfile,
      context: context(),
      buildArgs: argumentsOf(found, dockerfile),
      contexts: contextsOf(repo, dockerfile, found),
      ...platformOf(found.platforms[0]),
    };
    // A stage that is not there is said by a rule; what follows is looked at as if the last one were meant.
    const traced = simulate(stage === undefined || stageMissing ? input : { ...input, target: stage });
    if (traced === undefined) throw new Error(`${dockerfile.file} has stages but no trace`);
    return traced;
  });
  const at = lazy((): Place => trace().target.at);
  const because: readonly Reason[] = found.because;
  const secrets = lazy(() => copiedSecrets(repo, dockerfile, context(), trace()));
  const bases = lazy(() => basesOf(trace(), today));
  return {
    id: found.id,
    dockerfile,
    contextDir,
    args: found.args,
    usedBy: because,
    orphan,
    repo,
    development: isDevelopment(found, stage),
    stageMissing,
    contextGuessed: found.rank === 'orphan',
    ...(stage === undefined ? {} : { stage }),
    ...(asked === undefined ? {} : { stageAsked: asked }),
    get context() {
      return context();
    },
    get trace() {
      return trace();
    },
    get at() {
      return at();
    },
    get sent(): Fact<null> {
      return found.context.known ? known(null) : unknown(found.context.why);
    },
    get bases() {
      return bases();
    },
    get copiedSecrets() {
      return secrets();
    },
    developmentDependencies: (step, language) => developmentDependencies(repo, context(), step, language),
  };
}

/** The Dockerfile of what was discovered, parsed once; undefined where its text is not known. */
export function dockerfileOf(repo: Repo, found: DiscoveredTarget, cache: DockerfileCache): Dockerfile | undefined {
  const path = found.dockerfile.known ? found.dockerfile.value : found.inline?.at.file;
  const text = found.inline?.text ?? (found.dockerfile.known ? repo.text(found.dockerfile.value) : undefined);
  if (path === undefined || text === undefined) return undefined;
  // Places of an inline Dockerfile would count from its own first line: it is moved to where it stands.
  const shifted = found.inline === undefined ? text : `${'\n'.repeat(Math.max(0, found.inline.at.line))}${text}`;
  const key = `${path}\u0000${shifted}`;
  let parsed = cache.get(key);
  if (parsed === undefined) {
    parsed = parseDockerfile(shifted, path);
    cache.set(key, parsed);
  }
  return parsed;
}

function isDevelopment(found: DiscoveredTarget, stage: string | undefined): boolean {
  if (stage !== undefined && /^(dev|development|local|test|tests|testing|debug|ci|lint)([-_]|$)/i.test(stage))
    return true;
  if (found.dockerfile.known && /(^|\/)\.devcontainer\//.test(found.dockerfile.value)) return true;
  const name = found.dockerfile.known ? (found.dockerfile.value.split('/').pop() ?? '') : '';
  if (/(^|[._-])(dev|development|local|test|tests|ci)([._-]|$)/i.test(name)) return true;
  return found.uses.length > 0 && found.uses.every((use) => use.development);
}

/** Bases from outside, with the release cycle that has ended. */
function basesOf(trace: Trace, today: string): readonly TargetBase[] {
  return trace.stages
    .filter((stage) => stage.baseStage === undefined && stage.baseName !== 'scratch')
    .map((stage) => ({ name: stage.baseName, at: stage.at, ended: endedOf(stage.baseName, today) }));
}

function hasStage(dockerfile: Dockerfile, stage: string): boolean {
  return /^\d+$/.test(stage)
    ? Number(stage) < dockerfile.stages.length
    : dockerfile.stages.some((s) => s.name === stage.toLowerCase());
}

function contextsOf(
  repo: Repo,
  dockerfile: Dockerfile,
  found: DiscoveredTarget,
): ReadonlyMap<string, BuildContext | undefined> {
  return new Map(
    [...found.additionalContexts].map(([name, folder]) => [
      name,
      folder.known ? openContext(repo, folder.value, dockerfile.file) : undefined,
    ]),
  );
}

function platformOf(text: string | undefined): {
  readonly platform?: { readonly os: string; readonly architecture: string; readonly variant?: string };
} {
  const [os, architecture, variant] = text?.split('/') ?? [];
  if (os === undefined || architecture === undefined || /\$/.test(text ?? '')) return {};
  return { platform: { os, architecture, ...(variant === undefined ? {} : { variant }) } };
}

/** Nobody says with which arguments a file by convention is built: one without a default is unknown, not unset. */
function argumentsOf(found: DiscoveredTarget, dockerfile: Dockerfile): ReadonlyMap<string, Fact<string>> {
  if (found.rank === 'live') return found.args;
  const args = new Map(found.args);
  const declared = [...dockerfile.metaArgs, ...dockerfile.instructions.filter((i) => i.keyword === 'ARG')];
  for (const { name, value } of declared.flatMap((a) => (a.keyword === 'ARG' ? a.args : []))) {
    if (value === undefined && !args.has(name.text))
      args.set(name.text, unknown(`nothing in the repository gives ${name.text} a value`));
  }
  return args;
}
