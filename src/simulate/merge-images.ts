import { type Fact, type Reason, unknown } from '../facts/fact.ts';
import { type ImageFields, image, type SimulatedImage } from './image.ts';
import { ImageTree } from './image-tree.ts';
import { effective, unseen } from './locate.ts';
import { type Doubt, type Node, noChildren } from './node.ts';
import type { FileEntry } from './state.ts';

/** The image of which only so much is known that it is one of two: what both say stays, presence in one alone is assumed. */
export function mergeImages(a: SimulatedImage, b: SimulatedImage, reason: Reason): SimulatedImage {
  if (a === b) return a;
  const same = <T>(left: Fact<T>, right: Fact<T>): Fact<T> =>
    left === right || (left.known && right.known && left.value === right.value)
      ? left
      : unknown('it depends on which branch ran', reason);
  const env = new Map(a.env);
  for (const name of new Set([...a.env.keys(), ...b.env.keys()])) {
    const left = a.env.get(name);
    const right = b.env.get(name);
    if (left !== right)
      env.set(name, left && right ? same(left, right) : unknown('it depends on which branch ran', reason));
  }
  const fields: ImageFields = {
    ...a,
    tree: mergeTrees(a.tree, b.tree, reason),
    env: a.env === b.env ? a.env : env,
    users: same(a.users, b.users),
    groups: same(a.groups, b.groups),
    packages: a.packages === b.packages ? a.packages : b.packages.length > a.packages.length ? a.packages : b.packages,
    ...mergedCommands(a, b),
  };
  return image(fields);
}

/** What both sides' tables say. A merged tree carries no doubts of its own, so a table whose folders were in doubt on one side
 * may say no more that a command is absent. */
function mergedCommands(a: SimulatedImage, b: SimulatedImage): Pick<ImageFields, 'baseCommands'> {
  const [left, right] = [a.baseCommands, b.baseCommands];
  if (!left || !right) return {};
  const doubted = left.directories.some((directory) =>
    [a, b].some((side) => (side.tree.locate(directory, true).doubt?.stamp ?? 0) > left.stamp),
  );
  if (left === right && !doubted) return { baseCommands: left };
  const commands = new Map(
    [...left.commands].filter(([name, fact]) => {
      const other = right.commands.get(name);
      if (other === undefined || !fact.known || !other.known || fact.value !== other.value) return false;
      return !(doubted && fact.value === 'absent');
    }),
  );
  return { baseCommands: { ...left, commands } };
}

export function mergeTrees(a: ImageTree, b: ImageTree, reason: Reason): ImageTree {
  if (a.root === b.root) return a.clock >= b.clock ? a : b;
  const clock = Math.max(a.clock, b.clock) + 1;
  const root = mergeNodes({ node: a.root, doubt: a.root.doubt }, { node: b.root, doubt: b.root.doubt }, reason, clock);
  return new ImageTree(root, clock, Math.max(a.copied, b.copied));
}

interface Side {
  readonly node: Node;
  /** Newest doubt above, this node's own included. */
  readonly doubt: Doubt | undefined;
}

function newest(a: Doubt | undefined, b: Doubt | undefined): Doubt | undefined {
  if (!a) return b;
  return b && b.stamp > a.stamp ? b : a;
}

/** Both nodes are (perhaps) there. The result carries no doubts: they are applied to what is below. */
function mergeNodes(a: Side, b: Side, reason: Reason, clock: number): Node {
  const type = a.node.type === b.node.type ? a.node.type : undefined;
  const entry = sameEntry(a.node.entry, b.node.entry) ? a.node.entry : undefined;
  const attributes = entry
    ? { entry }
    : { partial: common(a.node.entry ?? a.node.partial ?? {}, b.node.entry ?? b.node.partial ?? {}) };
  const base = { because: a.node.because, stamp: clock, sealed: clock, state: 'present' as const };
  if (type !== 'directory') return { ...base, ...(type ? { type } : {}), ...attributes };
  const doubtA = newest(a.doubt, a.node.doubt);
  const doubtB = newest(b.doubt, b.node.doubt);
  let children = a.node.children ?? noChildren;
  const owner = {};
  const names = new Set([...children.keys(), ...(b.node.children ?? noChildren).keys()]);
  for (const name of names) {
    const left = a.node.children?.get(name);
    const right = b.node.children?.get(name);
    // Both branches left it as it was, and nothing above it is in doubt: most of a base image.
    if (left === right && left && !doubtA && !doubtB) continue;
    if (left === right && left && doubtA === doubtB && (!doubtA || left.stamp >= doubtA.stamp) && !left.children) {
      children = children.set(name, { ...left, stamp: clock, sealed: clock }, owner);
      continue;
    }
    children = children.set(
      name,
      mergeChild(side(a.node, left, doubtA), side(b.node, right, doubtB), reason, clock),
      owner,
    );
  }
  const openA = openness(a.node, doubtA);
  const open = openA ?? openness(b.node, doubtB);
  return { ...base, ...attributes, type, children, ...(open ? { open } : {}) };
}

