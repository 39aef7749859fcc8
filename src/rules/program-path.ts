import type { ImageState } from '../simulate/state.ts';
import type { Launch } from '../source/launch/launch.ts';

/** The programs that are looked up on PATH when the container starts, in the order in which they start. */
export function startedPrograms({ argv, before = [] }: Launch): readonly string[] {
  const names = [...before.flatMap((launch) => launch.argv.slice(0, 1)), ...argv.slice(0, 1)];
  return [...new Set(names)];
}

/** Where a program lies that is started by its name or path; undefined where the folders of PATH do not tell. */
export function programPath({ env, tree }: ImageState, name: string): string | undefined {
  if (name.includes('/')) return /^\/.*\/bin\/[^/]+$/.test(name) ? name : undefined;
  const path = env.get('PATH');
  if (path?.known !== true) return undefined;
  for (const folder of path.value.split(':')) {
    const found = tree.lookup(`${folder}/${name}`, { follow: false });
    // A folder that may hold it or not hides those behind it.
    if (!found.known) return undefined;
    if (found.value.presence !== 'absent')
      return found.value.presence === 'present' && folder.endsWith('/bin') ? `${folder}/${name}` : undefined;
  }
  return undefined;
}
