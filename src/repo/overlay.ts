import { applyEdits, type Edit } from '../text/edit.ts';
import { gitIgnore } from './git-ignore.ts';
import { resolvePath } from './link.ts';
import { type MemoryFile, memoryRepo } from './memory.ts';
import type { Repo, RepoEntry } from './repo.ts';

/** The repository as it would be after the edits; the original stays as it is.
 * @throws RangeError when edits overlap, or one changes a file that cannot be read as text. */
export function overlay(repo: Repo, edits: readonly Edit[]): Repo {
  const byFile = new Map<string, Edit[]>();
  for (const edit of edits) byFile.set(edit.file, [...(byFile.get(edit.file) ?? []), edit]);
  const written: Record<string, MemoryFile> = {};
  const deleted = new Set<string>();
  for (const [file, changes] of byFile) {
    if (changes.some((edit) => edit.delete === true)) {
      deleted.add(file);
      continue;
    }
    const entry = repo.entry(file);
    const before = repo.text(file);
    if (entry !== undefined && before === undefined) throw new RangeError(`${file} cannot be edited: it is no text`);
    written[file] = { content: applyEdits(before ?? '', changes), mode: entry?.mode ?? 0o644 };
  }
  return new OverlayRepo(repo, memoryRepo(written, repo.name), deleted);
}

class OverlayRepo implements Repo {
  readonly #below: Repo;
  readonly #above: Repo;
  readonly #deleted: ReadonlySet<string>;
  /** Folders that have lost their last file: git does not keep them either. */
  readonly #emptied = new Set<string>();
  readonly #ignored: ((path: string) => boolean | undefined) | undefined;
  #files: readonly string[] | undefined;

  constructor(below: Repo, above: Repo, deleted: ReadonlySet<string>) {
    this.#below = below;
    this.#above = above;
    this.#deleted = deleted;
    for (const path of deleted) this.#empty(path);
    const ignoreFile = (path: string): boolean => path === '.gitignore' || path.endsWith('/.gitignore');
    if ([...above.files(), ...deleted].some(ignoreFile)) this.#ignored = gitIgnore(this);
  }

  get name(): string {
    return this.#below.name;
  }

  get unwalked(): readonly string[] {
    return this.#below.unwalked;
  }

  get problems(): Repo['problems'] {
    return this.#below.problems;
  }

  entry(path: string): RepoEntry | undefined {
    const above = this.#above.entry(path);
    if (above !== undefined && above.type !== 'directory') return above;
    if (this.#deleted.has(path)) return undefined;
    return above ?? (this.#emptied.has(path) ? undefined : this.#below.entry(path));
  }

  children(path: string): readonly RepoEntry[] {
    const names = new Set([...this.#below.children(path), ...this.#above.children(path)].map((entry) => entry.path));
    return [...names].sort().flatMap((name) => this.entry(name) ?? []);
  }

  files(): readonly string[] {
    if (this.#files === undefined) {
      const all = new Set([...this.#below.files(), ...this.#above.files()]);
      for (const path of this.#deleted) all.delete(path);
      this.#files = [...all].sort();
    }
    return this.#files;
  }

  bytes(path: string): Uint8Array | undefined {
    const resolved = resolvePath(this, path);
    if (resolved === undefined || this.#deleted.has(resolved)) return undefined;
    return this.#above.bytes(resolved) ?? this.#below.bytes(resolved);
  }

  text(path: string): string | undefined {
    const resolved = resolvePath(this, path);
    if (resolved === undefined || this.#deleted.has(resolved)) return undefined;
    return this.#above.text(resolved) ?? this.#below.text(resolved);
  }

  tracked(path: string): boolean | undefined {
    return this.#below.tracked(path);
  }

  gitIgnored(path: string): boolean | undefined {
    return this.#ignored === undefined ? this.#below.gitIgnored(path) : this.#ignored(path);
  }

  #empty(path: string): void {
    const folder = path.slice(0, Math.max(0, path.lastIndexOf('/')));
    if (folder === '' || this.#emptied.has(folder)) return;
    const gone = (entry: RepoEntry): boolean => this.#deleted.has(entry.path) || this.#emptied.has(entry.path);
    if (!this.#below.children(folder).every(gone) || this.#above.entry(folder) !== undefined) return;
    this.#emptied.add(folder);
    this.#empty(folder);
  }
}
