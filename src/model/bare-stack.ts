import { loadCompose } from '../compose/load.ts';
import { memoryRepo } from '../repo/memory.ts';
import type { Repo } from '../repo/repo.ts';
import { serviceOf } from './service.ts';
import type { BuildTarget, Service, Stack } from './types.ts';

/** An image that no compose file runs, as `docker run IMAGE` would: one service without settings. It has no files. */
export function bareStack(repo: Repo, target: BuildTarget, today: string): Stack {
  const name = nameOf(target);
  const file = 'compose.yaml';
  const model = loadCompose(memoryRepo({ [file]: `services:\n  ${JSON.stringify(name)}:\n    image: built\n` }), [
    file,
  ]);
  const services: Service[] = [];
  const stack: Stack = {
    id: target.id,
    files: [],
    because: target.usedBy,
    production: false,
    development: target.development,
    purpose: { grade: target.development ? 'development' : 'unclear', because: [] },
    model,
    services,
    secretFiles: [],
    repo,
  };
  for (const compose of model.services.values()) {
    const { image: _placeholder, ...rest } = compose;
    services.push(serviceOf({ compose: { ...rest, at: target.at }, stack, target, repo, today }));
  }
  return stack;
}

/** The folder of its Dockerfile, or what stands beside `Dockerfile` in its name. */
function nameOf(target: BuildTarget): string {
  const parts = target.dockerfile.file.split('/');
  const file = parts.at(-1) ?? '';
  const special =
    /^(?:Dockerfile|Containerfile)[._-](.+)$/.exec(file)?.[1] ??
    /^(.+)\.(?:Dockerfile|Containerfile)$/i.exec(file)?.[1];
  return special ?? parts.at(-2) ?? 'image';
}
