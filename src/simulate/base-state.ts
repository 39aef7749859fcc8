import { type Fact, known, type Reason, unknown } from '../facts/fact.ts';
import { type ImageFields, image, type SimulatedImage } from './image.ts';
import { ImageTree } from './image-tree.ts';
import { PersistentMap } from './persistent-map.ts';

const DEFAULT_SHELL = ['/bin/sh', '-c'];

/** `FROM scratch`: nothing at all, and that is certain. */
export function scratchState(reason: Reason): SimulatedImage {
  const none = known(null, reason);
  return image({
    ...emptyFields(ImageTree.empty(reason)),
    user: known({ written: '', uid: 0, gid: 0 }, reason),
    workdir: known('/', reason),
    entrypoint: none,
    cmd: none,
    healthcheck: none,
    stopSignal: known('SIGTERM', reason),
    users: known([], reason),
    groups: known([], reason),
    distro: known({ id: 'none' }, reason),
    libc: known('none', reason),
    packageManager: known('none', reason),
    bourneShell: known('none', reason),
  });
}

function emptyFields(
  tree: ImageTree,
): Pick<ImageFields, 'tree' | 'env' | 'envOpen' | 'shell' | 'ports' | 'volumes' | 'labels' | 'languages' | 'packages'> {
  return {
    tree,
    env: PersistentMap.empty<Fact<string>>(),
    envOpen: false,
    shell: DEFAULT_SHELL,
    ports: [],
    volumes: [],
    labels: PersistentMap.empty<Fact<string>>(),
    languages: new Map(),
    packages: [],
  };
}

/** A base of which nothing is known: a private image, a digest, a variable. */
export function unknownState(why: string, reason: Reason): SimulatedImage {
  const no = unknown(why, reason);
  return image({
    ...emptyFields(ImageTree.open({ ...reason, text: why })),
    envOpen: true,
    user: no,
    workdir: no,
    entrypoint: no,
    cmd: no,
    healthcheck: no,
    stopSignal: no,
    users: no,
    groups: no,
    distro: no,
    libc: no,
    packageManager: no,
    bourneShell: no,
  });
}