interface Child {
  readonly presence: 'present' | 'absent' | 'assumed' | 'unknown';
  readonly node?: Node;
  readonly doubt: Doubt | undefined;
  readonly because: readonly Reason[];
}

function side(directory: Node, node: Node | undefined, doubt: Doubt | undefined): Child {
  if (!node) return { ...unseen(directory, doubt), doubt };
  const presence = effective(node, doubt);
  const because = presence !== node.state && doubt ? [doubt.reason] : node.because;
  return { presence, node, doubt, because };
}

function mergeChild(a: Child, b: Child, reason: Reason, clock: number): Node {
  const here = (child: Child) => child.presence === 'present' || child.presence === 'assumed';
  if (here(a) && here(b) && a.node && b.node) {
    const merged =
      a.node === b.node && a.doubt === b.doubt
        ? settled(a.node, a.doubt, clock)
        : mergeNodes({ node: a.node, doubt: a.doubt }, { node: b.node, doubt: b.doubt }, reason, clock);
    return a.presence === 'present' && b.presence === 'present'
      ? { ...merged, state: 'present' }
      : { ...merged, state: 'assumed' };
  }
  if (a.presence === 'absent' && b.presence === 'absent') {
    return { state: 'absent', because: a.because, stamp: clock, sealed: clock };
  }
  if (a.presence === 'unknown' || b.presence === 'unknown') {
    const [open, other] = a.presence === 'unknown' ? [a, b] : [b, a];
    // What one branch wrote or removed is a reason, too: it is no longer only the base that is not known.
    const because = other.presence === 'unknown' ? open.because : [reason, ...open.because].slice(0, 4);
    return { state: 'unknown', because, open: because[0] ?? reason, stamp: clock, sealed: clock };
  }
  const there = here(a) ? a : b;
  if (!there.node) return { state: 'unknown', because: [reason], open: reason, stamp: clock, sealed: clock };
  return {
    ...settled(there.node, there.doubt, clock),
    state: 'assumed',
    because: [reason, ...there.because].slice(0, 4),
  };
}

/** The node under a new clock: the doubt above it becomes its own, so that nothing it covered looks newer than it is. */
function settled(node: Node, doubt: Doubt | undefined, clock: number): Node {
  const own = newest(doubt, node.doubt);
  // A re-stamped node stays as sealed as it was: doubts keep their old stamps and compare with old seals below it.
  return { ...node, stamp: clock, ...(own ? { doubt: own } : {}) };
}

function openness(directory: Node, doubt: Doubt | undefined): Reason | undefined {
  if (doubt && doubt.stamp > directory.sealed) return doubt.reason;
  return directory.open;
}

function sameEntry(a: FileEntry | undefined, b: FileEntry | undefined): boolean {
  if (a === b) return a !== undefined;
  return (
    a !== undefined &&
    b !== undefined &&
    a.type === b.type &&
    a.mode === b.mode &&
    a.uid === b.uid &&
    a.gid === b.gid &&
    a.target === b.target &&
    a.content === b.content &&
    a.source === b.source
  );
}

function common(a: Partial<FileEntry>, b: Partial<FileEntry>): Partial<FileEntry> {
  return {
    ...(a.mode !== undefined && a.mode === b.mode ? { mode: a.mode } : {}),
    ...(a.uid !== undefined && a.uid === b.uid ? { uid: a.uid } : {}),
    ...(a.gid !== undefined && a.gid === b.gid ? { gid: a.gid } : {}),
  };
}
