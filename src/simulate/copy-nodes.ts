import type { Reason } from '../facts/fact.ts';
import type { ImageTree } from './image-tree.ts';
import { effective, unseen } from './locate.ts';
import { type Doubt, gone, type Node, noChildren } from './node.ts';
import type { FileEntry } from './state.ts';
import type { ParentOwner, TreeEdit } from './tree-edit.ts';

export interface CopyOptions {
  /** `cp -a`, `mv`: owner, group and mode stay. Otherwise `uid` and `gid` (default root) own the copies. */
  readonly keepOwner?: boolean;
  readonly uid?: number;
  readonly gid?: number;
  /** Sets the mode of what is copied; default: as in the source. */
  readonly mode?: (entry: FileEntry) => number;
  /** Whether a symlink at the source is followed (COPY follows, `cp -r` does not, `cp` does). Links below never are. */
  readonly follow?: boolean;
  /** Relative paths that are left out (`--exclude`). */
  readonly exclude?: (relative: string, directory: boolean) => boolean;
  /** Owner and mode of directories created on the way to the destination. */
  readonly parents?: ParentOwner;
  /** Most entries that commands may copy in the whole build; what is left out makes its folder open. */
  readonly most?: number;
  /** Whether directories that exist take the source's owner and mode (COPY: yes; `cp -r`: no). */
  readonly overwriteDirectories?: boolean;
}

/** Something to copy: a node with what is known of everything below it at the source. */
export interface Subtree {
  readonly node: Node;
  readonly doubt?: Doubt;
  readonly assumed: boolean;
}

/** At most this many entries are copied in one step: `cp` of a tree into itself, again and again, must end. */
const MOST_COPIED = 200_000;

/** What is at a path of another tree; undefined where it is absent or unknown. */
export function subtree(tree: ImageTree, path: string, follow: boolean): Subtree | undefined {
  const found = tree.locate(path, follow);
  if (!found.node || found.presence === 'absent' || found.presence === 'unknown') return undefined;
  return { node: found.node, assumed: found.presence === 'assumed', ...(found.doubt ? { doubt: found.doubt } : {}) };
}

/** Copies a subtree to a canonical path. */
export function copyNodes(edit: TreeEdit, source: Subtree, real: string, options: CopyOptions): void {
  const most = options.most === undefined ? MOST_COPIED : Math.max(0, options.most - edit.copied);
  const budget = { left: most };
  edit.put(
    real,
    (was) => {
      const existing = was.presence === 'present' || was.presence === 'assumed' ? was.node : undefined;
      const known = was.presence === 'absent' || was.presence === 'present';
      return merge(edit, source, existing, known, was.doubt, '', options, budget);
    },
    options.parents,
  );
  if (options.most !== undefined) edit.copied += most - budget.left;
}

function owned(edit: TreeEdit, entry: FileEntry, options: CopyOptions): FileEntry {
  const mode = entry.type === 'symlink' ? 0o777 : (options.mode?.(entry) ?? entry.mode);
  if (options.keepOwner) return { ...entry, mode, origin: edit.reason };
  return { ...entry, mode, uid: options.uid ?? 0, gid: options.gid ?? 0, origin: edit.reason };
}

/** The node at the destination after `source` was copied onto `existing`. `certain`: what was there before is known. */
function merge(
  edit: TreeEdit,
  source: Subtree,
  existing: Node | undefined,
  certain: boolean,
  above: Doubt | undefined,
  relative: string,
  options: CopyOptions,
  budget: { left: number },
): Node {
  const from = source.node;
  budget.left--;
  const because: readonly Reason[] = [edit.reason, ...from.because.slice(0, 2)];
  const base = {
    state: source.assumed ? 'assumed' : 'present',
    because,
    stamp: edit.clock,
    sealed: edit.clock,
  } as const;
  const entry = from.entry ? owned(edit, from.entry, options) : undefined;
  const attributes = entry
    ? { entry }
    : { partial: { ...from.partial, ...(options.keepOwner ? {} : { uid: options.uid ?? 0, gid: options.gid ?? 0 }) } };
  if (from.type !== 'directory') {
    return { ...base, ...(from.type ? { type: from.type } : {}), ...attributes };
  }
  const into = existing?.type === 'directory' ? existing : undefined;
  const doubt = newest(source.doubt, from.doubt);
  const intoDoubt = newest(above, into?.doubt);
  let children = into?.children ?? noChildren;
  for (const [name, child] of from.children ?? noChildren) {
    const path = relative === '' ? name : `${relative}/${name}`;
    const presence = effective(child, doubt);
    if (options.exclude?.(path, child.type === 'directory')) continue;
    const old = children.get(name);
    const oldPresence = old ? effective(old, intoDoubt) : into ? unseen(into, intoDoubt).presence : 'absent';
    if (presence === 'unknown') {
      const reason = doubt && doubt.stamp > child.stamp ? doubt.reason : (child.because[0] ?? edit.reason);
      const more = child.children ? { children: child.children } : {};
      children = children.set(name, { ...base, ...more, state: 'unknown', because: [reason], open: reason }, edit);
    } else if (presence === 'absent') {
      // Absent at the source says nothing new of a directory that was there; of a new one it says why.
      if (!into) children = children.set(name, gone(edit.clock, child.because), edit);
    } else if (budget.left > 0) {
      const there = oldPresence === 'present' || oldPresence === 'assumed' ? old : undefined;
      const sub = { node: child, assumed: presence === 'assumed' || source.assumed, ...(doubt ? { doubt } : {}) };
      const sure = oldPresence === 'present' || oldPresence === 'absent';
      children = children.set(name, merge(edit, sub, there, sure, intoDoubt, path, options, budget), edit);
    }
  }
  const sourceOpen = openness(from, doubt) ?? (budget.left > 0 ? undefined : edit.reason);
  const intoOpen = into ? openness(into, intoDoubt) : certain ? undefined : edit.reason;
  const open = sourceOpen ?? intoOpen;
  const kept = into && (!options.overwriteDirectories || relative === '');
  const own = kept
    ? { ...(into.entry ? { entry: into.entry } : {}), ...(into.partial ? { partial: into.partial } : {}) }
    : attributes;
  const vague = kept || certain || (options.overwriteDirectories && relative !== '') ? own : { partial: {} };
  return {
    ...base,
    ...vague,
    type: 'directory',
    children,
    ...(open ? { open } : {}),
    because: into ? into.because : because,
  };
}

function newest(a: Doubt | undefined, b: Doubt | undefined): Doubt | undefined {
  if (!a) return b;
  return b && b.stamp > a.stamp ? b : a;
}

function openness(directory: Node, doubt: Doubt | undefined): Reason | undefined {
  if (doubt && doubt.stamp > directory.sealed) return doubt.reason;
  return directory.open;
}
