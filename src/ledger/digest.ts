import { createHash } from 'node:crypto';
import type { Digest } from '../repo/repo.ts';

/** sha256 in hex of texts and bytes, each with its length before it, so that no two lists give the same digest. */
export function digestOf(...parts: readonly (string | Uint8Array)[]): Digest {
  const hash = createHash('sha256');
  for (const part of parts) {
    const bytes = typeof part === 'string' ? Buffer.from(part, 'utf8') : part;
    hash.update(`${bytes.length}:`).update(bytes);
  }
  return hash.digest('hex');
}
