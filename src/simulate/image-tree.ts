import { type Fact, known, type Presence, type Reason, unknown } from '../facts/fact.ts';
import { effective, type Located, locate, unseen } from './locate.ts';
import { type Doubt, type Node, newDirectory, noChildren } from './node.ts';
import type { FileEntry, FileTree, PathState } from './state.ts';

/** The file tree of a simulated image: immutable nodes that share structure, and a clock that orders doubts and writes. */
export class ImageTree implements FileTree {
  readonly root: Node;
  readonly clock: number;
  /** Entries that commands of the build have copied so far: trees that are copied into themselves must end. */
  readonly copied: number;

  constructor(root: Node, clock: number, copied = 0) {
    this.root = root;
    this.clock = clock;
    this.copied = copied;
  }

  /** Nothing but `/`: what `FROM scratch` begins with. */
  static empty(reason: Reason): ImageTree {
    const entry: FileEntry = { type: 'directory', mode: 0o755, uid: 0, gid: 0, origin: reason };
    return new ImageTree(newDirectory(entry, 0, [reason]), 0);
  }

  /** A base of which nothing is known. */
  static open(reason: Reason): ImageTree {
    const entry: FileEntry = { type: 'directory', mode: 0o755, uid: 0, gid: 0, origin: reason };
    return new ImageTree({ ...newDirectory(entry, 0, [reason]), open: reason }, 0);
  }

  locate(path: string, follow: boolean): Located {
    return locate(this.root, path, follow);
  }

  lookup(path: string, options: { readonly follow?: boolean } = {}): Fact<PathState> {
    const found = locate(this.root, path, options.follow ?? true);
    if (found.presence === 'unknown') return unknown(found.why ?? `${path} is not known`, ...found.because);
    return known(pathState(found.presence, found.node, found.real), ...found.because);
  }

  list(path: string): Fact<{ readonly names: readonly string[]; readonly complete: boolean }> {
    const found = locate(this.root, path, true);
    if (found.presence === 'unknown' || found.presence === 'absent' || found.node?.type !== 'directory') {
      return unknown(found.why ?? `${path} is not known to be a directory`, ...found.because);
    }
    const names: string[] = [];
    let complete = unseen(found.node, found.doubt).presence === 'absent' && found.presence === 'present';
    for (const [name, child] of found.node.children ?? noChildren) {
      const presence = effective(child, found.doubt);
      if (presence === 'present' || presence === 'assumed') names.push(name);
      if (presence === 'unknown' || presence === 'assumed') complete = false;
    }
    return known({ names: names.sort(), complete }, ...found.because);
  }

  *entries(): Iterable<readonly [path: string, entry: FileEntry, presence: Presence]> {
    for (const { path, node, presence } of this.nodes('/')) {
      if (node.entry && presence !== 'unknown' && presence !== 'absent') yield [path, node.entry, presence];
    }
  }

  /** Every node below a directory that is or may be there, itself first, parents before children, names sorted. */
  *nodes(path: string): Iterable<{ path: string; node: Node; presence: Presence | 'unknown'; doubt?: Doubt }> {
    const found = locate(this.root, path, false);
    if (!found.node) return;
    const stack: { path: string; node: Node; presence: Presence | 'unknown'; doubt?: Doubt }[] = [
      {
        path: found.real,
        node: found.node,
        presence: found.presence,
        ...(found.doubt ? { doubt: found.doubt } : {}),
      },
    ];
    for (let top = stack.pop(); top; top = stack.pop()) {
      yield top;
      if (top.node.type !== 'directory') continue;
      const above = top.presence;
      const children = [...(top.node.children ?? noChildren)].sort((a, b) => (a[0] < b[0] ? 1 : -1));
      for (const [name, node] of children) {
        const own = effective(node, top.doubt);
        const presence = own === 'present' && above === 'assumed' ? 'assumed' : own;
        if (presence === 'absent') continue;
        const doubt = node.doubt && (!top.doubt || node.doubt.stamp > top.doubt.stamp) ? node.doubt : top.doubt;
        stack.push({
          path: `${top.path === '/' ? '' : top.path}/${name}`,
          node,
          presence,
          ...(doubt ? { doubt } : {}),
        });
      }
    }
  }
}

function pathState(presence: Presence, node: Node | undefined, real: string): PathState {
  if (presence === 'absent' || !node) return { presence, real, attributes: {} };
  const shown = node.entry ?? node.partial ?? {};
  return {
    presence,
    real,
    attributes: {
      ...(shown.mode === undefined ? {} : { mode: shown.mode }),
      ...(shown.uid === undefined ? {} : { uid: shown.uid }),
      ...(shown.gid === undefined ? {} : { gid: shown.gid }),
    },
    ...(node.entry ? { entry: node.entry } : {}),
    ...(node.type ? { type: node.type } : {}),
    ...(shown.content ? { content: shown.content } : {}),
  };
}
