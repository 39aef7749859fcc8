import { readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';

/** What the `.git` beside or above a directory tells. */
export interface GitFolder {
  /** Undefined when the index cannot be read. For a folder: whether anything in it is tracked. */
  tracked(path: string): boolean | undefined;
  /** The text of `info/exclude`, when the directory is the top of the work tree. */
  readonly excludes?: string;
}

/** Finds the git directory of a work tree, in the directory itself or above it; undefined when there is none. */
export function openGitFolder(root: string): GitFolder | undefined {
  for (let folder = root; ; folder = dirname(folder)) {
    const git = gitDirectory(join(folder, '.git'));
    if (git !== undefined) {
      const prefix = relative(folder, root).split('\\').join('/');
      const index = readBytes(join(git, 'index'));
      const paths = index === undefined ? undefined : trackedPaths(index);
      const excludes = prefix === '' ? readBytes(join(git, 'info', 'exclude')) : undefined;
      return {
        tracked: (path) => paths?.has(prefix === '' ? path : path === '' ? prefix : `${prefix}/${path}`),
        ...(excludes === undefined ? {} : { excludes: Buffer.from(excludes).toString('utf8') }),
      };
    }
    if (dirname(folder) === folder) return undefined;
  }
}

/** `.git` is a folder, or in linked work trees and submodules a file that names one. */
function gitDirectory(path: string): string | undefined {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return undefined;
  if (stats.isDirectory()) return path;
  const bytes = readBytes(path);
  const named =
    bytes === undefined ? undefined : /^gitdir: (.+?)\r?\n?$/.exec(Buffer.from(bytes).toString('utf8'))?.[1];
  if (named === undefined) return undefined;
  const target = isAbsolute(named) ? named : resolve(dirname(path), named);
  return statSync(target, { throwIfNoEntry: false })?.isDirectory() === true ? realpathSync(target) : undefined;
}

function readBytes(path: string): Uint8Array | undefined {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true ? readFileSync(path) : undefined;
}

/** Paths in a git index (gitformat-index, versions 2 to 4), with every folder above them; undefined for an index in
 * another format or a split one, whose entries lie elsewhere. */
export function trackedPaths(index: Uint8Array): ReadonlySet<string> | undefined {
  const bytes = Buffer.from(index.buffer, index.byteOffset, index.byteLength);
  if (bytes.length < 12 || bytes.toString('latin1', 0, 4) !== 'DIRC') return undefined;
  const version = bytes.readUInt32BE(4);
  if (version < 2 || version > 4) return undefined;
  const count = bytes.readUInt32BE(8);
  for (const hash of [20, 32]) {
    const paths = readEntries(bytes, version, count, hash);
    if (paths !== undefined) return paths;
  }
  return undefined;
}

function readEntries(bytes: Buffer, version: number, count: number, hash: number): ReadonlySet<string> | undefined {
  const paths = new Set<string>();
  let at = 12;
  let previous = Buffer.alloc(0);
  for (let i = 0; i < count; i++) {
    const start = at;
    if (at + 40 + hash + 2 > bytes.length) return undefined;
    const flags = bytes.readUInt16BE(at + 40 + hash);
    const extended = version >= 3 && (flags & 0x4000) !== 0;
    at += 42 + hash + (extended ? 2 : 0);
    let kept = 0;
    if (version === 4) {
      const strip = readOffset(bytes, at);
      at = strip.next;
      kept = previous.length - strip.value;
      if (kept < 0) return undefined;
    }
    const end = bytes.indexOf(0, at);
    if (end === -1) return undefined;
    previous = Buffer.concat([previous.subarray(0, kept), bytes.subarray(at, end)]);
    const length = flags & 0xfff;
    if (length !== 0xfff && length !== previous.length) return undefined;
    addWithFolders(paths, previous.toString('utf8'));
    at = version === 4 ? end + 1 : start + ((end - start + 8) & ~7);
  }
  return bytes.toString('latin1', at, at + 4) === 'link' ? undefined : paths;
}

function addWithFolders(paths: Set<string>, path: string): void {
  paths.add(path);
  for (let slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
    const folder = path.slice(0, slash);
    if (paths.has(folder)) return;
    paths.add(folder);
  }
}

/** Git's variable-length offset: seven bits a byte, each continued byte adding one. */
function readOffset(bytes: Buffer, at: number): { value: number; next: number } {
  let byte = bytes[at++] ?? 0;
  let value = byte & 0x7f;
  while ((byte & 0x80) !== 0 && at < bytes.length) {
    byte = bytes[at++] ?? 0;
    value = (value + 1) * 128 + (byte & 0x7f);
  }
  return { value, next: at };
}
