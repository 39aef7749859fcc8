import { type Fact, known, unknown } from '../facts/fact.ts';
import type { Attributes, FileTree, PathState, RunUser } from '../simulate/state.ts';

/** Where a write would be refused: the folder that is there, and whose it is. */
export interface Refusal {
  readonly folder: string;
  readonly found: PathState;
}

/** Whether a user can make a file or folder at a path of an image; known undefined: it can, or there is nothing to be made. */
export function refusedAt(
  tree: FileTree,
  path: string,
  kind: 'file' | 'folder',
  user: RunUser,
): Fact<Refusal | undefined> {
  const found = tree.lookup(path);
  if (!found.known) {
    // Where the user may make it, it does not matter whether it is there.
    const own = tree.lookup(parent(path));
    const free = own.known && own.value.presence === 'present' && mayWrite(own.value.attributes, user);
    return free ? known(undefined) : found;
  }
  if (found.value.presence === 'assumed') return unknown(`whether ${path} is there is not known`, ...found.because);
  // What is there is opened, not made; that an older file may not be written is not looked at.
  if (found.value.presence === 'present') return known(undefined);
  for (let folder = parent(path); ; folder = parent(folder)) {
    const above = tree.lookup(folder);
    if (!above.known) return above;
    const { presence, type, attributes } = above.value;
    if (presence === 'assumed') return unknown(`whose ${folder} is, is not known`, ...above.because);
    if (presence === 'absent') {
      // A file in a folder that is not there fails in another way.
      if (kind === 'file' || folder === '/') return known(undefined);
      continue;
    }
    if (type !== 'directory') return known(undefined);
    const { mode, uid, gid } = attributes;
    if (mode === undefined || uid === undefined || gid === undefined)
      return unknown(`whose ${folder} is, is not known`, ...above.because);
    return { ...above, value: mayWrite({ mode, uid, gid }, user) ? undefined : { folder, found: above.value } };
  }
}

/** A group that may write excuses: in which groups a user is besides its own is not looked at. */
function mayWrite({ mode = 0, uid }: Attributes, user: RunUser): boolean {
  if (user.uid === undefined || user.uid === 0) return true;
  return (mode & (uid === user.uid ? 0o200 : 0o022)) !== 0;
}

function parent(path: string): string {
  return path.slice(0, path.lastIndexOf('/')) || '/';
}
