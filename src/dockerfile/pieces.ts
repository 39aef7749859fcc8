import { isListSpace, isSpace } from './go-text.ts';
import type { EscapeChar } from './syntax.ts';

/** A word with its range in the logical line. Converted to a range of the file when the tree is built. */
export interface Piece {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** BuildKit's split into words that keep their quotes (ENV, LABEL, ARG). */
export function splitQuoted(text: string, start: number, end: number, escapeChar: EscapeChar): readonly Piece[] {
  const pieces: Piece[] = [];
  let at = start;
  while (at < end) {
    if (isSpace(text.charCodeAt(at))) {
      at++;
      continue;
    }
    const from = at;
    let quote = '';
    let kept = at;
    let out = '';
    for (; at < end; at++) {
      const char = text[at] ?? '';
      if (quote === '' && isSpace(text.charCodeAt(at))) break;
      if (char === escapeChar && quote !== "'") {
        if (at + 1 === end) {
          // An escape character that ends the line vanishes.
          out += text.slice(kept, at);
          kept = end;
          quote = '';
          continue;
        }
        // In quotes that the escape character closes (impossible for \ and `) nothing else would happen here.
        at++;
        continue;
      }
      if (quote !== '') {
        if (char === quote) quote = '';
      } else if (char === '"' || char === "'") quote = char;
    }
    out += text.slice(Math.min(kept, at), at);
    if (out !== '') pieces.push({ text: out, start: from, end: at });
  }
  return pieces;
}

/** Go's `regexp.Split` at runs of ASCII spaces: a leading run gives an empty first word. */
export function splitList(text: string, start: number, end: number): readonly Piece[] {
  const pieces: Piece[] = [];
  let from = start;
  for (let at = start; at < end; at++) {
    if (!isListSpace(text.charCodeAt(at))) continue;
    pieces.push({ text: text.slice(from, at), start: from, end: at });
    while (at + 1 < end && isListSpace(text.charCodeAt(at + 1))) at++;
    from = at + 1;
  }
  pieces.push({ text: text.slice(from, end), start: from, end });
  return pieces;
}

export type JsonList = { readonly kind: 'list'; readonly pieces: readonly Piece[] } | { readonly kind: 'no' | 'mixed' };

/** A JSON array of strings, as the exec form is recognised: anything that is no valid JSON array is `no` (and then taken
 * as text), an array with something else in it is `mixed` (an error). */
export function readJsonList(text: string, start: number, end: number): JsonList {
  let from = start;
  while (from < end && isSpace(text.charCodeAt(from))) from++;
  if (text[from] !== '[' || from >= end) return { kind: 'no' };
  let values: unknown;
  try {
    values = JSON.parse(text.slice(from, end));
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof RangeError)) throw error;
    return { kind: 'no' };
  }
  if (!Array.isArray(values) || hasHugeNumber(values)) return { kind: 'no' };
  const pieces: Piece[] = [];
  let at = from + 1;
  for (const value of values as readonly unknown[]) {
    if (typeof value !== 'string') return { kind: 'mixed' };
    while (text[at] !== '"') at++;
    const begin = at++;
    for (; text[at] !== '"'; at++) if (text[at] === '\\') at++;
    at++;
    // Go replaces halves of surrogate pairs, which JavaScript keeps.
    pieces.push({ text: value.replace(/\p{Surrogate}/gu, '\uFFFD'), start: begin, end: at });
  }
  return { kind: 'list', pieces };
}

/** Go refuses numbers beyond a double; JavaScript reads them as infinite. */
function hasHugeNumber(value: unknown): boolean {
  if (typeof value === 'number') return !Number.isFinite(value);
  if (Array.isArray(value)) return value.some(hasHugeNumber);
  return typeof value === 'object' && value !== null && Object.values(value).some(hasHugeNumber);
}
