import { cleanPath, matchPath } from '../../dockerfile/go-path.ts';
import { patternsOf } from '../../dockerfile/ignore-file.ts';
import { compileIgnore, type IgnoreMatcher } from '../../dockerfile/ignore-matcher.ts';
import type { Reason } from '../../facts/fact.ts';
import type { RepoEntry } from '../../repo/repo.ts';
import { linePlace } from '../../text/place.ts';
import type { BuildContext, ContextEntry, ContextLookup } from './build-context.ts';

export interface CopyOptions {
  /** `COPY --parents`. */
  readonly parents?: boolean;
  /** `--exclude` patterns, expanded. */
  readonly exclude?: readonly string[];
}

/** One file or folder that is copied. */
export interface CopySource {
  /** In the context, symlinks followed. */
  readonly path: string;
  /** The name that it gets in a destination folder: that of the path as written, not of what a link leads to. */
  readonly name: string;
  readonly entry: RepoEntry;
  /** Everything that arrives, relative to the destination; the source itself is ``. A folder's contents are copied,
   * not the folder. Folders before what they hold. Symlinks inside a folder stay links. */
  entries(): readonly CopiedEntry[];
}

export interface CopiedEntry {
  readonly relative: string;
  readonly path: string;
  readonly entry: RepoEntry;
}

export type CopySources =
  /** `wildcard`: BuildKit accepts it when nothing matches. `sources` are in walking order. */
  | {
      readonly kind: 'found';
      readonly wildcard: boolean;
      readonly sources: readonly CopySource[];
      readonly because: readonly Reason[];
    }
  /** BuildKit stops with "not found": `lookup` says why. */
  | { readonly kind: 'missing'; readonly path: string; readonly lookup: ContextLookup }
  | { readonly kind: 'unknown'; readonly why: string; readonly because: readonly Reason[] };

/** What a source of COPY or ADD names in the context, as BuildKit resolves it: `..` stops at the root, wildcards are
 * Go's filepath.Match, symlinks on the way and at the end are followed. */
export function findCopySources(context: BuildContext, source: string, options: CopyOptions): CopySources {
  const filter = excludeFilter(context, options.exclude ?? []);
  if (options.parents === true) return parentSources(context, source, filter);
  const clean = cleanPath(`/${source}`).slice(1);
  if (clean === '' && (options.exclude ?? []).length > 0) {
    const dangling = danglingAtRoot(context, filter);
    if (dangling !== undefined) return dangling;
  }
  const split = splitWildcards(clean);
  if (split.pattern === '') return plainSource(context, clean, nameOf(clean), filter);
  const base = context.resolve(split.folder);
  // A wildcard below a folder that is not there matches nothing, and BuildKit is content with that.
  if (base.lookup.status === 'unknown') return { kind: 'unknown', why: base.lookup.why, because: [] };
  const matches = base.lookup.status === 'sent' ? matchBelow(context, base.path, split.pattern) : [];
  const sources: CopySource[] = [];
  const because: Reason[] = [];
  for (const match of matches) {
    const one = plainSource(context, match.path, nameOf(match.path), filter);
    if (one.kind !== 'found') return one;
    sources.push(...one.sources);
    because.push(...one.because);
  }
  return { kind: 'found', wildcard: true, sources, because };
}

/** A quirk of the engine (BuildKit 0.25, measured): with `--exclude`, copying the whole context fails with "not found"
 * when a symlink directly in it leads nowhere. Links in folders, and other sources, are left as they are. */
