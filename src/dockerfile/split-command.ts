import { isListSpace, isSpace, skipSpace, trimEnd } from './go-text.ts';
import type { Piece } from './pieces.ts';
import type { EscapeChar } from './syntax.ts';

export interface CommandParts {
  readonly keyword: Piece;
  readonly flags: readonly Piece[];
  /** Range of the rest, trimmed. */
  readonly start: number;
  readonly end: number;
}

/** The first word of a range, which is trimmed already or begins with spaces. */
export function readKeyword(text: string, from: number, to: number): Piece {
  const start = skipSpace(text, from, to);
  let stop = start;
  while (stop < to && !isListSpace(text.charCodeAt(stop))) stop++;
  return { text: text.slice(start, stop), start, end: stop };
}

/** Keyword, `--flags`, and the rest of a logical line. */
export function splitCommand(text: string, from: number, to: number, escapeChar: EscapeChar): CommandParts {
  const start = skipSpace(text, from, to);
  const end = trimEnd(text, start, to);
  const keyword = readKeyword(text, start, end);
  const stop = keyword.end;
  if (stop === end) return { keyword, flags: [], start: end, end };
  let behind = stop;
  while (behind < end && isListSpace(text.charCodeAt(behind))) behind++;
  const { flags, rest } = readFlags(text, behind, end, escapeChar);
  const restStart = skipSpace(text, rest, end);
  return { keyword, flags, start: restStart, end: trimEnd(text, restStart, end) };
}

/** BuildKit reads flags byte by byte, so that a letter outside ASCII falls apart into Latin-1 ones, and some of their
 * bytes count as spaces. We follow it: what it would do with such a flag is what matters. */
function readFlags(text: string, from: number, to: number, escapeChar: EscapeChar): { flags: Piece[]; rest: number } {
  const flags: Piece[] = [];
  const { bytes, at } = bytesOf(text, from, to);
  const place = (index: number): number => (at === undefined ? from + index : (at[index] ?? to));
  const size = bytes.length;
  let position = 0;
  while (true) {
    while (position < size && isSpace(bytes.charCodeAt(position))) position++;
    if (position >= size) return { flags, rest: to };
    if (bytes[position] !== '-' || bytes[position + 1] !== '-') return { flags, rest: place(position) };
    const begin = position;
    let word = '';
    let quoted = false;
    let quote = '';
    for (; position < size; position++) {
      let char = bytes[position] ?? '';
      if (quote === '' && isSpace(char.charCodeAt(0))) break;
      if (quote === '' && (char === '"' || char === "'")) {
        quote = char;
        quoted = true;
        continue;
      }
      if (quote !== '' && char === quote) {
        quote = '';
        continue;
      }
      if (char === escapeChar) {
        if (position + 1 === size) {
          quote = '';
          continue;
        }
        char = bytes[++position] ?? '';
      }
      word += char;
    }
    if (word === '--') return { flags, rest: position >= size ? to : place(position) };
    if (quoted || word !== '') flags.push({ text: word, start: place(begin), end: place(position) });
  }
}

function bytesOf(text: string, from: number, to: number): { bytes: string; at?: readonly number[] } {
  const part = text.slice(from, to);
  if (!part.startsWith('--') && !isSpace(part.charCodeAt(0))) return { bytes: part };
  if (/^[\0-\x7f]*$/.test(part)) return { bytes: part };
  let bytes = '';
  const at: number[] = [];
  const encoder = new TextEncoder();
  let offset = from;
  for (const char of part) {
    for (const byte of encoder.encode(char)) {
      bytes += String.fromCharCode(byte);
      at.push(offset);
    }
    offset += char.length;
  }
  return { bytes, at };
}
