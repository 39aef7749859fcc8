import { type GlobToken, matchGlob } from '../dockerfile/glob.ts';
import { notSlash } from '../dockerfile/glob-matcher.ts';
import { POSIX_CLASSES } from '../dockerfile/posix-classes.ts';

const SLASH = 47;
const any = (): boolean => true;

/** Git's wildmatch for a .gitignore pattern without its leading slash: `*` and `?` stay in a path component, `**` as a
 * whole component spans any number of them. A pattern git cannot use (an open bracket) matches nothing. */
export function compileWildmatch(pattern: string): (path: string) => boolean {
  if (!/[*?[\\]/.test(pattern)) return (path) => path === pattern;
  const tokens = tokenise([...pattern]);
  return tokens === undefined ? () => false : (path) => matchGlob(tokens, path);
}

function tokenise(chars: readonly string[]): readonly GlobToken[] | undefined {
  const tokens: GlobToken[] = [];
  for (let i = 0; i < chars.length; i++) {
    const char = chars[i] ?? '';
    if (char === '*') {
      let end = i;
      while (chars[end] === '*') end++;
      const whole = end - i >= 2 && (i === 0 || chars[i - 1] === '/') && (end === chars.length || chars[end] === '/');
      if (!whole) {
        tokens.push({ kind: 'many', test: notSlash });
        i = end - 1;
      } else if (end === chars.length) {
        tokens.push({ kind: 'many', test: any });
        i = end - 1;
      } else {
        tokens.push({ kind: 'folders' });
        i = end;
      }
    } else if (char === '?') {
      tokens.push({ kind: 'one', test: notSlash });
    } else if (char === '[') {
      const set = readSet(chars, i + 1);
      if (set === undefined) return undefined;
      tokens.push({ kind: 'one', test: set.test });
      i = set.end;
    } else {
      const literal = char === '\\' ? chars[++i] : char;
      if (literal === undefined) return undefined;
      tokens.push({ kind: 'char', code: literal.codePointAt(0) ?? 0 });
    }
  }
  return tokens;
}

/** Reads a bracket expression from behind its `[`; `end` is the offset of the `]`. */
function readSet(chars: readonly string[], from: number): { test: (code: number) => boolean; end: number } | undefined {
  const negated = chars[from] === '!' || chars[from] === '^';
  const ranges: [number, number][] = [];
  const classes: RegExp[] = [];
  const start = negated ? from + 1 : from;
  for (let i = start; i < chars.length; i++) {
    const char = chars[i] ?? '';
    if (char === ']' && i > start) {
      const test = (code: number): boolean => {
        const inside =
          ranges.some(([low, high]) => code >= low && code <= high) ||
          classes.some((expression) => expression.test(String.fromCodePoint(code)));
        return inside !== negated && code !== SLASH;
      };
      return { test, end: i };
    }
    if (char === '[' && chars[i + 1] === ':') {
      const close = chars.indexOf(']', i + 2);
      const name = chars.slice(i + 2, close - 1).join('');
      if (close > i + 2 && chars[close - 1] === ':') {
        const expression = POSIX_CLASSES[name];
        if (expression === undefined) return undefined;
        classes.push(expression);
        i = close;
        continue;
      }
    }
    const low = char === '\\' ? chars[++i] : char;
    if (low === undefined) return undefined;
    let high = low;
    if (chars[i + 1] === '-' && chars[i + 2] !== undefined && chars[i + 2] !== ']') {
      i += 2;
      const end = chars[i] === '\\' ? chars[++i] : chars[i];
      if (end === undefined) return undefined;
      high = end;
    }
    ranges.push([low.codePointAt(0) ?? 0, high.codePointAt(0) ?? 0]);
  }
  return undefined;
}
