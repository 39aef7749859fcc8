import type { Fact, Reason } from '../facts/fact.ts';
import { owned, withAttributes, withAttributesBelow } from './attributes.ts';
import { FieldsChange } from './change-fields.ts';
import { type CopyOptions, copyNodes, subtree } from './copy-nodes.ts';
import type { Creation, FileCreation } from './creation.ts';
import { image, type SimulatedImage, simulated } from './image.ts';
import { gone, type Node, noChildren } from './node.ts';
import { reachable } from './reach.ts';
import type { FileEntry, ImageState } from './state.ts';
import { type ParentOwner, rootParents, TreeEdit } from './tree-edit.ts';

/** A change of an image in progress: looks mutable, but the state it began with stays as it is. Every operation is what the
 * file system does when the command *succeeds*: a parent that was not known to exist exists afterwards. Check first (with
 * `state.tree.lookup`) what could make it fail. All paths absolute. */
export class Change extends FieldsChange {
  readonly #edit: TreeEdit;

  constructor(state: ImageState, reason: Reason) {
    super(simulated(state), reason);
    this.#edit = new TreeEdit(this.fields.tree, reason);
  }

  protected override get clock(): number {
    return this.#edit.clock;
  }

  /** The image with everything changed so far. */
  get state(): SimulatedImage {
    return image({ ...this.fields, tree: this.#edit.tree });
  }

  #real(path: string, follow: boolean): string {
    return this.#edit.tree.locate(path, follow).real;
  }

  #own(creation: Creation, mode: number): ParentOwner {
    return { mode: creation.mode ?? mode, uid: creation.uid ?? 0, gid: creation.gid ?? 0 };
  }

  /** Makes sure that a directory exists. One that is there keeps its owner and mode; where it may have been there, they are unknown. */
  mkdir(path: string, creation: Creation = {}): this {
    const own = this.#own(creation, 0o755);
    this.#edit.put(
      this.#real(path, true),
      (was) => {
        if (was.presence === 'absent') return this.#edit.directory(own);
        if (was.node?.type === 'directory') return was.presence === 'present' ? was.node : this.#edit.present(was.node);
        if (was.presence === 'present' && was.node?.type) return was.node;
        const open = was.node?.because[0] ?? was.doubt?.reason ?? this.reason;
        return { ...this.#blank('directory'), children: noChildren, open };
      },
      creation.parents ?? own,
    );
    return this;
  }

  #blank(type: FileEntry['type']): Node {
    return { state: 'present', type, because: [this.reason], stamp: this.#edit.clock, sealed: this.#edit.clock };
  }

  /** Writes a regular file. */
  write(path: string, creation: FileCreation = {}): this {
    const own = this.#own(creation, 0o644);
    const data = {
      ...(creation.size === undefined ? {} : { size: creation.size }),
      ...(creation.content ? { content: creation.content } : {}),
      ...(creation.source === undefined ? {} : { source: creation.source }),
    };
    this.#edit.put(
      this.#real(path, !creation.noFollow),
      (was) => {
        if (was.node?.type === 'directory' && was.presence === 'present') return was.node;
        if (was.presence === 'absent' || creation.replace) {
          return this.#edit.leaf({ type: 'file', ...own, ...data, origin: this.reason });
        }
        const { mode, uid, gid } = was.presence === 'present' ? (was.node?.entry ?? {}) : {};
        if (mode !== undefined && uid !== undefined && gid !== undefined) {
          return this.#edit.leaf({ type: 'file', mode, uid, gid, ...data, origin: this.reason });
        }
        return { ...this.#blank('file'), partial: { type: 'file', ...data, origin: this.reason } };
      },
      creation.parents ?? rootParents,
    );
    return this;
  }

  /** Creates a symlink, replacing what is there. */
  symlink(path: string, target: string, creation: Creation = {}): this {
    const own = this.#own(creation, 0o777);
    const entry: FileEntry = { type: 'symlink', ...own, mode: 0o777, target, origin: this.reason };
    this.#edit.put(this.#real(path, false), () => this.#edit.leaf(entry), creation.parents ?? rootParents);
    return this;
  }

  /** Removes a path and everything below it; a symlink itself, not its target. */
  remove(path: string): this {
    const found = this.#edit.tree.locate(path, false);
    if (found.presence === 'absent' || found.real === '/') return this;
    const parents = found.real.split('/').length - 2;
    if (found.presence === 'unknown' && found.depth < parents) return this;
    this.#edit.put(found.real, () => gone(this.#edit.clock, [this.reason]));
    return this;
  }

