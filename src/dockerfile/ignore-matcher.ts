import { cleanPath } from './go-path.ts';
import type { IgnorePattern, IgnorePatterns } from './ignore-file.ts';
import { type CompiledPattern, compilePattern } from './ignore-pattern.ts';
import type { Problem } from './types.ts';

export interface IgnoreAnswer {
  readonly ignored: boolean;
  /** The pattern that decided: the one that ignores, or the `!` that takes back in. Undefined when none matched. */
  readonly by?: IgnorePattern;
}

export interface IgnoreMatcher {
  /** Whether the builder leaves a path of the context out. The path is relative, with `/`; `` is the root. */
  ignored(path: string): IgnoreAnswer;
  /** True when nothing at all below an ignored folder can be taken back in, so that it need not be walked. */
  prunes(folder: string): boolean;
  /** Broken patterns: with any of these the engine refuses the build. They match nothing here. */
  readonly problems: readonly Problem[];
}

interface Compiled extends CompiledPattern {
  readonly pattern: IgnorePattern;
}

/** What the walk knows of a folder. `matched[i]`: pattern i matched it or a folder above. */
interface Folder {
  readonly matched: Uint8Array;
  readonly answer: IgnoreAnswer;
  readonly pruned: boolean;
}

const NOT_IGNORED: IgnoreAnswer = { ignored: false };
const GLOB = /[*[\]?^\\]/;

/** Compiles patterns for the walk that the builder makes (fsutil's filter over moby's `MatchesUsingParentResults`):
 * a folder's matches hold for everything in it, and an ignored folder is not entered unless a `!` names something below. */
export function compileIgnore(ignore: IgnorePatterns): IgnoreMatcher {
  const problems: Problem[] = [...ignore.problems];
  const compiled: Compiled[] = [];
  for (const pattern of ignore.patterns) {
    const one = compilePattern(pattern.text);
    if (one === undefined) continue;
    if ('error' in one) problems.push({ level: 'error', at: pattern.place, text: one.error });
    else compiled.push({ ...one, pattern });
  }
  return new WalkMatcher(compiled, problems);
}

class WalkMatcher implements IgnoreMatcher {
  readonly problems: readonly Problem[];
  readonly #patterns: readonly Compiled[];
  readonly #answers: readonly IgnoreAnswer[];
  readonly #folders = new Map<string, Folder>();
  /** Beginnings of what `!` patterns name; undefined when a wildcard lets them name anything. */
  readonly #exceptions: readonly string[] | undefined;
  #lastFolder = '';
  #last: Folder | undefined;

  constructor(patterns: readonly Compiled[], problems: readonly Problem[]) {
    this.problems = problems;
    this.#patterns = patterns;
    this.#answers = patterns.map(({ pattern, negated }) => ({ ignored: !negated, by: pattern }));
    const exceptions = patterns
      .filter((one) => one.negated)
      .map((one) => one.path.replace(/\/\*\*$/, '').replace(/\/\*$/, ''));
    this.#exceptions = exceptions.some((path) => GLOB.test(path)) ? undefined : exceptions.map((path) => `${path}/`);
  }

  ignored(path: string): IgnoreAnswer {
    if (path === '' || path === '.' || this.#patterns.length === 0) return NOT_IGNORED;
    const slash = path.lastIndexOf('/');
    const parent = slash === -1 ? undefined : this.#folder(path.slice(0, slash));
    return parent?.pruned === true ? parent.answer : this.#decide(path, parent?.matched);
  }

  prunes(folder: string): boolean {
    return folder !== '' && this.#patterns.length > 0 && this.#folder(folder).pruned;
  }

  /** Goes down from the root without recursion: paths may be as deep as they like. */
  #folder(path: string): Folder {
    if (path === this.#lastFolder && this.#last !== undefined) return this.#last;
    let folder = this.#folders.get(path);
    if (folder === undefined) {
      let above: Folder | undefined;
      for (let slash = path.indexOf('/'); slash !== -1; slash = path.indexOf('/', slash + 1)) {
        above = this.#entered(path.slice(0, slash), above);
        if (above.pruned) break;
      }
      folder = above?.pruned === true ? above : this.#entered(path, above);
    }
    this.#lastFolder = path;
    this.#last = folder;
    return folder;
  }

  #entered(path: string, above: Folder | undefined): Folder {
    const found = this.#folders.get(path);
    if (found !== undefined) return found;
    const matched = new Uint8Array(this.#patterns.length);
    const answer = this.#decide(path, above?.matched, matched);
    const pruned = answer.ignored && this.#exceptions?.some((begin) => begin.startsWith(`${path}/`)) === false;
    const folder = { matched, answer, pruned };
    this.#folders.set(path, folder);
    return folder;
  }

  #decide(path: string, parent: Uint8Array | undefined, matched?: Uint8Array): IgnoreAnswer {
    let ignored = false;
    let answer = NOT_IGNORED;
    for (let i = 0; i < this.#patterns.length; i++) {
      const one = this.#patterns[i];
      if (one === undefined) break;
      if (parent?.[i] !== 1) {
        if (one.negated !== ignored || !one.matches(path)) continue;
      }
      if (matched !== undefined) matched[i] = 1;
      if (one.negated === ignored) answer = this.#answers[i] ?? NOT_IGNORED;
      ignored = !one.negated;
    }
    return answer;
  }
}

/** moby's `MatchesOrParentMatches`: the same question for one path on its own, as the engine's linter asks it. Cleans
 * the path first; the context itself is never ignored. Accepts patterns as written in an ignore file, too. */
export function matchIgnore(patterns: IgnorePatterns | readonly string[], path: string): boolean {
  const texts = 'patterns' in patterns ? patterns.patterns.map((pattern) => pattern.text) : patterns;
  const clean = cleanPath(path);
  if (clean === '.') return false;
  const parts = clean.split('/');
  let ignored = false;
  for (const text of texts) {
    const one = compilePattern(text);
    if (one === undefined || 'error' in one || one.negated !== ignored) continue;
    let match = one.matches(clean);
    for (let i = 1; !match && i < parts.length; i++) match = one.matches(parts.slice(0, i).join('/'));
    if (match) ignored = !one.negated;
  }
  return ignored;
}
