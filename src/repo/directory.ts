import { lstatSync, readdirSync, readFileSync, readlinkSync, realpathSync, type Stats } from 'node:fs';
import { decodeText } from './decode.ts';
import { gitIgnore } from './git-ignore.ts';
import { type GitFolder, openGitFolder } from './git-index.ts';
import { isHeavyFolder } from './heavy.ts';
import { resolvePath } from './link.ts';
import type { Repo, RepoEntry } from './repo.ts';

/** A larger file is not read: nothing that Plimsoll understands is that long. Bytes. */
const MAX_READ = 64 * 1024 * 1024;
/** Texts are kept up to this many characters in all: the same files are asked for by many questions. */
const MAX_KEPT = 32 * 1024 * 1024;
const MAX_FILES = 500_000;

/** A directory of the file system. Nothing outside it is ever read, symlinks or not.
 * @throws Error (of `fs`) when the directory itself does not exist or cannot be listed. */
export function openDirectory(directory: string): Repo {
  const root = realpathSync(directory);
  readdirSync(root);
  return new DirectoryRepo(directory, root);
}

class DirectoryRepo implements Repo {
  readonly name: string;
  readonly problems: { readonly path: string; readonly text: string }[] = [];
  readonly #root: string;
  readonly #entries = new Map<string, RepoEntry | undefined>();
  readonly #children = new Map<string, readonly RepoEntry[]>();
  readonly #texts = new Map<string, string | undefined>();
  #kept = 0;
  #walked: { readonly files: readonly string[]; readonly unwalked: readonly string[] } | undefined;
  #git: GitFolder | 'none' | undefined;
  #ignored: ((path: string) => boolean) | undefined;

  constructor(name: string, root: string) {
    this.name = name;
    this.#root = root;
  }

  get unwalked(): readonly string[] {
    return this.#walk().unwalked;
  }

  entry(path: string): RepoEntry | undefined {
    if (this.#entries.has(path)) return this.#entries.get(path);
    const entry = this.#reachable(path) ? this.#stat(path) : undefined;
    this.#entries.set(path, entry);
    return entry;
  }

  children(path: string): readonly RepoEntry[] {
    let found = this.#children.get(path);
    if (found === undefined) {
      const names = this.entry(path)?.type === 'directory' ? this.#names(path) : [];
      found = names.flatMap((name) => this.entry(path === '' ? name : `${path}/${name}`) ?? []);
      this.#children.set(path, found);
    }
    return found;
  }

  files(): readonly string[] {
    return this.#walk().files;
  }

  bytes(path: string): Uint8Array | undefined {
    const resolved = resolvePath(this, path);
    const entry = resolved === undefined ? undefined : this.entry(resolved);
    if (entry?.type !== 'file') return undefined;
    if (entry.size > MAX_READ) {
      this.#problem(path, `is larger than ${MAX_READ / 1024 / 1024} MB and was not read`);
      return undefined;
    }
    try {
      return readFileSync(this.#absolute(entry.path));
    } catch (error) {
      this.#problem(path, `cannot be read: ${messageOf(error)}`);
      return undefined;
    }
  }

  text(path: string): string | undefined {
    if (this.#texts.has(path)) return this.#texts.get(path);
    const bytes = this.bytes(path);
    const text = bytes === undefined ? undefined : decodeText(bytes);
    this.#kept += text?.length ?? 0;
    if (this.#kept <= MAX_KEPT) this.#texts.set(path, text);
    return text;
  }

  tracked(path: string): boolean | undefined {
    const git = this.#gitFolder();
    return git === 'none' ? undefined : git.tracked(path);
  }

  gitIgnored(path: string): boolean | undefined {
    const git = this.#gitFolder();
    this.#ignored ??= gitIgnore(this, git === 'none' ? undefined : git.excludes);
    return this.#ignored(path);
  }

  #gitFolder(): GitFolder | 'none' {
    this.#git ??= openGitFolder(this.#root) ?? 'none';
    return this.#git;
  }

  #absolute(path: string): string {
    return path === '' ? this.#root : `${this.#root}/${path}`;
  }

  /** A path is only looked at through folders that are folders: `link/x` is not a path of the repository. */
  #reachable(path: string): boolean {
    if (path === '') return true;
    if (path.startsWith('/') || path.split('/').some((part) => part === '' || part === '.' || part === '..'))
      return false;
    const slash = path.lastIndexOf('/');
    return slash === -1 || this.entry(path.slice(0, slash))?.type === 'directory';
  }

  #stat(path: string): RepoEntry | undefined {
    const absolute = this.#absolute(path);
    try {
      const stats = lstatSync(absolute, { throwIfNoEntry: false });
      if (stats === undefined) return undefined;
      const target = stats.isSymbolicLink() ? { target: readlinkSync(absolute) } : {};
      return {
        path,
        type: typeOf(stats),
        size: stats.isDirectory() ? 0 : stats.size,
        mode: stats.mode & 0o777,
        modified: Math.trunc(stats.mtimeMs),
        ...target,
      };
    } catch (error) {
      if (path.includes('\0') || codeOf(error) === 'ENOTDIR' || codeOf(error) === 'ENAMETOOLONG') return undefined;
      this.#problem(path, `cannot be looked at: ${messageOf(error)}`);
      return undefined;
    }
  }

  #names(path: string): readonly string[] {
    try {
      return readdirSync(this.#absolute(path)).sort();
    } catch (error) {
      this.#problem(path, `cannot be listed: ${messageOf(error)}`);
      return [];
    }
  }

  #walk(): { readonly files: readonly string[]; readonly unwalked: readonly string[] } {
    if (this.#walked !== undefined) return this.#walked;
    const files: string[] = [];
    const unwalked: string[] = [];
    const pending = [''];
    for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
      if (files.length > MAX_FILES) {
        this.#problem(folder, `is not looked at: there are more than ${MAX_FILES} files`);
        break;
      }
      for (const dirent of this.#dirents(folder)) {
        const path = folder === '' ? dirent.name : `${folder}/${dirent.name}`;
        if (dirent.isFile() || dirent.isSymbolicLink()) files.push(path);
        else if (!dirent.isDirectory()) continue;
        else if (isHeavyFolder(dirent.name, () => this.#names(path))) unwalked.push(path);
        else pending.push(path);
      }
    }
    this.#walked = { files: files.sort(), unwalked: unwalked.sort() };
    return this.#walked;
  }

  #dirents(folder: string) {
    try {
      return readdirSync(this.#absolute(folder), { withFileTypes: true });
    } catch (error) {
      this.#problem(folder, `cannot be listed: ${messageOf(error)}`);
      return [];
    }
  }

  #problem(path: string, text: string): void {
    if (!this.problems.some((known) => known.path === path && known.text === text)) this.problems.push({ path, text });
  }
}

function typeOf(stats: Stats): RepoEntry['type'] {
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'directory';
  return stats.isSymbolicLink() ? 'symlink' : 'other';
}

function messageOf(error: unknown): string {
  return codeOf(error) === 'EACCES' ? 'permission denied' : error instanceof Error ? error.message : String(error);
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
