import { LineIndex } from '../text/line-index.ts';
import type { ComposeProblem } from './problem.ts';

/** Stands for the blank that would end a plain scalar. One UTF-16 unit, so that no offset moves. */
const MASK = '\u00a0';
/** `key: ${NAME…`, `- ${NAME…` or `- KEY=${NAME…`: the start of an unquoted value that begins a variable with a message or default. */
const UNQUOTED = /^(\s*(?:- +)?(?:[\w.-]+ *: +)?(?:- +)?)(?!["'|>#&*!{[])[^\n]*?\$\{[A-Za-z_]\w*:?[-?+]/;

/** Finds unquoted values such as `${KEY:?error: set it}`: for YAML the inner `: ` is the separator of a mapping (or ` #` a comment),
 * and Compose refuses the file. Returns the text with these blanks masked, so that the rest can still be read, and the problems. */
export function maskColonsInVariables(
  file: string,
  text: string,
): { text: string; problems: readonly ComposeProblem[] } {
  const problems: ComposeProblem[] = [];
  if (!text.includes('${')) return { text, problems };
  const lines = text.split('\n');
  let index: LineIndex | undefined;
  let offset = 0;
  let blockIndent = -1;
  lines.forEach((line, row) => {
    const indent = line.length - line.trimStart().length;
    const inBlock = blockIndent >= 0 && (line.trim() === '' || indent > blockIndent);
    if (!inBlock) {
      blockIndent = /(?:^|[\s:-])[|>][-+0-9]*\s*(?:#.*)?$/.test(line) ? indent : -1;
      const masked = UNQUOTED.test(line) ? maskLine(line) : undefined;
      if (masked !== undefined) {
        lines[row] = masked.line;
        index ??= new LineIndex(text);
        problems.push({
          kind: 'not-yaml',
          effect: 'refused',
          at: index.place(file, { start: offset + masked.at, end: offset + masked.at + 2 }),
          text: 'not valid YAML: an unquoted value ends at `: `, also inside ${…}',
          remedy: 'quote the whole value',
        });
      }
    }
    offset += line.length + 1;
  });
  return { text: problems.length === 0 ? text : lines.join('\n'), problems };
}

function maskLine(line: string): { line: string; at: number } | undefined {
  let depth = 0;
  let first: number | undefined;
  let out = '';
  let quoted = false;
  for (let i = 0; i < line.length; i++) {
    const char = line[i] ?? '';
    if (char === '$' && line[i + 1] === '{') depth++;
    else if (char === '}' && depth > 0) depth--;
    if (depth === 0 && (char === '"' || char === "'") && /[\s:[,-]/.test(line[i - 1] ?? ' ')) quoted = true;
    if (depth === 0 && char === '#' && /\s/.test(line[i - 1] ?? ' ')) return finish(line, out, i, first);
    const splits = depth > 0 && !quoted && char === ':' && line[i + 1] === ' ';
    out += char;
    if (splits) {
      first ??= i;
      out += MASK;
      i++;
    }
  }
  return first === undefined ? undefined : { line: out, at: first };
}

function finish(line: string, out: string, from: number, first: number | undefined) {
  return first === undefined ? undefined : { line: out + line.slice(from), at: first };
}
