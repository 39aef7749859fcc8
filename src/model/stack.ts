import { loadCompose } from '../compose/load.ts';
import type { ComposeModel, ComposeService } from '../compose/model.ts';
import { known, unknown } from '../facts/fact.ts';
import type { Repo } from '../repo/repo.ts';
import { secretFile } from '../simulate/context/secret-files.ts';
import { realDockerfile } from '../targets/dockerfile-files.ts';
import type { ComposeCombination, DiscoveredTarget } from '../targets/types.ts';
import { linePlace } from '../text/place.ts';
import { lazy } from './lazy.ts';
import { serviceOf } from './service.ts';
import { stackPurpose } from './stack-purpose.ts';
import type { BuildTarget, Service, Stack, StackSecret } from './types.ts';

/** Finds the target that a compose service builds. */
export type TargetFinder = (service: ComposeService) => BuildTarget | undefined;

export interface StackInput {
  readonly repo: Repo;
  readonly combination: ComposeCombination;
  /** All combinations of the repository. */
  readonly combinations: readonly ComposeCombination[];
  readonly targetOf: TargetFinder;
  /** ISO date for ends of life. */
  readonly today: string;
}

export function stackOf({ repo, combination, combinations, targetOf, today }: StackInput): Stack {
  const model = loadCompose(repo, combination.files, {
    projectDirectory: combination.projectDirectory,
    profiles: combination.profiles.length > 0 ? combination.profiles : ['*'],
    ...(combination.envFiles.length > 0 ? { envFiles: combination.envFiles } : {}),
  });
  const services: Service[] = [];
  const secretFiles = lazy(() => secretFilesOf(repo, model));
  const purpose = lazy(() => stackPurpose(stack, combination, combinations));
  const stack: Stack = {
    id: combination.id,
    files: combination.files,
    because: combination.because,
    production: combination.purpose === 'production',
    development: combination.purpose === 'development',
    model,
    services,
    get purpose() {
      return purpose();
    },
    get secretFiles() {
      return secretFiles();
    },
    repo,
  };
  for (const compose of model.services.values()) {
    if (compose.active) services.push(serviceOf({ compose, stack, target: targetOf(compose), repo, today }));
  }
  return stack;
}

/** Env files of the services and of the project that are there and hold secrets. */
function secretFilesOf(repo: Repo, model: ComposeModel): readonly StackSecret[] {
  const uses = [...model.services.values()].flatMap((service) =>
    service.envFiles.flatMap((use) => {
      const path = use.state === 'present' && use.path.fact.known ? use.path.fact.value.path : undefined;
      return path === undefined ? [] : [{ path, at: use.at }];
    }),
  );
  const [first] = model.services.values();
  const own = model.projectDirectory === '' ? '.env' : `${model.projectDirectory}/.env`;
  if (first !== undefined && repo.entry(own) !== undefined) uses.push({ path: own, at: first.at });
  const seen = new Set<string>();
  return uses.flatMap(({ path, at }): StackSecret[] => {
    const found = seen.has(path) ? undefined : secretFile(repo, path);
    seen.add(path);
    if (found === undefined) return [];
    const tracked = repo.tracked(path);
    return [
      {
        path,
        at: linePlace(path, found.line ?? 1),
        usedAt: at,
        why: found.why,
        tracked: tracked === undefined ? unknown(`whether git has ${path} is not known`) : known(tracked),
      },
    ];
  });
}

/** Whether a discovered target is the one that a compose service builds. */
export function buildsSame(repo: Repo, found: DiscoveredTarget, compose: ComposeService): boolean {
  const { build } = compose;
  if (build === undefined || !build.context.fact.known) return false;
  const context = build.context.fact.value.path;
  const named = build.dockerfile?.fact.known === true ? build.dockerfile.fact.value.path : undefined;
  const dockerfile = named === undefined ? undefined : realDockerfile(repo, named);
  const inline = build.dockerfileInline?.fact.known === true ? build.dockerfileInline.fact.value : undefined;
  const stage = build.target?.fact.known === true ? build.target.fact.value : undefined;
  if (!found.context.known || found.context.value !== context) return false;
  if (
    inline === undefined
      ? !found.dockerfile.known || found.dockerfile.value !== dockerfile
      : found.inline?.text !== inline
  )
    return false;
  if ((found.stage?.known === true ? found.stage.value : undefined) !== stage) return false;
  return [...build.args].every(([name, arg]) => {
    const other = found.args.get(name);
    return other === undefined ? false : !other.known || !arg.fact.known || other.value === arg.fact.value;
  });
}
