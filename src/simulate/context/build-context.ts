import type { IgnorePattern, IgnorePatterns } from '../../dockerfile/ignore-file.ts';
import type { IgnoreAnswer } from '../../dockerfile/ignore-matcher.ts';
import type { Problem } from '../../dockerfile/types.ts';
import type { Fact, Reason } from '../../facts/fact.ts';
import type { Repo, RepoEntry } from '../../repo/repo.ts';
import type { CopyOptions, CopySources } from './copy-source.ts';

/** What the builder would find at a path of the context. */
export type ContextLookup =
  | {
      readonly status: 'sent';
      readonly entry: RepoEntry;
      /** The `!` pattern that took it back in. */
      readonly by?: IgnorePattern;
      /** Git hides it or does not track it: there on this machine, missing after a fresh clone. Undefined: not known. */
      readonly localOnly: boolean | undefined;
      readonly because: readonly Reason[];
    }
  | {
      readonly status: 'ignored';
      readonly entry: RepoEntry;
      readonly by: IgnorePattern;
      readonly because: readonly Reason[];
    }
  | {
      readonly status: 'absent';
      /** The first part of the path that is not there. */
      readonly missing: string;
      /** A .gitignore names it: it may be made by a step outside the build, so it is missing by design. */
      readonly gitIgnored: boolean;
      /** It lies in a submodule, which git fetches apart. */
      readonly submodule?: string;
      /** A sibling such as `.env.example` says what it should be. */
      readonly example?: string;
      /** Names in the same folder that differ by little (case, a letter), best first. */
      readonly similar: readonly string[];
      readonly because: readonly Reason[];
    }
  | { readonly status: 'outside'; readonly because: readonly Reason[] }
  | { readonly status: 'unknown'; readonly why: string; readonly because: readonly Reason[] };

/** A path of the context, relative to it, with what it is. */
export interface ContextEntry {
  readonly path: string;
  readonly entry: RepoEntry;
}

/** An entry of the folder that is not sent, with the pattern that keeps it out. */
export interface ExcludedEntry extends ContextEntry {
  readonly by: IgnorePattern;
}

/** What a build can see of the repository: a folder minus what its ignore file names. Paths are relative to the context,
 * with `/`, `` is its root. Nothing is walked before it is asked for. */
export interface BuildContext {
  /** `remote`: a Git repository, a URL, an archive: nothing can be said about it, and `why` says so. */
  readonly kind: 'directory' | 'remote';
  readonly why?: string;
  readonly repo: Repo;
  /** Relative to the repository; `` is its root. */
  readonly dir: string;
  /** The Dockerfile, relative to the repository. */
  readonly dockerfile: string;
  readonly ignore: IgnorePatterns | undefined;
  /** A `.dockerignore` that is void because the Dockerfile has its own ignore file. */
  readonly shadowed?: string;
  /** Ignore patterns that the engine refuses: with any of them it does not build. */
  readonly problems: readonly Problem[];
  /** The path itself, symlinks not followed. */
  lookup(path: string): ContextLookup;
  /** The path with symlinks followed as COPY does it: inside the context, where a link to `/x` means its root. */
  resolve(path: string): { readonly path: string; readonly lookup: ContextLookup };
  /** What is sent directly in a folder, sorted by name. Unknown for a remote context. */
  list(folder: string): Fact<readonly ContextEntry[]>;
  /** Everything that is sent, folders before what they hold, in byte order of the paths. Walks only what is sent. */
  sent(): Iterable<ContextEntry>;
  /** What the ignore file keeps out, each folder once, without what is below it. */
  excluded(): Iterable<ExcludedEntry>;
  /** What the source of a COPY or ADD names. The source is expanded already. */
  copySources(source: string, options?: CopyOptions): CopySources;
  ignored(path: string): IgnoreAnswer;
}
