import type { Reason } from '../../facts/fact.ts';
import type { BuildContext } from '../context/build-context.ts';
import type { CopiedEntry } from '../context/copy-source.ts';
import type { Node } from '../node.ts';
import { PersistentMap } from '../persistent-map.ts';
import type { FileEntry } from '../state.ts';

/** Texts above this are not handed to later steps. Bytes. */
const MOST_TEXT = 2_000_000;

/** Files of the build context as nodes that can be copied into an image. `bytes`: what they add to a layer. */
export function contextNode(
  context: BuildContext,
  entries: readonly CopiedEntry[],
  origin: Reason,
): { readonly node: Node; readonly bytes: number; readonly files: number } | undefined {
  const [top] = entries;
  if (!top) return undefined;
  let bytes = 0;
  let files = 0;
  const children = new Map<string, Map<string, Node>>();
  const made: { readonly relative: string; readonly node: Node }[] = [];
  // Children come after their parents: built backwards, every folder finds its children complete.
  for (let i = entries.length - 1; i >= 0; i--) {
    const item = entries[i];
    if (!item || item.entry.type === 'other') continue;
    const below = children.get(item.relative);
    const node = nodeOf(context, item, origin, below);
    if (item.entry.type === 'file') {
      bytes += item.entry.size;
      files++;
    }
    if (item.relative === '') {
      made.push({ relative: '', node });
      continue;
    }
    const slash = item.relative.lastIndexOf('/');
    const folder = slash === -1 ? '' : item.relative.slice(0, slash);
    const names = children.get(folder) ?? new Map<string, Node>();
    names.set(item.relative.slice(slash + 1), node);
    children.set(folder, names);
  }
  const node = made.at(-1)?.node;
  return node ? { node, bytes, files } : undefined;
}

function nodeOf(context: BuildContext, item: CopiedEntry, origin: Reason, below: Map<string, Node> | undefined): Node {
  const { entry } = item;
  const because = [origin];
  const base = { state: 'present', because, stamp: 0, sealed: 0 } as const;
  if (entry.type === 'directory') {
    const own: FileEntry = { type: 'directory', mode: entry.mode & 0o7777, uid: 0, gid: 0, origin };
    return { ...base, type: 'directory', entry: own, children: PersistentMap.from(below ?? []) };
  }
  if (entry.type === 'symlink') {
    const target = entry.target === undefined ? {} : { target: entry.target };
    return { ...base, type: 'symlink', entry: { type: 'symlink', mode: 0o777, uid: 0, gid: 0, ...target, origin } };
  }
  const source = context.dir === '' ? item.path : `${context.dir}/${item.path}`;
  const content = entry.size > MOST_TEXT ? {} : { content: () => context.repo.text(source) };
  const own: FileEntry = {
    type: 'file',
    mode: entry.mode & 0o7777,
    uid: 0,
    gid: 0,
    size: entry.size,
    source,
    ...content,
    origin,
  };
  return { ...base, type: 'file', entry: own };
}
