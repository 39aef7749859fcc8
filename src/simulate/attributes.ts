import type { Reason } from '../facts/fact.ts';
import { effective } from './locate.ts';
import type { Node } from './node.ts';
import type { FileEntry } from './state.ts';

type Apply = (was: Partial<FileEntry>) => Partial<FileEntry>;

/** A node with other attributes: its entry where all are known, a part of it where not. */
export function withAttributes(node: Node, apply: Apply, reason: Reason): Node {
  const { entry, partial, ...rest } = node;
  const next = apply(entry ?? { ...partial, ...(node.type ? { type: node.type } : {}) });
  const { type, mode, uid, gid } = next;
  if (type !== undefined && mode !== undefined && uid !== undefined && gid !== undefined) {
    return { ...rest, entry: { ...next, type, mode, uid, gid, origin: next.origin ?? reason } };
  }
  return { ...rest, partial: next };
}

/** The same for everything below a directory; what is not certain to be there keeps what it has. `above`: the latest doubt over it. */
export function withAttributesBelow(node: Node, apply: Apply, above: Node['doubt'], reason: Reason): Node {
  if (node.type !== 'directory' || !node.children) return node;
  const doubt = node.doubt && (!above || node.doubt.stamp > above.stamp) ? node.doubt : above;
  let children = node.children;
  const owner = {};
  for (const [name, child] of node.children) {
    const presence = effective(child, doubt);
    if (presence === 'absent' || presence === 'unknown') continue;
    children = children.set(
      name,
      withAttributesBelow(withAttributes(child, apply, reason), apply, doubt, reason),
      owner,
    );
  }
  return { ...node, children };
}

/** What `chown` makes of attributes: `undefined` leaves an id, `null` makes it unknown. Set-id bits of a file go, as in the kernel. */
export function owned(
  was: Partial<FileEntry>,
  uid: number | null | undefined,
  gid: number | null | undefined,
): Partial<FileEntry> {
  const { uid: oldUid, gid: oldGid, ...rest } = was;
  const nextUid = uid === undefined ? oldUid : uid;
  const nextGid = gid === undefined ? oldGid : gid;
  const mode = was.type === 'file' && was.mode !== undefined ? { mode: was.mode & 0o1777 } : {};
  return {
    ...rest,
    ...mode,
    ...(nextUid === undefined || nextUid === null ? {} : { uid: nextUid }),
    ...(nextGid === undefined || nextGid === null ? {} : { gid: nextGid }),
  };
}
