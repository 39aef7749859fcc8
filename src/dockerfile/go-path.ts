/** Go's `filepath.Clean` on Unix. */
export function cleanPath(path: string): string {
  if (path === '') return '.';
  const rooted = path.startsWith('/');
  const out: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') out.push(part);
    else if (out.length > 0 && out.at(-1) !== '..') out.pop();
    else if (!rooted) out.push('..');
  }
  const joined = out.join('/');
  if (rooted) return `/${joined}`;
  return joined === '' ? '.' : joined;
}

/** `badPattern`: Go's `ErrBadPattern`. */
export type GoMatch = boolean | 'badPattern';

/** Go's `filepath.Match` on Unix: `*` and `?` stop at slashes, `[a-z]`, `[^a]`, `\` escapes; the whole name must match. */
export function matchPath(pattern: string, name: string): GoMatch {
  return matchFrom([...pattern], [...name]);
}

function matchFrom(pattern: readonly string[], name: readonly string[]): GoMatch {
  let at = 0;
  let from = 0;
  while (at < pattern.length) {
    let star = false;
    while (pattern[at] === '*') {
      star = true;
      at++;
    }
    const end = chunkEnd(pattern, at);
    const chunk = pattern.slice(at, end);
    at = end;
    if (star && chunk.length === 0) return !name.slice(from).includes('/');
    const first = matchChunk(chunk, name, from);
    if (first === 'badPattern') return first;
    if (first !== -1 && (first === name.length || at < pattern.length)) {
      from = first;
      continue;
    }
    let found = false;
    if (star) {
      for (let i = from; i < name.length && name[i] !== '/'; i++) {
        const next = matchChunk(chunk, name, i + 1);
        if (next === 'badPattern') return next;
        if (next === -1 || (at === pattern.length && next < name.length)) continue;
        from = next;
        found = true;
        break;
      }
    }
    if (found) continue;
    return false;
  }
  return from === name.length;
}

function chunkEnd(pattern: readonly string[], from: number): number {
  let inRange = false;
  for (let i = from; i < pattern.length; i++) {
    const char = pattern[i];
    if (char === '\\') i++;
    else if (char === '[') inRange = true;
    else if (char === ']') inRange = false;
    else if (char === '*' && !inRange) return i;
  }
  return pattern.length;
}

/** Where the match of a chunk without stars ends, -1 for none. The syntax is checked to the end of the chunk; Go does not
 * look at chunks behind one that fails. */
function matchChunk(chunk: readonly string[], name: readonly string[], from: number): number | 'badPattern' {
  let failed = false;
  let at = from;
  for (let i = 0; i < chunk.length; ) {
    if (!failed && at === name.length) failed = true;
    const char = chunk[i];
    const given = name[at] ?? '';
    if (char === '[') {
      const set = readRange(chunk, i + 1, given);
      if (set === undefined) return 'badPattern';
      if (!failed) {
        at++;
        if (!set.inside) failed = true;
      }
      i = set.next;
    } else if (char === '?') {
      if (!failed) {
        if (given === '/') failed = true;
        at++;
      }
      i++;
    } else {
      if (char === '\\') i++;
      const literal = chunk[i];
      if (literal === undefined) return 'badPattern';
      if (!failed) {
        if (literal !== given) failed = true;
        at++;
      }
      i++;
    }
  }
  return failed ? -1 : at;
}

function readRange(chunk: readonly string[], from: number, given: string) {
  let i = from;
  const negated = chunk[i] === '^';
  if (negated) i++;
  const code = given.codePointAt(0) ?? -1;
  let match = false;
  for (let count = 0; ; count++) {
    if (chunk[i] === ']' && count > 0) return { inside: match !== negated, next: i + 1 };
    const low = readEscaped(chunk, i);
    if (low === undefined) return undefined;
    let high = low;
    if (chunk[low.next] === '-') {
      const end = readEscaped(chunk, low.next + 1);
      if (end === undefined) return undefined;
      high = end;
    }
    if (low.code <= code && code <= high.code) match = true;
    i = high.next;
  }
}

function readEscaped(chunk: readonly string[], at: number): { code: number; next: number } | undefined {
  let i = at;
  const char = chunk[i];
  if (char === undefined || char === '-' || char === ']') return undefined;
  if (char === '\\') i++;
  const code = chunk[i]?.codePointAt(0);
  // Go wants something behind it: at least the closing bracket.
  return code === undefined || i + 1 >= chunk.length ? undefined : { code, next: i + 1 };
}
