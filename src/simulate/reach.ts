import type { ImageTree } from './image-tree.ts';
import type { FileEntry } from './state.ts';

/** Whether a process may write to an entry by its permission bits; `undefined` where they are not known. */
export function mayWrite(entry: Partial<FileEntry>, uid: number, gids: readonly number[]): boolean | undefined {
  if (uid === 0) return true;
  if (entry.mode === undefined) return undefined;
  if (entry.mode & 0o002) return true;
  if (entry.uid === undefined || entry.gid === undefined) return entry.mode & 0o220 ? undefined : false;
  if (entry.uid === uid) return true;
  return (entry.mode & 0o020) !== 0 && gids.includes(entry.gid);
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
    if (mayWrite(node.entry ?? node.partial ?? {}, uid, gids) === false) continue;
    out.push(path);
    if (node.type === 'directory') skip = path === '/' ? '/' : `${path}/`;
  }
  return out;
}
