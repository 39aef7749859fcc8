import type { GlobToken } from './glob.ts';
import { notSlash, tokenMatcher } from './glob-matcher.ts';
import { cleanPath, matchPath } from './go-path.ts';
import { trimSpace } from './go-text.ts';
import { POSIX_CLASSES } from './posix-classes.ts';

/** One pattern, ready to match cleaned paths relative to the context. */
export interface CompiledPattern {
  readonly negated: boolean;
  /** Without `!`. */
  readonly path: string;
  readonly matches: (path: string) => boolean;
}

const BAD = 'syntax error in pattern';
const notNewline = (code: number): boolean => code !== 10;

/** moby's `patternmatcher` for one pattern. Undefined for one that is empty; an error in moby's words for a broken one. */
export function compilePattern(text: string): CompiledPattern | { readonly error: string } | undefined {
  const trimmed = trimSpace(text);
  if (trimmed === '') return undefined;
  const cleaned = cleanPath(trimmed);
  const negated = cleaned.startsWith('!');
  const path = negated ? cleaned.slice(1) : cleaned;
  if (path === '') return { error: 'illegal exclusion pattern: "!"' };
  if (matchPath(path, '.') === 'badPattern') return { error: BAD };
  const matches = compilePath(path);
  return matches === undefined ? { error: BAD } : { negated, path, matches };
}

/** moby chooses between four ways by what it meets first; only the last is a regular expression. */
function compilePath(path: string): ((path: string) => boolean) | undefined {
  if (!/[*?[\]\\]/.test(path)) return (name) => name === path;
  if (/^[^*?[\]\\]*\*\*$/.test(path) && path !== '**') {
    const prefix = path.slice(0, -2);
    return (name) => name.startsWith(prefix);
  }
  if (/^\*\*[^*?[\]\\]*$/.test(path)) {
    const suffix = path.slice(2);
    return (name) => name.endsWith(suffix) || (suffix.startsWith('/') && name === suffix.slice(1));
  }
  // A backslash at the very end does not make it a regular expression, but filepath.Match has refused that already.
  const tokens = tokenise([...path]);
  return tokens === undefined ? undefined : tokenMatcher(tokens);
}

/** The regular expression that moby would build, as tokens. Undefined where Go would refuse to compile it. */
function tokenise(chars: readonly string[]): readonly GlobToken[] | undefined {
  const tokens: GlobToken[] = [];
  for (let i = 0; i < chars.length; i++) {
    const char = chars[i] ?? '';
    if (char === '*' && chars[i + 1] === '*') {
      i++;
      if (chars[i + 1] === '/') i++;
      tokens.push(i + 1 >= chars.length ? { kind: 'many', test: notNewline } : { kind: 'folders' });
    } else if (char === '*') tokens.push({ kind: 'many', test: notSlash });
    else if (char === '?') tokens.push({ kind: 'one', test: notSlash });
    else if (char === '[') {
      const set = readClass(chars, i);
      if (set === undefined) return undefined;
      tokens.push(...set.tokens);
      i = set.last;
    } else if (char === '\\') {
      const read = escapeSequence(tokens, chars, i + 1);
      if (read === undefined) return undefined;
      i = read;
    } else if (char === '^') {
      // Not escaped by moby: it asks for the beginning, so whatever stands before it must be empty.
      const empty = tokens.every((token) => token.kind === 'many' || token.kind === 'folders');
      if (!empty) tokens.push(NEVER);
      else tokens.length = 0;
    } else tokens.push({ kind: 'char', code: char.codePointAt(0) ?? 0 });
  }
  return tokens;
}

