import type { Span } from '../text/place.ts';
import { skipSpace } from './go-text.ts';
import { SourceMap } from './source-map.ts';
import type { EscapeChar } from './syntax.ts';

/** A line of the file; `end` is before its line end, `next` behind it. */
export interface PhysicalLine {
  readonly start: number;
  readonly end: number;
  readonly next: number;
  readonly number: number;
}

/** One instruction with its continued lines joined, as BuildKit hands it on. */
export interface LogicalLine {
  readonly text: string;
  readonly map: SourceMap;
  readonly startLine: number;
  /** Last line that was consumed. */
  readonly endLine: number;
  /** Offset of the end of the last line that gave text. */
  readonly end: number;
  /** Comment lines between the continued ones. */
  readonly comments: readonly { readonly span: Span; readonly line: number }[];
  readonly emptyContinuation: boolean;
}

/** Splits at `\n` alone; any number of `\r` before it belongs to the line end. */
export function physicalLines(text: string): readonly PhysicalLine[] {
  const lines: PhysicalLine[] = [];
  for (let start = 0; start < text.length; ) {
    const newline = text.indexOf('\n', start);
    const next = newline === -1 ? text.length : newline + 1;
    let end = newline === -1 ? next : newline;
    while (end > start && text.charCodeAt(end - 1) === 13) end--;
    lines.push({ start, end, next, number: lines.length + 1 });
    start = next;
  }
  return lines;
}

export function isCommentLine(text: string, line: PhysicalLine): boolean {
  return text[skipSpace(text, line.start, line.end)] === '#';
}

/** The end of what a line gives, when it is continued: before the escape character. -1 when it is not. An escape
 * character behind another one continues nothing. */
function continuedAt(text: string, start: number, end: number, escapeChar: EscapeChar): number {
  let at = end;
  while (at > start && (text[at - 1] === ' ' || text[at - 1] === '\t')) at--;
  if (at === start || text[at - 1] !== escapeChar) return -1;
  return at - 1 === start || text[at - 2] !== escapeChar ? at - 1 : -1;
}

/** Joins the line at `index` with those that continue it. Returns undefined for a line that gives nothing. */
export function readLogicalLine(
  text: string,
  lines: readonly PhysicalLine[],
  index: number,
  escapeChar: EscapeChar,
): { line: LogicalLine; next: number } | undefined {
  const first = lines[index];
  if (first === undefined) return undefined;
  const begin = skipSpace(text, first.start === 0 && text[0] === '\uFEFF' ? 1 : first.start, first.end);
  const parts: string[] = [];
  const at: number[] = [];
  const from: number[] = [];
  let length = 0;
  let end = begin;
  const push = (start: number, stop: number): void => {
    end = stop;
    if (stop === start && at.length > 0) return;
    at.push(length);
    from.push(start);
    parts.push(text.slice(start, stop));
    length += stop - start;
  };
  let continued = continuedAt(text, begin, first.end, escapeChar);
  if (continued === -1 && begin === first.end) return undefined;
  push(begin, continued === -1 ? first.end : continued);
  const comments: { span: Span; line: number }[] = [];
  let emptyContinuation = false;
  let next = index + 1;
  while (continued !== -1) {
    const line = lines[next];
    if (line === undefined) break;
    next++;
    const content = skipSpace(text, line.start, line.end);
    if (text[content] === '#' && content < line.end) {
      comments.push({ span: { start: content, end: line.end }, line: line.number });
      continue;
    }
    if (content === line.end) {
      emptyContinuation = true;
      continue;
    }
    continued = continuedAt(text, line.start, line.end, escapeChar);
    push(line.start, continued === -1 ? line.end : continued);
  }
  const joined = parts.length === 1 ? (parts[0] ?? '') : parts.join('');
  const line = {
    text: joined,
    map: new SourceMap(at, from, length),
    startLine: first.number,
    endLine: lines[next - 1]?.number ?? first.number,
    end: Math.max(end, begin),
    comments,
    emptyContinuation,
  };
  return { line, next };
}
