import { goLower, goQuote, isAsciiSpace, isListSpace } from './go-text.ts';
import { type Piece, readJsonList, splitList, splitQuoted } from './pieces.ts';
import type { SourceMap } from './source-map.ts';
import { splitCommand } from './split-command.ts';
import type { EscapeChar } from './syntax.ts';
import type { Word } from './types.ts';

/** A parsed line before heredocs are read: BuildKit's node. */
export interface LineNode {
  readonly value: string;
  readonly keyword: Word;
  readonly flags: readonly Word[];
  readonly words: readonly Word[];
  readonly child?: LineNode;
  readonly json: boolean;
  /** Range of everything behind the flags in the logical line. */
  readonly start: number;
  readonly end: number;
  /** Range of the node's own text in the logical line: the whole, or what is behind ONBUILD. */
  readonly from: number;
  readonly to: number;
}

export type LineResult = { readonly node: LineNode } | { readonly error: string };

interface Arguments {
  readonly pieces: readonly Piece[];
  readonly json: boolean;
}

type ArgumentsResult = Arguments | { readonly error: string };
type Reader = (text: string, start: number, end: number, escapeChar: EscapeChar) => ArgumentsResult;

const NOT_STRINGS = 'when using JSON array syntax, arrays must be comprised of strings only';

const list = (pieces: readonly Piece[]): Arguments => ({ pieces, json: false });
const whole: Reader = (text, start, end) => list(start === end ? [] : [{ text: text.slice(start, end), start, end }]);
const spaced: Reader = (text, start, end) => list(start === end ? [] : splitList(text, start, end));

const jsonOr =
  (otherwise: Reader): Reader =>
  (text, start, end, escapeChar) => {
    const json = readJsonList(text, start, end);
    if (json.kind === 'list') return { pieces: json.pieces, json: true };
    return json.kind === 'mixed' ? { error: NOT_STRINGS } : otherwise(text, start, end, escapeChar);
  };

/** BuildKit looks at bytes here, so that wider spaces are none. */
const health: Reader = (text, start, end, escapeChar) => {
  let stop = start;
  while (stop < end && !isAsciiSpace(text.charCodeAt(stop))) stop++;
  if (stop === start) return list([]);
  let next = stop;
  while (next < end && isAsciiSpace(text.charCodeAt(next))) next++;
  const kind = { text: text.slice(start, stop), start, end: stop };
  const command = next === end ? list([]) : jsonOr(whole)(text, next, end, escapeChar);
  return 'error' in command ? command : { pieces: [kind, ...command.pieces], json: command.json };
};

const pairs =
  (keyword: string): Reader =>
  (text, start, end, escapeChar) => {
    const words = splitQuoted(text, start, end, escapeChar);
    const first = words[0];
    if (first === undefined) return list([]);
    if (!first.text.includes('=')) return oldPair(keyword, text, start, end);
    const pieces: Piece[] = [];
    for (const word of words) {
      const equals = word.text.indexOf('=');
      if (equals === -1) {
        return { error: `Syntax error - can't find = in ${goQuote(word.text)}. Must be of the form: name=value` };
      }
      const at = word.start + equals;
      pieces.push({ text: word.text.slice(0, equals), start: word.start, end: at });
      pieces.push({ text: word.text.slice(equals + 1), start: at + 1, end: word.end });
      pieces.push({ text: '=', start: at, end: at + 1 });
    }
    return list(pieces);
  };

/** `ENV name the rest of the line`. */
function oldPair(keyword: string, text: string, start: number, end: number): ArgumentsResult {
  let stop = start;
  while (stop < end && !isListSpace(text.charCodeAt(stop))) stop++;
  let next = stop;
  while (next < end && isListSpace(text.charCodeAt(next))) next++;
  if (stop === end) return { error: `${keyword} must have two arguments` };
  return list([
    { text: text.slice(start, stop), start, end: stop },
    { text: text.slice(next, end), start: next, end },
    { text: '', start: next, end: next },
  ]);
}

const READERS: Readonly<Record<string, Reader>> = {
  add: jsonOr(spaced),
  arg: (text, start, end, escapeChar) => list(splitQuoted(text, start, end, escapeChar)),
  cmd: jsonOr(whole),
  copy: jsonOr(spaced),
  entrypoint: jsonOr(whole),
  env: pairs('ENV'),
  expose: spaced,
  from: spaced,
  healthcheck: health,
  label: pairs('LABEL'),
  maintainer: whole,
  run: jsonOr(whole),
  shell: jsonOr(whole),
  stopsignal: whole,
  user: whole,
  volume: jsonOr(spaced),
  workdir: whole,
};

/** How deep `ONBUILD ONBUILD …` is followed; the second is an error anyway. */
const MAX_DEPTH = 50;

/** Parses one logical line, or the part of it that follows ONBUILD. */
export function parseLine(
  text: string,
  map: SourceMap,
  escapeChar: EscapeChar,
  from = 0,
  to = text.length,
  depth = 0,
): LineResult {
  const parts = splitCommand(text, from, to, escapeChar);
  const word = (piece: Piece): Word => ({ text: piece.text, span: map.span(piece.start, piece.end) });
  const base = {
    value: parts.keyword.text,
    keyword: word(parts.keyword),
    flags: parts.flags.map(word),
    start: parts.start,
    end: parts.end,
    from,
    to,
  };
  const name = goLower(parts.keyword.text);
  if (name === 'onbuild') {
    if (parts.start === parts.end) return { node: { ...base, words: [], json: false } };
    if (depth === MAX_DEPTH) return { error: 'ONBUILD is nested too deep' };
    const inner = parseLine(text, map, escapeChar, parts.start, parts.end, depth + 1);
    return 'error' in inner ? inner : { node: { ...base, words: [], json: false, child: inner.node } };
  }
  const reader = Object.hasOwn(READERS, name) ? READERS[name] : undefined;
  // BuildKit gives an unknown instruction one empty argument.
  if (reader === undefined) {
    const empty = { text: '', span: map.span(parts.start, parts.start) };
    return { node: { ...base, words: [empty], json: false } };
  }
  const read = reader(text, parts.start, parts.end, escapeChar);
  return 'error' in read ? read : { node: { ...base, words: read.pieces.map(word), json: read.json } };
}

/** ADD, COPY and RUN take heredocs, also behind ONBUILD; never in JSON form. */
export function takesHeredocs(node: LineNode): boolean {
  const at = goLower(node.value) === 'onbuild' && node.child !== undefined ? node.child : node;
  return ['add', 'copy', 'run'].includes(goLower(at.value)) && !at.json;
}
