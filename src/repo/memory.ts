import { decodeText } from './decode.ts';
import { gitIgnore } from './git-ignore.ts';
import { isHeavyFolder } from './heavy.ts';
import { resolvePath } from './link.ts';
import type { Repo, RepoEntry } from './repo.ts';

export type MemoryFile =
  | string
  | Uint8Array
  | {
      readonly content?: string | Uint8Array;
      /** Permission bits; 0o644 for files, 0o755 for folders. */
      readonly mode?: number;
      /** Target of a symlink. */
      readonly symlink?: string;
      /** An empty folder. */
      readonly directory?: true;
      /** What `tracked` answers; undefined: not known. */
      readonly tracked?: boolean;
      readonly modified?: number;
    };

interface Stored {
  readonly entry: RepoEntry;
  readonly bytes?: Uint8Array;
  readonly tracked?: boolean | undefined;
}

/** A repository held in memory: paths with `/`, folders made as needed. For tests, for edits and for git revisions.
 * @throws RangeError for a path that is absolute, empty or has `..`, or that is both a file and a folder. */
export function memoryRepo(files: Readonly<Record<string, MemoryFile>>, name = 'memory'): Repo {
  const stored = new Map<string, Stored>();
  const names = new Map<string, Set<string>>([['', new Set()]]);
  const addFolder = (path: string): void => {
    if (names.has(path)) return;
    if (stored.has(path)) throw new RangeError(`${path} is both a file and a folder`);
    names.set(path, new Set());
    const slash = path.lastIndexOf('/');
    const parent = slash === -1 ? '' : path.slice(0, slash);
    addFolder(parent);
    names.get(parent)?.add(path.slice(slash + 1));
  };
  for (const [path, file] of Object.entries(files)) {
    if (path.split('/').some((part) => part === '' || part === '.' || part === '..')) {
      throw new RangeError(`${JSON.stringify(path)} is not a path inside a repository`);
    }
    const slash = path.lastIndexOf('/');
    const parent = slash === -1 ? '' : path.slice(0, slash);
    const given = typeof file === 'string' || file instanceof Uint8Array ? { content: file } : file;
    if (given.directory === true) {
      addFolder(path);
      continue;
    }
    addFolder(parent);
    if (names.has(path)) throw new RangeError(`${path} is both a file and a folder`);
    names.get(parent)?.add(path.slice(slash + 1));
    stored.set(path, store(path, given));
  }
  return new MemoryRepo(name, stored, names);
}

function store(path: string, given: Exclude<MemoryFile, string | Uint8Array>): Stored {
  const modified = given.modified === undefined ? {} : { modified: given.modified };
  if (given.symlink !== undefined) {
    const size = Buffer.byteLength(given.symlink);
    const entry: RepoEntry = { path, type: 'symlink', size, mode: 0o777, target: given.symlink, ...modified };
    return { entry, tracked: given.tracked };
  }
  const content = given.content ?? '';
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  const entry: RepoEntry = { path, type: 'file', size: bytes.length, mode: given.mode ?? 0o644, ...modified };
  return { entry, bytes, tracked: given.tracked };
}

class MemoryRepo implements Repo {
  readonly name: string;
  readonly problems: Repo['problems'] = [];
  readonly unwalked: readonly string[];
  readonly #stored: ReadonlyMap<string, Stored>;
  readonly #names: ReadonlyMap<string, ReadonlySet<string>>;
  readonly #files: readonly string[];
  readonly #ignored: (path: string) => boolean;

  constructor(name: string, stored: ReadonlyMap<string, Stored>, names: ReadonlyMap<string, ReadonlySet<string>>) {
    this.name = name;
    this.#stored = stored;
    this.#names = names;
    const heavy = [...names.keys()].filter((path) =>
      isHeavyFolder(path.slice(path.lastIndexOf('/') + 1), () => [...(names.get(path) ?? [])]),
    );
    const inHeavy = (path: string): boolean => heavy.some((folder) => path.startsWith(`${folder}/`));
    this.unwalked = heavy.filter((path) => !inHeavy(path)).sort();
    this.#files = [...stored.keys()].filter((path) => heavy.length === 0 || !inHeavy(path)).sort();
    this.#ignored = gitIgnore(this);
  }

  entry(path: string): RepoEntry | undefined {
    const file = this.#stored.get(path);
    if (file !== undefined) return file.entry;
    return this.#names.has(path) ? { path, type: 'directory', size: 0, mode: 0o755 } : undefined;
  }

  children(path: string): readonly RepoEntry[] {
    const names = [...(this.#names.get(path) ?? [])].sort();
    return names.flatMap((name) => this.entry(path === '' ? name : `${path}/${name}`) ?? []);
  }

  files(): readonly string[] {
    return this.#files;
  }

  bytes(path: string): Uint8Array | undefined {
    const direct = this.#stored.get(path);
    if (direct?.bytes !== undefined) return direct.bytes;
    const resolved = resolvePath(this, path);
    return resolved === undefined ? undefined : this.#stored.get(resolved)?.bytes;
  }

  text(path: string): string | undefined {
    const bytes = this.bytes(path);
    return bytes === undefined ? undefined : decodeText(bytes);
  }

  tracked(path: string): boolean | undefined {
    return this.#stored.get(path)?.tracked;
  }

  gitIgnored(path: string): boolean | undefined {
    return this.#ignored(path);
  }
}
