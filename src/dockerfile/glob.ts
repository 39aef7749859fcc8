/** One element of a compiled pattern. `many`: any number of characters that pass; `folders`: nothing, or anything up to
 * and with a slash. */
export type GlobToken =
  | { readonly kind: 'char'; readonly code: number }
  | { readonly kind: 'one' | 'many'; readonly test: (code: number) => boolean }
  | { readonly kind: 'folders' };

const SLASH = 47;

/** Whether the whole text matches. The time is the product of both lengths at worst: no pattern can make it backtrack. */
export function matchGlob(tokens: readonly GlobToken[], text: string): boolean {
  const size = tokens.length;
  let states = new Uint8Array(size + 1);
  let next = new Uint8Array(size + 1);
  // Bit 1: at this token. Bit 2: inside a `folders` token, waiting for its slash.
  add(tokens, states, 0);
  for (let i = 0; i < text.length; i++) {
    const code = text.codePointAt(i) ?? 0;
    if (code > 0xffff) i++;
    next.fill(0);
    let alive = false;
    for (let state = 0; state < size; state++) {
      const bits = states[state] ?? 0;
      const token = tokens[state];
      if (bits === 0 || token === undefined) continue;
      if (token.kind === 'folders') {
        next[state] = (next[state] ?? 0) | 2;
        if (code === SLASH) add(tokens, next, state + 1);
        alive = true;
      } else if (token.kind === 'char' ? token.code === code : token.test(code)) {
        add(tokens, next, token.kind === 'many' ? state : state + 1);
        alive = true;
      }
    }
    if (!alive) return false;
    [states, next] = [next, states];
  }
  return states[size] === 1;
}

/** Marks a state, and those reached from it without a character. */
function add(tokens: readonly GlobToken[], states: Uint8Array, from: number): void {
  for (let state = from; ; state++) {
    states[state] = (states[state] ?? 0) | 1;
    const kind = tokens[state]?.kind;
    if (kind !== 'many' && kind !== 'folders') return;
  }
}
