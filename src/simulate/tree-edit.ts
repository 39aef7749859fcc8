import type { Presence, Reason } from '../facts/fact.ts';
import { ImageTree } from './image-tree.ts';
import { effective, unseen } from './locate.ts';
import {
  type Doubt,
  type Node,
  newDirectory,
  newLeaf,
  noChildren,
  PATH_MAX,
  splitPath,
  vagueDirectory,
} from './node.ts';
import type { FileEntry } from './state.ts';

/** Owner and mode of directories that a write creates on its way. */
export interface ParentOwner {
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

export const rootParents: ParentOwner = { mode: 0o755, uid: 0, gid: 0 };

/** What was at a path before it is written. */
export interface Before {
  readonly presence: Presence | 'unknown';
  readonly node?: Node;
  readonly doubt?: Doubt;
}

/** One change of a tree in progress. Paths must be canonical (`Located.real`); the tree it started from stays as it was. */
export class TreeEdit {
  readonly reason: Reason;
  readonly #owner = {};
  #root: Node;
  #clock: number;
  /** See `ImageTree.copied`. */
  copied: number;

  constructor(tree: ImageTree, reason: Reason) {
    this.#root = tree.root;
    this.#clock = tree.clock;
    this.copied = tree.copied;
    this.reason = reason;
  }

  get clock(): number {
    return this.#clock;
  }

  get tree(): ImageTree {
    return new ImageTree(this.#root, this.#clock, this.copied);
  }

  /** Replaces the node at a canonical path by what `make` gives; creates missing parents. False where a parent is a file
   * (nothing is changed) or the path is longer than a kernel takes. */
  put(real: string, make: (before: Before) => Node | undefined, parents: ParentOwner = rootParents): boolean {
    if (real.length > PATH_MAX) return false;
    const parts = splitPath(real);
    const line: Node[] = [this.#root];
    let node = this.#root;
    let doubt: Doubt | undefined = this.#root.doubt;
    for (let i = 0; i < parts.length - 1; i++) {
      const child = this.#parent(node, parts[i] ?? '', doubt, parents);
      if (!child) return false;
      line.push(child);
      node = child;
      if (child.doubt && (!doubt || child.doubt.stamp > doubt.stamp)) doubt = child.doubt;
    }
    const name = parts.at(-1);
    if (name === undefined) {
      this.#root = make({ presence: 'present', node: this.#root, ...(doubt ? { doubt } : {}) }) ?? this.#root;
      return true;
    }
    const made = make(before(node, name, doubt));
    if (!made) return true;
    let below = made;
    for (let i = parts.length - 1; i >= 0; i--) {
      const above = line[i];
      if (!above) return false;
      const children = (above.children ?? noChildren).set(parts[i] ?? '', below, this.#owner);
      below = { ...above, children };
    }
    this.#root = below;
    return true;
  }

  #parent(node: Node, name: string, doubt: Doubt | undefined, parents: ParentOwner): Node | undefined {
    const was = before(node, name, doubt);
    if (was.presence === 'absent') return this.directory(parents);
    if (was.presence === 'unknown' || !was.node) return this.#vague(was);
    if (was.node.type === undefined) return this.#vague(was);
    if (was.node.type !== 'directory') return was.presence === 'assumed' ? this.#vague(was) : undefined;
    return was.presence === 'present' ? was.node : this.present(was.node);
  }

  #vague(was: Before): Node {
    const open = was.node?.because[0] ?? this.reason;
    return vagueDirectory(this.#clock, open, [this.reason]);
  }

  /** The same node, now known to be there. */
  present(node: Node): Node {
    return { ...node, state: 'present', stamp: this.#clock, because: [this.reason, ...node.because].slice(0, 4) };
  }

  directory(owner: ParentOwner): Node {
    const entry: FileEntry = { type: 'directory', ...owner, origin: this.reason };
    return newDirectory(entry, this.#clock, [this.reason]);
  }

  leaf(entry: FileEntry, because: readonly Reason[] = [this.reason]): Node {
    return newLeaf(entry, this.#clock, because);
  }

  /** From here on, anything at or below a canonical path may have changed. */
  doubt(real: string, reason: Reason): void {
    this.#clock++;
    const doubt: Doubt = { stamp: this.#clock, reason };
    this.put(real, (was) => {
      if (was.node && (was.presence === 'present' || was.presence === 'assumed')) {
        const state = real === '/' ? 'present' : 'assumed';
        return { ...was.node, state, doubt, stamp: this.#clock, because: [reason, ...was.node.because].slice(0, 4) };
      }
      return { state: 'unknown', because: [reason], open: reason, stamp: this.#clock, sealed: this.#clock };
    });
  }

  /** From here on, anything below a directory may have changed; the directory itself stays. */
  doubtInside(real: string, reason: Reason): void {
    this.#clock++;
    const doubt: Doubt = { stamp: this.#clock, reason };
    this.put(real, (was) => (was.node ? { ...was.node, doubt } : undefined));
  }
}

/** What is known of a name in a directory, doubts applied. */
export function before(directory: Node, name: string, doubt: Doubt | undefined): Before {
  const newest = directory.doubt && (!doubt || directory.doubt.stamp > doubt.stamp) ? directory.doubt : doubt;
  const node = directory.children?.get(name);
  const more = newest ? { doubt: newest } : {};
  if (!node) return { presence: unseen(directory, newest).presence, ...more };
  return { presence: effective(node, newest), node, ...more };
}
