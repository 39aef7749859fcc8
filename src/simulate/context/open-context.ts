import { cleanPath } from '../../dockerfile/go-path.ts';
import type { IgnorePattern, IgnorePatterns } from '../../dockerfile/ignore-file.ts';
import { compileIgnore, type IgnoreAnswer, type IgnoreMatcher } from '../../dockerfile/ignore-matcher.ts';
import type { Problem } from '../../dockerfile/types.ts';
import { type Fact, known, type Reason, unknown } from '../../facts/fact.ts';
import { joinPath } from '../../repo/link.ts';
import type { Repo, RepoEntry } from '../../repo/repo.ts';
import { linePlace } from '../../text/place.ts';
import { absence } from './absence.ts';
import type { BuildContext, ContextEntry, ContextLookup, ExcludedEntry } from './build-context.ts';
import { type CopyOptions, type CopySources, findCopySources } from './copy-source.ts';
import { chooseIgnoreFile, type IgnoreChoice } from './ignore-choice.ts';

/** The context of a build: a folder of the repository (relative, `` or `.` is its root) and the Dockerfile that is
 * built (relative to the repository). A folder outside the repository, or one that is none, gives a remote context. */
export function openContext(repo: Repo, contextDir: string, dockerfile: string): BuildContext {
  const dir = joinPath('', contextDir);
  const file = joinPath('', dockerfile) ?? dockerfile;
  if (dir === undefined || contextDir.startsWith('/')) {
    return remoteContext(repo, file, `the context ${contextDir} lies outside the repository`);
  }
  if (repo.entry(dir)?.type !== 'directory') {
    return remoteContext(repo, file, `the context ${contextDir} is no folder of the repository`);
  }
  return new DirectoryContext(repo, dir, file, chooseIgnoreFile(repo, dir, file));
}

/** A context that cannot be looked into; `why` is a sentence for people. */
export function remoteContext(repo: Repo, dockerfile: string, why: string): BuildContext {
  const lookup: ContextLookup = { status: 'unknown', why, because: [] };
  return {
    kind: 'remote',
    why,
    repo,
    dir: '',
    dockerfile,
    ignore: undefined,
    problems: [],
    lookup: () => lookup,
    resolve: (path) => ({ path, lookup }),
    list: () => unknown(why),
    sent: () => [],
    excluded: () => [],
    copySources: () => ({ kind: 'unknown', why, because: [] }),
    ignored: () => ({ ignored: false }),
  };
}

const MAX_LINKS = 255;

class DirectoryContext implements BuildContext {
  readonly kind = 'directory';
  readonly repo: Repo;
  readonly dir: string;
  readonly dockerfile: string;
  readonly ignore: IgnorePatterns | undefined;
  readonly shadowed?: string;
  readonly problems: readonly Problem[];
  readonly #matcher: IgnoreMatcher;

  constructor(repo: Repo, dir: string, dockerfile: string, choice: IgnoreChoice) {
    this.repo = repo;
    this.dir = dir;
    this.dockerfile = dockerfile;
    this.ignore = choice.ignore;
    if (choice.shadowed !== undefined) this.shadowed = choice.shadowed;
    this.#matcher = compileIgnore(choice.ignore ?? { file: '', patterns: [], problems: [] });
    this.problems = this.#matcher.problems;
  }

  ignored(path: string): IgnoreAnswer {
    return this.#matcher.ignored(path);
  }

