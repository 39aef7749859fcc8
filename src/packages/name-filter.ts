/** A Bloom filter as `scripts/packages/bloom.mjs` writes it. */
export interface NameFilter {
  readonly bits: number;
  readonly hashes: number;
  readonly count: number;
  /** Base64. */
  readonly data: string;
}

const decoded = new WeakMap<NameFilter, Uint8Array>();

/** False: the name is certainly not among those the filter was made of. True: it is, but for one in a hundred. */
export function mayContain(filter: NameFilter, name: string): boolean {
  let bytes = decoded.get(filter);
  if (!bytes) {
    bytes = Uint8Array.from(atob(filter.data), (character) => character.charCodeAt(0));
    decoded.set(filter, bytes);
  }
  const a = hash(name, 0x811c9dc5);
  const b = hash(name, 0x9747b28c) | 1;
  for (let i = 0; i < filter.hashes; i++) {
    const bit = ((a + Math.imul(i, b)) >>> 0) % filter.bits;
    if (((bytes[bit >> 3] ?? 0) & (1 << (bit & 7))) === 0) return false;
  }
  return true;
}

function hash(name: string, seed: number): number {
  let value = seed;
  for (let i = 0; i < name.length; i++) value = Math.imul(value ^ name.charCodeAt(i), 0x01000193);
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  return (value ^ (value >>> 13)) >>> 0;
}
