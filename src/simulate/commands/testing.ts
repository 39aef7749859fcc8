import { parseDockerfile } from '../../dockerfile/parse.ts';
import { type MemoryFile, memoryRepo } from '../../repo/memory.ts';
import { openContext } from '../context/open-context.ts';
import { simulate } from '../simulate.ts';
import type { ImageState } from '../state.ts';
import type { Break } from '../trace.ts';

/** What a Dockerfile makes of an image, for tests of command models. */
export interface Built {
  readonly breaks: readonly Pick<Break, 'kind' | 'subject' | 'says' | 'text'>[];
  readonly state: ImageState;
  /** `present`, `absent`, `assumed` or `unknown`. */
  at(path: string): string;
  /** `0755 0:0` of a path, with `?` for what is not known. */
  attributes(path: string): string;
  command(name: string): string;
  user(name: string): string | undefined;
  group(name: string): string | undefined;
}

/** Simulates a Dockerfile on a repository of these files. */
export function build(dockerfile: string, files: Readonly<Record<string, MemoryFile>> = {}): Built {
  const repo = memoryRepo({ ...files, Dockerfile: dockerfile });
  const trace = simulate({
    dockerfile: parseDockerfile(dockerfile, 'Dockerfile'),
    context: openContext(repo, '', 'Dockerfile'),
    platform: { os: 'linux', architecture: 'amd64' },
  });
  if (!trace) throw new Error('the Dockerfile has no stage');
  const state = trace.final;
  const { users, groups } = state;
  return {
    breaks: trace.breaks.filter((item) => !item.swallowed && !item.hypothetical),
    state,
    at(path) {
      const found = state.tree.lookup(path, { follow: false });
      return found.known ? found.value.presence : 'unknown';
    },
    attributes(path) {
      const found = state.tree.lookup(path, { follow: false });
      if (!found.known) return 'unknown';
      const { mode, uid, gid } = found.value.attributes;
      return `${mode === undefined ? '?' : mode.toString(8).padStart(4, '0')} ${uid ?? '?'}:${gid ?? '?'}`;
    },
    command(name) {
      const found = state.command(name);
      return found.known ? found.value : 'unknown';
    },
    user(name) {
      const user = users.known ? users.value.find((item) => item.name === name) : undefined;
      return user && `${user.uid}:${user.gid}:${user.home}`;
    },
    group(name) {
      const group = groups.known ? groups.value.find((item) => item.name === name) : undefined;
      return group && `${group.gid}:${group.members.join(',')}`;
    },
  };
}