  /** `rm -rf DIR/*`: removes what the shell's pattern names. Hidden names stay; those never seen are taken to be none. */
  empty(path: string): this {
    const found = this.#edit.tree.locate(path, true);
    if (found.presence === 'absent' || (found.presence === 'unknown' && found.real !== '/')) return this;
    this.#edit.put(found.real, (was) => {
      if (was.node?.type !== 'directory') return was.node;
      // Its doubt stays, for the hidden names; names never seen are past it.
      const { open, ...kept } = was.node;
      let children = noChildren;
      for (const [name, child] of was.node.children ?? noChildren)
        if (name.startsWith('.')) children = children.set(name, child);
      const because = [this.reason, ...kept.because].slice(0, 4);
      return { ...kept, children, sealed: this.#edit.clock, because };
    });
    return this;
  }

  /** Changes owner and mode of a path, of everything below it when `recursive`. A symlink itself only with `noFollow`; links
   * met on the way down are left to `apply` (it sees `type`). `apply` gets what is known and gives what is known afterwards. */
  update(
    path: string,
    apply: (was: Partial<FileEntry>) => Partial<FileEntry>,
    options: { readonly recursive?: boolean; readonly noFollow?: boolean } = {},
  ): this {
    const real = this.#real(path, !options.noFollow);
    this.#edit.put(real, (was) => {
      if (was.presence === 'absent') return was.node;
      if (was.presence === 'unknown' || !was.node) {
        const open = was.node?.because[0] ?? was.doubt?.reason ?? this.reason;
        const { stamp, because } = { stamp: this.#edit.clock, because: [this.reason] };
        return { state: 'present', partial: apply({}), because, open, stamp, sealed: stamp };
      }
      const top = this.#edit.present(withAttributes(was.node, apply, this.reason));
      return options.recursive ? withAttributesBelow(top, apply, was.doubt, this.reason) : top;
    });
    return this;
  }

  /** Sets permission bits; `mode` may depend on what was there (`u+x`, `X`). */
  chmod(path: string, mode: (was: Partial<FileEntry>) => number | undefined, recursive = false): this {
    return this.update(
      path,
      (was) => {
        if (was.type === 'symlink') return was;
        const { mode: _, ...rest } = was;
        const next = mode(was);
        return next === undefined ? rest : { ...rest, mode: next };
      },
      { recursive },
    );
  }

  /** Sets owner, group or both; `undefined` leaves it, `null` makes it unknown. */
  chown(
    path: string,
    uid: number | null | undefined,
    gid: number | null | undefined,
    options: { readonly recursive?: boolean; readonly noFollow?: boolean } = {},
  ): this {
    return this.update(path, (was) => owned(was, uid, gid), options);
  }

  /** Copies a path, with all that is below it, from this or another image. An existing directory is merged into; files are
   * replaced. The destination's own name is `to` (append the source's name first for `cp -r a dir/`). */
  copy(from: ImageState, path: string, to: string, options: CopyOptions = {}): this {
    const source = subtree(simulated(from).tree, path, options.follow ?? true);
    if (source) copyNodes(this.#edit, source, this.#real(to, true), { most: 20_000, ...options });
    return this;
  }

  /** Renames a path: owner, mode and contents go along. */
  move(from: string, to: string): this {
    const tree = this.#edit.tree;
    const source = tree.locate(from, false);
    if (!source.node || source.presence === 'absent' || source.presence === 'unknown')
      return this.assumeBelow(to, this.reason.text);
    this.copy(this.state, from, to, { keepOwner: true, follow: false });
    return this.remove(from);
  }

  /** A path and everything below it may have been created, changed or removed. */
  assumeBelow(path: string, why: string): this {
    const found = this.#edit.tree.locate(path, true);
    if (found.real === '/') return this.assumeEverywhere(why);
    const doubted = { ...this.reason, text: why };
    // Below a parent that is absent or unknown, the parent itself is what may have been created.
    const parts = found.real.split('/').slice(1);
    const upTo = found.presence === 'present' || found.presence === 'assumed' ? parts.length : found.depth + 1;
    this.#edit.doubt(`/${parts.slice(0, upTo).join('/')}`, doubted);
    return this;
  }

  /** Makes sure that a directory exists and says that from now on it may hold anything: what an installer puts there. */
  fill(path: string, why: string, creation: Creation = {}): this {
    this.mkdir(path, creation);
    this.#edit.doubtInside(this.#real(path, true), { ...this.reason, text: why });
    return this;
  }

  /** Makes sure that a directory exists and says that more may be in it than was seen; what was seen stays. */
  open(path: string, why: string, creation: Creation = {}): this {
    this.mkdir(path, creation);
    this.#edit.put(this.#real(path, true), (was) => {
      if (was.node?.type !== 'directory') return was.node;
      let children = was.node.children ?? noChildren;
      for (const [name, child] of children) if (child.state === 'absent') children = children.delete(name);
      return { ...was.node, children, open: { ...this.reason, text: why } };
    });
    return this;
  }

  /** Everything in the image may have changed: an unmodelled command ran as root. */
  assumeEverywhere(why: string): this {
    this.#edit.doubt('/', { ...this.reason, text: why });
    return this;
  }

  /** Everything that a process with these ids may write to. Uid 0 or an unknown one reaches everything. */
  assumeReachable(uid: Fact<number>, gids: readonly number[], why: string): this {
    if (!uid.known || uid.value === 0) return this.assumeEverywhere(why);
    const doubted = { ...this.reason, text: why };
    for (const path of reachable(this.#edit.tree, uid.value, gids)) this.#edit.doubt(path, doubted);
    return this;
  }
}

/** Begins a change: `change(state, call.reason).mkdir('/app').state`. */
export function change(state: ImageState, reason: Reason): Change {
  return new Change(state, reason);
}
