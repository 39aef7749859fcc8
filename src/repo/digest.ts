import { createHash } from 'node:crypto';
import type { Digest, Repo } from './repo.ts';

/** sha256 over the paths, kinds, execute bits and contents of all walked files: the identity that a plan is made for. */
export function digestOf(repo: Repo): Digest {
  const hash = createHash('sha256');
  for (const path of repo.files()) {
    const entry = repo.entry(path);
    if (entry === undefined) continue;
    const content = entry.type === 'symlink' ? (entry.target ?? '') : (repo.bytes(path) ?? '');
    const executable = entry.type === 'file' && (entry.mode & 0o100) !== 0;
    hash.update(`${entry.type}${executable ? '*' : ''} ${path}\0${content.length}\0`);
    hash.update(content);
  }
  return hash.digest('hex');
}
