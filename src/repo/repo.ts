/** sha256 in hex of some content. */
export type Digest = string;

export interface RepoEntry {
  /** Relative to the repository, with `/`. */
  readonly path: string;
  readonly type: 'file' | 'directory' | 'symlink' | 'other';
  /** Bytes. */
  readonly size: number;
  /** Permission bits, octal 0o777. */
  readonly mode: number;
  /** Where a symlink points, as written. */
  readonly target?: string;
  /** Milliseconds since 1970, where the source knows it. */
  readonly modified?: number;
}

/** An immutable view of a directory, a git revision or memory. Reading is lazy and synchronous; one unreadable file is a
 * value, never an exception. `node_modules`, `.git` and other huge folders are listed only when asked for by name. */
export interface Repo {
  /** How people call it: the directory as given, or `REV of DIR`. */
  readonly name: string;
  /** The entry at a path (no `..`, no leading slash; `` is the root), or undefined. Does not follow symlinks. */
  entry(path: string): RepoEntry | undefined;
  /** Entries directly in a folder, sorted by name; empty when it is none. */
  children(path: string): readonly RepoEntry[];
  /** All paths of files and symlinks, sorted, without what is below folders that are never walked (see above). */
  files(): readonly string[];
  /** Folders that were not walked (`node_modules`, `.git`): `children` lists them. */
  readonly unwalked: readonly string[];
  bytes(path: string): Uint8Array | undefined;
  /** Decoded as UTF-8 (BOM kept); falls back to Latin-1 when it is not UTF-8. Undefined when it cannot be read or is binary. */
  text(path: string): string | undefined;
  /** True: git tracks it. False: present, not tracked. Undefined: not known (no git). */
  tracked(path: string): boolean | undefined;
  /** True when a .gitignore hides it. Undefined: not known. */
  gitIgnored(path: string): boolean | undefined;
  /** What could not be read, with why. */
  readonly problems: readonly { readonly path: string; readonly text: string }[];
}
