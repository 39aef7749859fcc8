import type { ImageTree } from './image-tree.ts';
import type { FileEntry } from './state.ts';

/** Whether a process may write to an entry by its permission bits; `undefined` where they are not known. */
export function mayWrite(entry: Partial<FileEntry>, uid: number, gids: readonly number[]): boolean | undefined {
  if (uid === 0) return true;
  if (entry.mode === undefined) return undefined;
  if (entry.uid === undefined || entry.gid === undefined) return (entry.mode & 0o222) === 0o222 ? true : undefined;
  const bit = entry.uid === uid ? 0o200 : gids.includes(entry.gid) ? 0o020 : 0o002;
  return (entry.mode & bit) !== 0;
}

/** The topmost paths that a process with these ids may change: directories it may write in (whatever is below, it could
 * rename away), and single files. What may be writable counts as such. */
export function reachable(tree: ImageTree, uid: number, gids: readonly number[]): readonly string[] {
  const out: string[] = [];
  let skip: string | undefined;
  for (const { path, node, presence } of tree.nodes('/')) {
    if (skip !== undefined && path.startsWith(skip)) continue;
    skip = undefined;
    if (presence === 'unknown' || node.type === 'symlink') continue;
    const own = node.entry ?? node.partial ?? {};
    // The owner may give itself the right to write.
    if (own.uid !== uid && mayWrite(own, uid, gids) === false) continue;
    out.push(path);
    if (node.type === 'directory') skip = path === '/' ? '/' : `${path}/`;
  }
  return out;
}

/** Whether a process may pass through every folder above a path. `undefined` where a mode is not known. */
export function mayReach(tree: ImageTree, path: string, uid: number, gids: readonly number[]): boolean | undefined {
  if (uid === 0) return true;
  let unsure = false;
  const parts = path.split('/').slice(1, -1);
  for (let i = 1; i <= parts.length; i++) {
    const found = tree.lookup(`/${parts.slice(0, i).join('/')}`);
    if (!found.known || found.value.presence !== 'present')
      return unsure || !found.known || found.value.presence === 'assumed' ? undefined : true;
    const { mode, uid: owner, gid } = found.value.attributes;
    if (mode === undefined || owner === undefined || gid === undefined) {
      if (mode === undefined || (mode & 0o111) !== 0o111) unsure = true;
      continue;
    }
    const bit = owner === uid ? 0o100 : gids.includes(gid) ? 0o010 : 0o001;
    if ((mode & bit) === 0) return false;
  }
  return unsure ? undefined : true;
}
