import { loadCompose } from '../compose/load.ts';
import type { ComposeService } from '../compose/model.ts';
import type { Repo } from '../repo/repo.ts';
import type { ComposeCombination, DiscoveredTarget } from '../targets/types.ts';
import { serviceOf } from './service.ts';
import type { BuildTarget, Service, Stack } from './types.ts';

/** Finds the target that a compose service builds. */
export type TargetFinder = (service: ComposeService) => BuildTarget | undefined;

export function stackOf(repo: Repo, combination: ComposeCombination, targetOf: TargetFinder): Stack {
  const model = loadCompose(repo, combination.files, {
    projectDirectory: combination.projectDirectory,
    profiles: combination.profiles.length > 0 ? combination.profiles : ['*'],
    ...(combination.envFiles.length > 0 ? { envFiles: combination.envFiles } : {}),
  });
  const services: Service[] = [];
  const stack: Stack = {
    id: combination.id,
    files: combination.files,
    because: combination.because,
    production: combination.purpose === 'production',
    development: combination.purpose === 'development',
    model,
    services,
    repo,
  };
  for (const compose of model.services.values()) {
    if (compose.active) services.push(serviceOf({ compose, stack, target: targetOf(compose), repo }));
  }
  return stack;
}

/** Whether a discovered target is the one that a compose service builds. */
export function buildsSame(found: DiscoveredTarget, compose: ComposeService): boolean {
  const { build } = compose;
  if (build === undefined || !build.context.fact.known) return false;
  const context = build.context.fact.value.path;
  const dockerfile = build.dockerfile?.fact.known === true ? build.dockerfile.fact.value.path : undefined;
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
