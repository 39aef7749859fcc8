import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Writes a file so that it is either the old or the new one, never a half: temporary file beside it, fsync, rename. Makes the
 * folder when it is missing.
 * Returns what went wrong in a sentence, or undefined. */
export function writeAtomically(path: string, content: string | Uint8Array, mode = 0o644): string | undefined {
  const temporary = join(dirname(path), `.plimsoll-${process.pid}-${Date.now()}.tmp`);
  try {
    mkdirSync(dirname(path), { recursive: true });
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
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    // Where the folder could not be made there is nothing to remove.
    if (existsSync(temporary)) rmSync(temporary, { force: true });
    const remedy = writeRemedy(code);
    return `${path} could not be written: ${message}.${remedy} Nothing was changed.`;
  }
}

/** What to do when the file system refuses, with a space before it; empty when its own words say it all. */
export function writeRemedy(code: string): string {
  if (code === 'ENOSPC' || code === 'EDQUOT') return ' Free some disk space and run again.';
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') return ' Make the folder writable and run again.';
  if (code === 'EISDIR') return ' A folder of that name is in the way.';
  if (code === 'ENOTDIR' || code === 'EEXIST') return ' A part of the path is a file, not a folder.';
  return '';
}
