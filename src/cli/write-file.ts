import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Writes a file so that it is either the old or the new one, never a half: temporary file beside it, fsync, rename.
 * Returns what went wrong in a sentence, or undefined. */
export function writeAtomically(path: string, content: string | Uint8Array, mode = 0o644): string | undefined {
  const temporary = join(dirname(path), `.plimsoll-${process.pid}-${Date.now()}.tmp`);
  try {
    const fd = openSync(temporary, 'wx', mode);
    try {
      const bytes = typeof content === 'string' ? Buffer.from(content) : content;
      for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at);
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    renameSync(temporary, path);
    return undefined;
  } catch (error) {
    rmSync(temporary, { force: true });
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    const remedy =
      code === 'ENOSPC'
        ? ' Free some disk space and run again; nothing was changed.'
        : code === 'EACCES' || code === 'EPERM' || code === 'EROFS'
          ? ' Make the folder writable and run again; nothing was changed.'
          : '';
    return `${path} could not be written: ${message}.${remedy}`;
  }
}
