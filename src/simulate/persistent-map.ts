const BITS = 5;
const MASK = 31;

interface Leaf<V> {
  readonly hash: number;
  readonly key: string;
  value: V;
}

/** Leaves whose hashes are equal in all bits. */
interface Bucket<V> {
  readonly bucket: Leaf<V>[];
  readonly hash: number;
}

interface Branch<V> {
  owner: object | undefined;
  bitmap: number;
  slots: (Leaf<V> | Bucket<V> | Branch<V>)[];
}

type Slot<V> = Leaf<V> | Bucket<V> | Branch<V>;

function hashOf(key: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193);
  return hash ^ (hash >>> 15);
}

function popCount(bits: number): number {
  bits -= (bits >>> 1) & 0x55555555;
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

function isBranch<V>(slot: Slot<V>): slot is Branch<V> {
  return 'slots' in slot;
}

function isBucket<V>(slot: Slot<V>): slot is Bucket<V> {
  return 'bucket' in slot;
}

/** An immutable map that shares structure with what it was made from: a step that changes one entry costs one path, however
 * many entries there are. A hash array mapped trie. `owner` marks nodes that one unfinished change may still write to. */
export class PersistentMap<V> implements ReadonlyMap<string, V> {
  readonly size: number;
  readonly #root: Branch<V> | undefined;

  private constructor(root: Branch<V> | undefined, size: number) {
    this.#root = root;
    this.size = size;
  }

  static empty<V>(): PersistentMap<V> {
    return new PersistentMap<V>(undefined, 0);
  }

  static from<V>(entries: Iterable<readonly [string, V]>): PersistentMap<V> {
    const owner = {};
    let map = PersistentMap.empty<V>();
    for (const [key, value] of entries) map = map.set(key, value, owner);
    return map;
  }

  get(key: string): V | undefined {
    let slot: Slot<V> | undefined = this.#root;
    const hash = hashOf(key);
    for (let shift = 0; slot; shift += BITS) {
      if (isBranch(slot)) {
        const bit = 1 << ((hash >>> shift) & MASK);
        slot = slot.bitmap & bit ? slot.slots[popCount(slot.bitmap & (bit - 1))] : undefined;
      } else if (isBucket(slot)) return slot.bucket.find((leaf) => leaf.key === key)?.value;
      else return slot.key === key ? slot.value : undefined;
    }
    return undefined;
  }

  has(key: string): boolean {
    return this.#leaf(key) !== undefined;
  }

  #leaf(key: string): Leaf<V> | undefined {
    let slot: Slot<V> | undefined = this.#root;
    const hash = hashOf(key);
    for (let shift = 0; slot; shift += BITS) {
      if (isBranch(slot)) {
        const bit = 1 << ((hash >>> shift) & MASK);
        slot = slot.bitmap & bit ? slot.slots[popCount(slot.bitmap & (bit - 1))] : undefined;
      } else if (isBucket(slot)) return slot.bucket.find((leaf) => leaf.key === key);
      else return slot.key === key ? slot : undefined;
    }
    return undefined;
  }

  /** `owner`: reuse nodes made under the same owner (one change in progress). */
  set(key: string, value: V, owner?: object): PersistentMap<V> {
    const grown = { by: 0 };
    const root = this.#root ?? { owner, bitmap: 0, slots: [] };
    const next = insert(root, 0, { hash: hashOf(key), key, value }, owner, grown);
    return new PersistentMap<V>(next, this.size + grown.by);
  }

  delete(key: string): PersistentMap<V> {
    if (!this.#root || !this.has(key)) return this;
    return new PersistentMap<V>(remove(this.#root, 0, hashOf(key), key), this.size - 1);
  }

  *entries(): MapIterator<[string, V]> {
    if (!this.#root) return undefined;
    const stack: { branch: Branch<V>; at: number }[] = [{ branch: this.#root, at: 0 }];
    for (let top = stack.at(-1); top; top = stack.at(-1)) {
      const slot = top.branch.slots[top.at++];
      if (slot === undefined) stack.pop();
      else if (isBranch(slot)) stack.push({ branch: slot, at: 0 });
      else if (isBucket(slot)) for (const leaf of slot.bucket) yield [leaf.key, leaf.value];
      else yield [slot.key, slot.value];
    }
    return undefined;
  }

  *keys(): MapIterator<string> {
    for (const [key] of this.entries()) yield key;
    return undefined;
  }

  *values(): MapIterator<V> {
    for (const [, value] of this.entries()) yield value;
    return undefined;
  }

  [Symbol.iterator](): MapIterator<[string, V]> {
    return this.entries();
  }

  forEach(visit: (value: V, key: string, map: ReadonlyMap<string, V>) => void): void {
    for (const [key, value] of this.entries()) visit(value, key, this);
  }
}

function insert<V>(
  branch: Branch<V>,
  shift: number,
  leaf: Leaf<V>,
  owner: object | undefined,
  grown: { by: number },
): Branch<V> {
  const bit = 1 << ((leaf.hash >>> shift) & MASK);
  const index = popCount(branch.bitmap & (bit - 1));
  const mine = owner !== undefined && branch.owner === owner;
  const out: Branch<V> = mine ? branch : { owner, bitmap: branch.bitmap, slots: branch.slots.slice() };
  const slot = branch.bitmap & bit ? branch.slots[index] : undefined;
  if (slot === undefined) {
    out.bitmap |= bit;
    out.slots.splice(index, 0, leaf);
    grown.by = 1;
  } else if (isBranch(slot)) out.slots[index] = insert(slot, shift + BITS, leaf, owner, grown);
  else if (isBucket(slot) && slot.hash === leaf.hash) {
    const others = slot.bucket.filter((item) => item.key !== leaf.key);
    if (others.length === slot.bucket.length) grown.by = 1;
    out.slots[index] = { hash: slot.hash, bucket: [...others, leaf] };
  } else if (!isBucket(slot) && slot.key === leaf.key) out.slots[index] = leaf;
  else {
    grown.by = 1;
    out.slots[index] = split(slot, leaf, shift + BITS, owner);
  }
  return out;
}

function split<V>(old: Leaf<V> | Bucket<V>, leaf: Leaf<V>, shift: number, owner: object | undefined): Slot<V> {
  if (old.hash === leaf.hash) return { hash: leaf.hash, bucket: [...(isBucket(old) ? old.bucket : [old]), leaf] };
  const a = (old.hash >>> shift) & MASK;
  const b = (leaf.hash >>> shift) & MASK;
  if (a === b) return { owner, bitmap: 1 << a, slots: [split(old, leaf, shift + BITS, owner)] };
  return { owner, bitmap: (1 << a) | (1 << b), slots: a < b ? [old, leaf] : [leaf, old] };
}

function remove<V>(branch: Branch<V>, shift: number, hash: number, key: string): Branch<V> {
  const bit = 1 << ((hash >>> shift) & MASK);
  const index = popCount(branch.bitmap & (bit - 1));
  const slot = branch.slots[index];
  if (slot === undefined) return branch;
  const kept: Slot<V> | undefined = isBranch(slot)
    ? remove(slot, shift + BITS, hash, key)
    : isBucket(slot)
      ? { hash: slot.hash, bucket: slot.bucket.filter((leaf) => leaf.key !== key) }
      : undefined;
  if (kept) {
    const slots = branch.slots.slice();
    slots[index] = kept;
    return { owner: undefined, bitmap: branch.bitmap, slots };
  }
  return { owner: undefined, bitmap: branch.bitmap & ~bit, slots: branch.slots.toSpliced(index, 1) };
}