  lookup(path: string): ContextLookup {
    const clean = inside(path);
    if (clean === undefined) {
      return { status: 'outside', because: [this.#because(`${path} lies outside the context`)] };
    }
    const entry = this.repo.entry(this.#inRepo(clean));
    if (entry === undefined) return absence(this, clean, this.#inRepo(clean));
    const answer = this.#matcher.ignored(clean);
    if (answer.by !== undefined && answer.ignored && !(entry.type === 'directory' && this.#holdsSent(clean))) {
      return {
        status: 'ignored',
        entry,
        by: answer.by,
        because: [...ignoredBecause(clean, answer.by), ...this.#void()],
      };
    }
    const because = this.#because(`${clean === '' ? 'the context' : clean} is there`, this.#inRepo(clean));
    return {
      status: 'sent',
      entry,
      ...(answer.by === undefined ? {} : { by: answer.by }),
      localOnly: this.#localOnly(this.#inRepo(clean), entry),
      because: [because],
    };
  }

  resolve(path: string): { path: string; lookup: ContextLookup } {
    let pending = cleanPath(`/${path}`).slice(1).split('/').filter(Boolean);
    let done: string[] = [];
    for (let links = 0; pending.length > 0; ) {
      const [part = '', ...rest] = pending;
      pending = rest;
      if (part === '.') continue;
      if (part === '..') {
        done.pop();
        continue;
      }
      const here = [...done, part].join('/');
      const found = this.lookup(here);
      if (found.status !== 'sent') return { path: [here, ...rest].join('/'), lookup: found };
      const { entry } = found;
      if (entry.type === 'symlink' && entry.target !== undefined) {
        links++;
        if (links > MAX_LINKS)
          return { path: here, lookup: unknownLookup(`${here} is a symlink that leads to itself`) };
        if (entry.target.startsWith('/')) done = [];
        pending = [...entry.target.split('/').filter(Boolean), ...rest];
        continue;
      }
      done.push(part);
      if (entry.type !== 'directory' && rest.length > 0) {
        return {
          path: [here, ...rest].join('/'),
          lookup: absence(this, [here, ...rest].join('/'), this.#inRepo(here)),
        };
      }
    }
    const resolved = done.join('/');
    return { path: resolved, lookup: this.lookup(resolved) };
  }

  list(folder: string): Fact<readonly ContextEntry[]> {
    const clean = inside(folder);
    if (clean === undefined) return unknown(`${folder} lies outside the context`);
    return known(this.#children(clean));
  }

  *sent(): Iterable<ContextEntry> {
    yield* this.#walk('');
  }

  *excluded(): Iterable<ExcludedEntry> {
    const pending = [''];
    for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
      for (const entry of this.repo.children(this.#inRepo(folder))) {
        const path = this.#inContext(entry.path);
        const answer = this.#matcher.ignored(path);
        const sentBelow = entry.type === 'directory' && (!answer.ignored || this.#holdsSent(path));
        if (sentBelow) pending.push(path);
        else if (answer.ignored && answer.by !== undefined) yield { path, entry, by: answer.by };
      }
    }
  }

  copySources(source: string, options: CopyOptions = {}): CopySources {
    return findCopySources(this, source, options);
  }

  *#walk(folder: string): Iterable<ContextEntry> {
    for (const child of this.#children(folder)) {
      yield child;
      if (child.entry.type === 'directory') yield* this.#walk(child.path);
    }
  }

  #children(folder: string): readonly ContextEntry[] {
    if (this.#matcher.prunes(folder)) return [];
    const out: ContextEntry[] = [];
    for (const entry of this.repo.children(this.#inRepo(folder))) {
      const path = this.#inContext(entry.path);
      const left = this.#matcher.ignored(path).ignored;
      if (!left || (entry.type === 'directory' && this.#holdsSent(path))) out.push({ path, entry });
    }
    return out;
  }

  /** An ignored folder is made all the same when something below it is taken back in. */
  #holdsSent(folder: string): boolean {
    if (this.#matcher.prunes(folder)) return false;
    return this.repo.children(this.#inRepo(folder)).some((entry) => {
      const path = this.#inContext(entry.path);
      return !this.#matcher.ignored(path).ignored || (entry.type === 'directory' && this.#holdsSent(path));
    });
  }

  #localOnly(path: string, entry: RepoEntry): boolean | undefined {
    const tracked = this.repo.tracked(path);
    if (tracked === true) return false;
    if (this.repo.gitIgnored(path) === true) return true;
    // A new file that nobody has added yet will be committed with the rest: only what is hidden stays local.
    return tracked === undefined && entry.type !== 'directory' ? undefined : false;
  }

  #inRepo(path: string): string {
    if (this.dir === '') return path;
    return path === '' ? this.dir : `${this.dir}/${path}`;
  }

  #inContext(path: string): string {
    return this.dir === '' ? path : path.slice(this.dir.length + 1);
  }

  #because(text: string, file = this.dockerfile): Reason {
    return { kind: 'derived', at: linePlace(file, 1), text };
  }

  #void(): readonly Reason[] {
    if (this.shadowed === undefined || this.ignore === undefined) return [];
    const text = `${this.ignore.file} is used instead of ${this.shadowed}`;
    return [{ kind: 'derived', at: linePlace(this.ignore.file, 1), text }];
  }
}

function unknownLookup(why: string): ContextLookup {
  return { status: 'unknown', why, because: [] };
}

function ignoredBecause(path: string, by: IgnorePattern): readonly Reason[] {
  return [{ kind: 'ignore-pattern', at: by.place, text: `the pattern ${by.written} keeps ${path} out of the context` }];
}

/** Clean path relative to the context; undefined when it leaves it. A leading slash means the context's root. */
export function inside(path: string): string | undefined {
  const clean = cleanPath(path.startsWith('/') ? path : `./${path}`);
  if (clean === '..' || clean.startsWith('../')) return undefined;
  return clean === '.' || clean === '/' ? '' : clean.replace(/^\//, '');
}
