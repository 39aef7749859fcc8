import { splitWords } from './lex.ts';

export interface HeredocMark {
  readonly name: string;
  readonly fileDescriptor: number;
  readonly expand: boolean;
  readonly chomp: boolean;
}

const MARK = /^(\d*)<<(-?)[\t\n\f\r ]*([^<]*)$/;
const nothing = (): undefined => undefined;
const quotes = (text: string): number => text.split(/['"]/).length - 1;

/** A word such as `<<EOF`, `3<<-"EOF"`. Undefined when it is no heredoc. */
export function parseHeredocMark(word: string): HeredocMark | { readonly error: string } | undefined {
  if (!word.includes('<<')) return undefined;
  const match = MARK.exec(word);
  const rest = match?.[3] ?? '';
  if (match === null || rest === '') return undefined;
  const plain = splitWords(rest, nothing, '\\', { skipUnset: true });
  if (plain.error !== undefined) return { error: plain.error };
  const name = plain.words[0];
  if (name === undefined || plain.words.length !== 1) return undefined;
  const raw = splitWords(rest, nothing, '\\', { skipUnset: true, rawQuotes: true });
  if (raw.error !== undefined) return { error: raw.error };
  if (raw.words.length !== 1) {
    return { error: `internal lexing of heredoc produced inconsistent results: ${rest}` };
  }
  const descriptor = Number(match[1] === '' ? 0 : match[1]);
  return {
    name,
    fileDescriptor: Number.isSafeInteger(descriptor) ? descriptor : 0,
    chomp: match[2] === '-',
    expand: quotes(name) === quotes(raw.words[0] ?? ''),
  };
}

/** All heredocs that a logical line announces, in order. */
export function heredocMarks(line: string): readonly HeredocMark[] | { readonly error: string } {
  if (!line.includes('<<')) return [];
  const { words } = splitWords(line, nothing, '\\', { skipUnset: true, rawQuotes: true, rawEscapes: true });
  const marks: HeredocMark[] = [];
  for (const word of words) {
    const mark = parseHeredocMark(word);
    if (mark === undefined) continue;
    if ('error' in mark) return mark;
    marks.push(mark);
  }
  return marks;
}

/** Removes the tabs at the beginning of every line, as `<<-` asks for. */
export function chompHeredoc(content: string): string {
  return content.replace(/(^|\n)\t+/g, '$1');
}
