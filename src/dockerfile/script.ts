import type { Span } from '../text/place.ts';
import { parseHeredocMark } from './heredoc.ts';
import { SourceMap } from './source-map.ts';
import type { Heredoc, Script } from './syntax.ts';

/** What the shell of a RUN gets to read. A lone `RUN <<EOF` hands over the body; a body that begins with `#!` is run as
 * a file; any other heredoc is put back behind its line for the shell to read. */
export function runScript(line: string, map: SourceMap, heredocs: readonly Heredoc[], text: string): Script {
  const [only] = heredocs;
  if (only === undefined) return { text: line, map, kind: 'line' };
  const mark = parseHeredocMark(line);
  if (mark === undefined || 'error' in mark) return reassembled(line, map, heredocs, text);
  const body = bodyOf(only, text);
  return { ...body, kind: only.content.startsWith('#!') ? 'file' : 'heredoc' };
}

/** The body of a heredoc, without leading tabs where it asks for that. */
function bodyOf(heredoc: Heredoc, text: string): { text: string; map: SourceMap } {
  if (!heredoc.chomp) {
    return { text: heredoc.content, map: SourceMap.identity(heredoc.contentSpan.start, heredoc.content.length) };
  }
  const pieces: Span[] = [];
  for (let start = heredoc.contentSpan.start; start < heredoc.contentSpan.end; ) {
    const newline = text.indexOf('\n', start);
    const end = newline === -1 ? heredoc.contentSpan.end : newline + 1;
    let from = start;
    while (text[from] === '\t') from++;
    pieces.push({ start: from, end });
    start = end;
  }
  return join(pieces, text);
}

function join(pieces: readonly Span[], text: string): { text: string; map: SourceMap } {
  const at: number[] = [];
  const from: number[] = [];
  let out = '';
  for (const piece of pieces) {
    at.push(out.length);
    from.push(piece.start);
    out += text.slice(piece.start, piece.end);
  }
  return { text: out, map: new SourceMap(at.length === 0 ? [0] : at, from.length === 0 ? [0] : from, out.length) };
}

function reassembled(line: string, map: SourceMap, heredocs: readonly Heredoc[], text: string): Script {
  const parts: { text: string; map: SourceMap }[] = [{ text: line, map }];
  for (const { contentSpan, name } of heredocs) {
    // The line end and the terminator are BuildKit's; the terminator's place in the file is right behind the body.
    parts.push({ text: '\n', map: SourceMap.identity(Math.max(0, contentSpan.start - 1), 1) });
    const body = text.slice(contentSpan.start, contentSpan.end);
    parts.push({ text: body + name, map: SourceMap.identity(contentSpan.start, body.length + name.length) });
  }
  const whole = SourceMap.join(parts.map((part) => ({ map: part.map, length: part.text.length })));
  return { text: parts.map((part) => part.text).join(''), map: whole, kind: 'line' };
}