function danglingAtRoot(context: BuildContext, filter: Filter): CopySources | undefined {
  const listed = context.list('');
  if (!listed.known) return undefined;
  for (const { path, entry } of listed.value) {
    if (entry.type !== 'symlink' || filter(path)) continue;
    const { lookup } = context.resolve(path);
    if (lookup.status !== 'sent' && lookup.status !== 'unknown') return { kind: 'missing', path, lookup };
  }
  return undefined;
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function plainSource(context: BuildContext, path: string, name: string, filter: Filter): CopySources {
  const found = context.resolve(path);
  if (found.lookup.status === 'unknown')
    return { kind: 'unknown', why: found.lookup.why, because: found.lookup.because };
  if (found.lookup.status !== 'sent') return { kind: 'missing', path: found.path, lookup: found.lookup };
  const { entry, because } = found.lookup;
  const source = { path: found.path, name, entry, entries: () => entriesOf(context, found.path, entry, filter) };
  return { kind: 'found', wildcard: false, sources: [source], because };
}

/** Whether a path relative to the source is left out. */
type Filter = (relative: string) => boolean;

function excludeFilter(context: BuildContext, exclude: readonly string[]): Filter {
  if (exclude.length === 0) return () => false;
  const matcher: IgnoreMatcher = compileIgnore(patternsOf(exclude, linePlace(context.dockerfile, 1)));
  return (relative) => matcher.ignored(relative).ignored;
}

function entriesOf(context: BuildContext, path: string, entry: RepoEntry, filter: Filter): readonly CopiedEntry[] {
  const out: CopiedEntry[] = [{ relative: '', path, entry }];
  if (entry.type !== 'directory') return out;
  const waiting: CopiedEntry[] = [];
  const visit = (folder: string, below: string): void => {
    const listed = context.list(folder);
    if (!listed.known) return;
    for (const child of listed.value) {
      const name = nameOf(child.path);
      const relative = below === '' ? name : `${below}/${name}`;
      const copied = { relative, path: child.path, entry: child.entry };
      const left = filter(relative);
      // A folder that is left out is made all the same when something below it is not.
      if (!left) out.push(...waiting.splice(0), copied);
      if (child.entry.type !== 'directory') continue;
      if (left) waiting.push(copied);
      visit(child.path, relative);
      if (left && waiting.at(-1) === copied) waiting.pop();
    }
  };
  visit(path, '');
  return out;
}

/** The folder before the first wildcard, and the pattern from there on. */
function splitWildcards(path: string): { folder: string; pattern: string } {
  const parts = path.split('/');
  const first = parts.findIndex(hasWildcard);
  if (first === -1) return { folder: path, pattern: '' };
  return { folder: parts.slice(0, first).join('/'), pattern: parts.slice(first).join('/') };
}

function hasWildcard(part: string): boolean {
  for (let i = 0; i < part.length; i++) {
    if (part[i] === '\\') i++;
    else if (part[i] === '*' || part[i] === '?' || part[i] === '[') return true;
  }
  return false;
}

/** Entries below a folder that match; a folder that does is not entered. */
function matchBelow(context: BuildContext, folder: string, pattern: string): readonly ContextEntry[] {
  const depth = pattern.split('/').length;
  const out: ContextEntry[] = [];
  const visit = (at: string, below: string, level: number): void => {
    const listed = context.list(at);
    if (!listed.known) return;
    for (const child of listed.value) {
      const name = nameOf(child.path);
      const relative = below === '' ? name : `${below}/${name}`;
      if (matchPath(pattern, relative) === true) out.push(child);
      else if (child.entry.type === 'directory' && level < depth) visit(child.path, relative, level + 1);
    }
  };
  visit(folder, '', 1);
  return out;
}

/** `--parents`: everything below the pivot (`/./`, or the root) that the pattern names keeps its folders. */
function parentSources(context: BuildContext, source: string, filter: Filter): CopySources {
  const pivot = source.indexOf('/./');
  const base = context.resolve(pivot === -1 ? '' : source.slice(0, pivot));
  if (base.lookup.status === 'unknown') return { kind: 'unknown', why: base.lookup.why, because: [] };
  if (base.lookup.status !== 'sent') return { kind: 'missing', path: base.path, lookup: base.lookup };
  const { entry } = base.lookup;
  const pattern = cleanPath(`/${pivot === -1 ? source : source.slice(pivot + 3)}`).slice(1);
  const included = pattern === '' ? undefined : compileIgnore(patternsOf([pattern], linePlace(context.dockerfile, 1)));
  const parents: Filter = (relative) =>
    filter(relative) || (included !== undefined && !included.ignored(relative).ignored);
  const found = { path: base.path, name: '', entry, entries: () => entriesOf(context, base.path, entry, parents) };
  return { kind: 'found', wildcard: true, sources: [found], because: base.lookup.because };
}
