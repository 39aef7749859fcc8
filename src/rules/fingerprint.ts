/** A 64-bit hash (two rounds of cyrb53's mixing) in hex: stable names for findings, not security. */
export function fingerprint(...parts: readonly string[]): string {
  const text = parts.join('\u0000');
  return half(text, 0x9e3779b9) + half(text, 0x85ebca6b);
}

function half(text: string, seed: number): string {
  let a = 0xdeadbeef ^ seed;
  let b = 0x41c6ce57 ^ seed;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    a = Math.imul(a ^ code, 2654435761);
    b = Math.imul(b ^ code, 1597334677);
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
  return (a >>> 0).toString(16).padStart(8, '0');
}
