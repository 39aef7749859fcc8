// `${x#p}`, `${x%p}`, `${x/p/r}`: patterns of `*` and `?` as BuildKit reads them (shell/lex.go). BuildKit turns them into
// regular expressions; ours would backtrack on hostile input, so sets of states are walked instead.

type Token = { readonly kind: 'char'; readonly char: string } | { readonly kind: 'one' | 'many' };
type Result = { readonly text: string } | { readonly error: string };

function tokenise(chars: readonly string[]): readonly Token[] | { readonly error: string } {
  const tokens: Token[] = [];
  for (let i = 0; i < chars.length; i++) {
    const char = chars[i] ?? '';
    if (char === '*') tokens.push({ kind: 'many' });
    else if (char === '?') tokens.push({ kind: 'one' });
    else if (char !== '\\') tokens.push({ kind: 'char', char });
    else if (chars[i + 1] !== '}' && chars[i + 1] !== '/') {
      const next = chars[++i] ?? '\uFFFD';
      if (next !== '*' && next !== '?' && next !== '\\') return { error: `invalid escape '\\${next}'` };
      tokens.push({ kind: 'char', char: next });
    }
  }
  return tokens;
}

const accepts = (token: Token, char: string): boolean => (token.kind === 'char' ? token.char === char : char !== '\n');

/** Enters a state, and the ones behind stars. */
function enter(tokens: readonly Token[], states: Uint8Array, from: number): void {
  for (let state = from; states[state] !== 1; state++) {
    states[state] = 1;
    if (tokens[state]?.kind !== 'many') return;
  }
}

/** Ends of the matches that begin at `from`: the first one, or the last. -1: none. */
function matchEnd(tokens: readonly Token[], chars: readonly string[], from: number, longest: boolean): number {
  let states = new Uint8Array(tokens.length + 1);
  let next = new Uint8Array(tokens.length + 1);
  enter(tokens, states, 0);
  let found = -1;
  for (let i = from; ; i++) {
    if (states[tokens.length] === 1) {
      found = i;
      if (!longest) return found;
    }
    const char = chars[i];
    if (char === undefined) return found;
    next.fill(0);
    let alive = false;
    for (let state = 0; state < tokens.length; state++) {
      const token = tokens[state];
      if (states[state] !== 1 || token === undefined || !accepts(token, char)) continue;
      enter(tokens, next, token.kind === 'many' ? state : state + 1);
      alive = true;
    }
    if (!alive) return found;
    [states, next] = [next, states];
  }
}

/** For every position whether some match begins there: one walk from the end with the tokens reversed. */
function matchStarts(tokens: readonly Token[], chars: readonly string[]): Uint8Array {
  const backwards = [...tokens].reverse();
  const starts = new Uint8Array(chars.length + 1);
  let states = new Uint8Array(tokens.length + 1);
  let next = new Uint8Array(tokens.length + 1);
  for (let i = chars.length; i >= 0; i--) {
    enter(backwards, states, 0);
    starts[i] = states[tokens.length] ?? 0;
    const char = chars[i - 1];
    if (char === undefined) break;
    next.fill(0);
    for (let state = 0; state < tokens.length; state++) {
      const token = backwards[state];
      if (states[state] !== 1 || token === undefined || !accepts(token, char)) continue;
      enter(backwards, next, token.kind === 'many' ? state : state + 1);
    }
    [states, next] = [next, states];
  }
  return starts;
}

const invalid = (pattern: string, error: string): Result => ({
  error: `invalid pattern (${pattern}) in substitution: ${error}`,
});

export function trimShellPrefix(pattern: string, value: string, greedy: boolean): Result {
  const tokens = tokenise([...pattern]);
  if ('error' in tokens) return invalid(pattern, tokens.error);
  const chars = [...value];
  const end = matchEnd(tokens, chars, 0, greedy);
  return { text: end === -1 ? value : chars.slice(end).join('') };
}

/** As BuildKit does it: pattern and value reversed, then from the front; its message shows the reversed pattern. */
export function trimShellSuffix(pattern: string, value: string, greedy: boolean): Result {
  const result = trimShellPrefix(reversePattern(pattern), [...value].reverse().join(''), greedy);
  return 'error' in result ? result : { text: [...result.text].reverse().join('') };
}

/** Escape sequences stay in order: `a\*c` becomes `c\*a`. */
function reversePattern(pattern: string): string {
  const parts: string[] = [];
  const chars = [...pattern];
  for (let i = 0; i < chars.length; i++) {
    const char = chars[i] ?? '';
    parts.push(char === '\\' && i + 1 < chars.length ? `\\${chars[++i]}` : char);
  }
  return parts.reverse().join('');
}

export function replaceShellPattern(pattern: string, replacement: string, value: string, all: boolean): Result {
  const tokens = tokenise([...pattern]);
  if ('error' in tokens) return invalid(pattern, tokens.error);
  const chars = [...value];
  const starts = matchStarts(tokens, chars);
  let out = '';
  let copied = 0;
  let lastEnd = -1;
  for (let start = 0; start <= chars.length; ) {
    if (starts[start] !== 1) {
      start++;
      continue;
    }
    const end = matchEnd(tokens, chars, start, true);
    // An empty match right behind another one does not count.
    if (end > start || start !== lastEnd) {
      const match = chars.slice(start, end).join('');
      out += chars.slice(copied, start).join('') + (all ? expandTemplate(replacement, match) : replacement);
      copied = end;
      lastEnd = end;
      if (!all) break;
    }
    start = end > start ? end : start + 1;
  }
  return { text: out + chars.slice(copied).join('') };
}

/** Go's `Regexp.Expand`, which BuildKit runs into with `//`: `$0` is the match, other names are empty, `$$` is `$`. */
function expandTemplate(template: string, match: string): string {
  return template.replace(/\$(?:\$|\{([\p{L}\p{Nd}_]+)\}|([\p{L}\p{Nd}_]+))/gu, (whole, braced, bare) => {
    if (whole === '$$') return '$';
    return (braced ?? bare) === '0' ? match : '';
  });
}
