// A Bloom filter over names: "not in it" is certain, "in it" is right in more than 99 of 100 cases, which only excuses.
// src/packages/name-filter.ts reads it; the two hashes must stay the same.

/** @param {Iterable<string>} names @returns {{ bits: number, hashes: number, count: number, data: string }} */
export function bloom(names) {
  const list = [...names];
  const hashes = 7;
  const bits = Math.ceil((list.length * 10) / 8) * 8;
  const bytes = new Uint8Array(bits / 8);
  for (const name of list) {
    const a = hash(name, 0x811c9dc5);
    const b = hash(name, 0x9747b28c) | 1;
    for (let i = 0; i < hashes; i++) {
      const bit = (a + Math.imul(i, b)) >>> 0;
      bytes[(bit % bits) >> 3] |= 1 << ((bit % bits) & 7);
    }
  }
  return { bits, hashes, count: list.length, data: Buffer.from(bytes).toString('base64') };
}

/** FNV-1a with a final mix. */
export function hash(name, seed) {
  let value = seed;
  for (let i = 0; i < name.length; i++) value = Math.imul(value ^ name.charCodeAt(i), 0x01000193);
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  return (value ^ (value >>> 13)) >>> 0;
}
