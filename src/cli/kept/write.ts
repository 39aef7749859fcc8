import { randomBytes } from 'node:crypto';
import { renameSync, rmSync, writeFileSync } from 'node:fs';

/** Writes a file in one step, so that a run beside this one reads the old or the new, never half. A disk that is full or
 * read-only costs only the time that keeping would have saved. */
export function writeKept(file: string, parts: readonly Uint8Array[]): void {
  const draft = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`;
  try {
    writeFileSync(draft, Buffer.concat(parts), { mode: 0o600 });
    renameSync(draft, file);
  } catch {
    rmSync(draft, { force: true });
  }
}