const CLASSES: Readonly<Record<string, (code: number) => boolean>> = {
  d: (code) => code >= 48 && code <= 57,
  w: (code) => (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code === 95,
  s: (code) => code === 32 || code === 9 || code === 10 || code === 12 || code === 13,
};
const CONTROLS: Readonly<Record<string, number>> = { a: 7, f: 12, t: 9, n: 10, r: 13, v: 11 };

/** moby copies `\x` into its regular expression, so in a path written with backslashes `\d` is a digit, `\b` a word
 * boundary and `\x64` the letter d. Adds the tokens and gives the offset of the last character read. */
function escapeSequence(tokens: GlobToken[], chars: readonly string[], at: number): number | undefined {
  const char = chars[at];
  if (char === undefined) {
    // A last backslash escapes the `$` that moby appends: a dollar sign, and then anything.
    tokens.push({ kind: 'char', code: 36 }, { kind: 'many', test: () => true });
    return at;
  }
  const rest = chars.slice(at, at + 3).join('');
  const code = /^x[0-9A-Fa-f]{2}/.exec(rest)?.[0] ?? /^(?:0[0-7]{0,2}|[1-7][0-7]{1,2})/.exec(rest)?.[0];
  if (code !== undefined) {
    const value = code.startsWith('x') ? Number.parseInt(code.slice(1), 16) : Number.parseInt(code, 8);
    tokens.push({ kind: 'char', code: value });
    return at + code.length - 1;
  }
  if (char === 'b' || char === 'B') {
    if (isBoundary(tokens.at(-1), chars[at + 1]) !== (char === 'b')) tokens.push(NEVER);
    return at;
  }
  const token = escaped(char);
  if (token === undefined) return undefined;
  tokens.push(token);
  return at;
}

const NEVER: GlobToken = { kind: 'one', test: () => false };

/** Between two literal characters this is certain. Beside a wildcard it depends on the path; such patterns do not occur. */
function isBoundary(before: GlobToken | undefined, after: string | undefined): boolean {
  const word = (code: number | undefined): boolean => code !== undefined && CLASSES['w']?.(code) === true;
  return word(before?.kind === 'char' ? before.code : undefined) !== word(after?.codePointAt(0));
}

function escaped(char: string): GlobToken | undefined {
  if (!/[0-9A-Za-z]/.test(char)) return { kind: 'char', code: char.codePointAt(0) ?? 0 };
  const control = CONTROLS[char];
  if (control !== undefined) return { kind: 'char', code: control };
  const test = CLASSES[char.toLowerCase()];
  if (test === undefined) return undefined;
  return { kind: 'one', test: char === char.toLowerCase() ? test : (code) => !test(code) };
}

/** A character class. Stars and question marks in it are replaced before Go compiles the expression, which closes the
 * class early; the rest of what they stand for is then literal. */
function readClass(chars: readonly string[], from: number): { tokens: GlobToken[]; last: number } | undefined {
  const last = closingBracket(chars, from);
  if (last === -1) return undefined;
  const inside = chars.slice(from + 1, last);
  const wild = inside.findIndex((char, i) => (char === '*' || char === '?') && inside[i - 1] !== '\\');
  if (wild !== -1) return brokenClass(chars, from, wild, last);
  const test = classTest(inside);
  return test === undefined ? undefined : { tokens: [{ kind: 'one', test }], last };
}

/** The bracket that closes `[:alpha:]`, which begins at `from`. */
function posixEnd(chars: readonly string[], from: number): number | undefined {
  for (let i = from + 2; i < chars.length && i < from + 20; i++) {
    if (chars[i] === ':' && chars[i + 1] === ']') return i + 1;
  }
  return undefined;
}

function closingBracket(chars: readonly string[], from: number): number {
  for (let i = from + 1; i < chars.length; i++) {
    if (chars[i] === '\\') i++;
    else if (chars[i] === '[' && chars[i + 1] === ':') i = posixEnd(chars, i) ?? i;
    else if (chars[i] === ']') return i;
  }
  return -1;
}

/** `[a*b]` becomes `[a[^/]*b]`: any number of a, [, ^ or /, then `b]`. `[a?b]` lacks the star. */
function brokenClass(chars: readonly string[], from: number, wild: number, last: number) {
  const at = from + 1 + wild;
  // `**` becomes a group in the class; nobody writes that, and we do not guess.
  if (chars[at] === '*' && chars[at + 1] === '*') return undefined;
  const test = classTest([...chars.slice(from + 1, at), '[', '^', '/']);
  const rest = tokenise(chars.slice(at + 1, last));
  if (test === undefined || rest === undefined) return undefined;
  const kind = chars[at] === '*' ? ('many' as const) : ('one' as const);
  const tokens: GlobToken[] = [{ kind, test }, ...rest, { kind: 'char', code: 93 }];
  return { tokens, last };
}

/** Go knows two more. */
const POSIX: Readonly<Record<string, RegExp>> = { ...POSIX_CLASSES, ascii: /[\0-\x7f]/, word: /[0-9A-Za-z_]/ };

/** A class as Go's regexp reads it: unlike filepath.Match it lets a negated one match a slash. */
function classTest(inside: readonly string[]): ((code: number) => boolean) | undefined {
  const negated = inside[0] === '^';
  const tests: ((code: number) => boolean)[] = [];
  for (let i = negated ? 1 : 0; i < inside.length; i++) {
    const close = inside[i] === '[' && inside[i + 1] === ':' ? posixEnd(inside, i) : undefined;
    if (close !== undefined) {
      const name = inside.slice(i + 2, close - 1).join('');
      const expression = POSIX[name.replace(/^\^/, '')];
      if (expression === undefined) return undefined;
      tests.push((code) => expression.test(String.fromCodePoint(code)) !== name.startsWith('^'));
      i = close;
      continue;
    }
    const low = classItem(inside, i);
    if (low === undefined) return undefined;
    i = low.last;
    if (low.test !== undefined) {
      tests.push(low.test);
      continue;
    }
    const start = low.code;
    let end = start;
    if (inside[i + 1] === '-' && i + 2 < inside.length) {
      const high = classItem(inside, i + 2);
      if (high === undefined || high.test !== undefined || high.code < start) return undefined;
      end = high.code;
      i = high.last;
    }
    tests.push((code) => code >= start && code <= end);
  }
  return (code) => tests.some((test) => test(code)) !== negated;
}

function classItem(inside: readonly string[], at: number) {
  const char = inside[at] ?? '';
  if (char !== '\\') return { code: char.codePointAt(0) ?? 0, test: undefined, last: at };
  const token = escaped(inside[at + 1] ?? '');
  if (token === undefined || token.kind === 'folders') return undefined;
  return token.kind === 'char'
    ? { code: token.code, test: undefined, last: at + 1 }
    : { code: 0, test: token.test, last: at + 1 };
}
