/** `unknown`: something that is not modelled may have put a file there. */
export type Look = 'file' | 'directory' | 'absent' | 'unknown';

/** Files as application code sees them: the repository itself, or the file system of a simulated image in which each file
 * knows the repository file it is a copy of. Paths use `/`; those of a repository are relative, those of an image absolute. */
export interface SourceTree {
  look(path: string): Look;
  /** Text of a file, undefined where it cannot be read. */
  text(path: string): string | undefined;
  /** Names in a folder as far as they are known. */
  names(path: string): readonly string[];
  /** The file of the repository that places name. */
  origin(path: string): string;
}

/** Removes `.`, `..` and doubled slashes; a leading slash stays. `..` above the start is dropped. */
export function normalPath(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..') parts.pop();
    else parts.push(part);
  }
  return (path.startsWith('/') ? '/' : '') + parts.join('/');
}

/** Joins like `path.posix.join`, but an absolute second part wins, as in every language's own join on open(). */
export function joinPath(base: string, path: string): string {
  return normalPath(path.startsWith('/') ? path : base === '' ? path : `${base}/${path}`);
}

/** The folder of a path; `` for a name alone, `/` for a file in the root of an image. */
export function folderOf(path: string): string {
  const at = path.lastIndexOf('/');
  return at < 0 ? '' : at === 0 ? '/' : path.slice(0, at);
}
