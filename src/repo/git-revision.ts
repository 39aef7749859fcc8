import { spawnSync } from 'node:child_process';
import { decodeText } from './decode.ts';
import { gitIgnore } from './git-ignore.ts';
import { isHeavyFolder } from './heavy.ts';
import { joinPath, resolvePath } from './link.ts';
import type { Repo, RepoEntry } from './repo.ts';

interface Blob {
  readonly entry: RepoEntry;
  readonly object: string;
}

/** The tree of a revision of the repository that a directory belongs to, limited to that directory. Runs `git`.
 * @throws Error with git's words when there is no git, no repository or no such revision. */
export function gitRevision(directory: string, revision: string): Repo {
  const commit = git(directory, ['rev-parse', '--verify', '--end-of-options', `${revision}^{commit}`])
    .toString('utf8')
    .trim();
  const listing = git(directory, ['ls-tree', '-r', '-l', '-z', commit]).toString('utf8');
  const blobs = new Map<string, Blob>();
  const links: string[] = [];
  for (const line of listing.split('\0')) {
    const match = /^(\d{6}) blob ([0-9a-f]+) +(\d+)\t([\s\S]*)$/.exec(line);
    if (match === null) continue;
    const [, mode = '', object = '', size = '0', path = ''] = match;
    const link = mode === '120000';
    if (link) links.push(path);
    const entry: RepoEntry = {
      path,
      type: link ? 'symlink' : 'file',
      size: Number(size),
      mode: link ? 0o777 : mode === '100755' ? 0o755 : 0o644,
    };
    blobs.set(path, { entry, object });
  }
  const repo = new GitRevision(`${revision} of ${directory}`, directory, blobs);
  repo.readAhead(links);
  return repo;
}

function git(directory: string, args: readonly string[], input?: string): Buffer {
  const options = { maxBuffer: 2 ** 31 - 1, ...(input === undefined ? {} : { input }) };
  const result = spawnSync('git', ['-C', directory, ...args], options);
  if (result.error !== undefined) throw result.error;
  if (result.status !== 0) throw new Error(`git ${args[0]}: ${result.stderr.toString('utf8').trim()}`);
  return result.stdout;
}

class GitRevision implements Repo {
  readonly name: string;
  readonly problems: { readonly path: string; readonly text: string }[] = [];
  readonly unwalked: readonly string[];
  readonly #directory: string;
  readonly #blobs: ReadonlyMap<string, Blob>;
  readonly #folders = new Map<string, Set<string>>([['', new Set()]]);
  readonly #contents = new Map<string, Uint8Array>();
  readonly #files: readonly string[];
  readonly #ignored: (path: string) => boolean;

  constructor(name: string, directory: string, blobs: ReadonlyMap<string, Blob>) {
    this.name = name;
    this.#directory = directory;
    this.#blobs = blobs;
    for (const path of blobs.keys()) this.#place(path);
    const heavy = [...this.#folders].filter(([path, names]) => isHeavyFolder(baseName(path), () => [...names]));
    this.unwalked = heavy.map(([path]) => path).sort();
    this.#files = [...blobs.keys()].filter((path) => !heavy.some(([folder]) => path.startsWith(`${folder}/`))).sort();
    this.#ignored = gitIgnore(this);
  }

  /** Fetches contents in one process: one file at a time costs a process each. */
  readAhead(paths: readonly string[]): void {
    const wanted = paths
      .flatMap((path) => this.#blobs.get(path) ?? [])
      .filter((blob) => !this.#contents.has(blob.object));
    if (wanted.length === 0) return;
    const output = git(this.#directory, ['cat-file', '--batch'], wanted.map((blob) => `${blob.object}\n`).join(''));
    let at = 0;
    for (const { object } of wanted) {
      const end = output.indexOf(10, at);
      const size = Number(/ blob (\d+)$/.exec(output.toString('latin1', at, end))?.[1] ?? -1);
      if (size < 0) {
        at = end + 1;
        continue;
      }
      this.#contents.set(object, output.subarray(end + 1, end + 1 + size));
      at = end + size + 2;
    }
  }

  entry(path: string): RepoEntry | undefined {
    const blob = this.#blobs.get(path);
    if (blob === undefined) {
      return this.#folders.has(path) ? { path, type: 'directory', size: 0, mode: 0o755 } : undefined;
    }
    if (blob.entry.type !== 'symlink') return blob.entry;
    const content = this.#content(path);
    return content === undefined ? blob.entry : { ...blob.entry, target: Buffer.from(content).toString('utf8') };
  }

  children(path: string): readonly RepoEntry[] {
    const names = [...(this.#folders.get(path) ?? [])].sort();
    return names.flatMap((name) => this.entry(joinPath(path, name) ?? '') ?? []);
  }

  files(): readonly string[] {
    return this.#files;
  }

  bytes(path: string): Uint8Array | undefined {
    const resolved = resolvePath(this, path);
    return resolved === undefined || this.#blobs.get(resolved)?.entry.type !== 'file'
      ? undefined
      : this.#content(resolved);
  }

  text(path: string): string | undefined {
    const bytes = this.bytes(path);
    return bytes === undefined ? undefined : decodeText(bytes);
  }

  tracked(path: string): boolean | undefined {
    return this.#blobs.has(path) || this.#folders.has(path);
  }

  gitIgnored(path: string): boolean | undefined {
    return this.#ignored(path);
  }

  #content(path: string): Uint8Array | undefined {
    const blob = this.#blobs.get(path);
    if (blob === undefined) return undefined;
    // Its neighbours will be asked for next: small files of the folder come along.
    if (!this.#contents.has(blob.object)) {
      const folder = path.slice(0, path.lastIndexOf('/') + 1);
      const near = this.#files.filter((other) => other.startsWith(folder) && !other.slice(folder.length).includes('/'));
      const small = near.filter((other) => (this.#blobs.get(other)?.entry.size ?? 0) < 64 * 1024).slice(0, 500);
      this.readAhead([path, ...small.filter((other) => other !== path)]);
    }
    return this.#contents.get(blob.object);
  }

  #place(path: string): void {
    const folder = path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '';
    if (!this.#folders.has(folder)) {
      this.#folders.set(folder, new Set());
      this.#place(folder);
    }
    this.#folders.get(folder)?.add(baseName(path));
  }
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
