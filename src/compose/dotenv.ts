import { LineIndex } from '../text/line-index.ts';
import type { Place } from '../text/place.ts';
import { interpolate, TemplateError } from './interpolate.ts';

export interface DotenvEntry {
  readonly name: string;
  /** Undefined: named without a value (`NAME` alone), taken from the environment. */
  readonly value: string | undefined;
  readonly at: Place;
}

export interface DotenvFile {
  readonly file: string;
  readonly entries: ReadonlyMap<string, DotenvEntry>;
  /** What Compose would refuse the file for. Everything before it was read. */
  readonly error?: { readonly at: Place; readonly text: string };
}

/** Reads an env file as Compose does: quotes, `export`, inline comments, `NAME: value`, values over several lines, `${NAME}`. */
export function readDotenv(file: string, source: string, lookup: (name: string) => string | undefined): DotenvFile {
  const text = source.startsWith('\u{FEFF}') ? ` ${source.slice(1)}` : source;
  const lines = new LineIndex(text);
  const entries = new Map<string, DotenvEntry>();
  const place = (start: number, end: number) => lines.place(file, { start, end });
  const expand = (value: string, at: Place) =>
    interpolate(value, at, (use, _at, operand) => {
      const found = lookup(use.name) ?? entries.get(use.name)?.value;
      const set = found !== undefined && (!use.operator.startsWith(':') || found !== '');
      if (use.operator.endsWith('-')) return set ? found : operand();
      if (use.operator.endsWith('+')) return set ? operand() : '';
      return found ?? '';
    });
  let i = 0;
  while (true) {
    i = skipBlank(text, i);
    if (i >= text.length) return { file, entries };
    const start = i;
    const lineEnd = endOfLine(text, i);
    const key = /^(?:export[^\S\n]+)?([\p{L}\p{N}_.[\]-]+)[^\S\n]*(=|:|(?=\n|$))/u.exec(text.slice(i, lineEnd));
    const name = key?.[1];
    if (key === null || name === undefined) {
      return {
        file,
        entries,
        error: {
          at: place(start, lineEnd),
          text: `not a NAME=value line: ${text.slice(start, lineEnd).split(/[=:]/)[0]?.slice(0, 40) ?? ''}`,
        },
      };
    }
    i += key[0].length;
    if (key[2] === '') {
      entries.set(name, { name, value: lookup(name), at: place(start, i) });
      continue;
    }
    while (/[^\S\n]/.test(text[i] ?? '\n')) i++;
    try {
      const { value, end } = readValue(text, i, (raw) => expand(raw, place(start, lineEnd)));
      if (!/^\d/.test(name)) entries.set(name, { name, value, at: place(start, Math.max(start, end)) });
      i = end;
    } catch (error) {
      if (!(error instanceof TemplateError || error instanceof Unterminated)) throw error;
      return {
        file,
        entries,
        error: {
          at: place(start, lineEnd),
          text: error instanceof Unterminated ? 'a quote is not closed' : 'the value is no valid template',
        },
      };
    }
  }
}

class Unterminated extends Error {}

function skipBlank(text: string, from: number): number {
  let i = from;
  while (i < text.length) {
    if (/\s/.test(text[i] ?? '')) i++;
    else if (text[i] === '#') i = endOfLine(text, i);
    else break;
  }
  return i;
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end === -1 ? text.length : end;
}

function readValue(text: string, from: number, expand: (raw: string) => string): { value: string; end: number } {
  const quote = text[from];
  if (quote !== '"' && quote !== "'") {
    const end = endOfLine(text, from);
    const raw = (text.slice(from, end).split(' #')[0] ?? '').trimEnd();
    return { value: expand(raw), end };
  }
  let raw = '';
  for (let i = from + 1; i < text.length; i++) {
    const char = text[i] ?? '';
    if (char === quote) return { value: quote === '"' ? expand(expandEscapes(raw)) : raw, end: i + 1 };
    if (char === '\\' && i + 1 < text.length) {
      const next = text[++i] ?? '';
      raw += next === quote ? next : `\\${next}`;
    } else raw += char;
  }
  throw new Unterminated();
}

const ESCAPES: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  c: '\\c',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  $: '$$',
  '"': '"',
  '\\': '\\',
};

function expandEscapes(raw: string): string {
  return raw.replace(/\\([abcfnrtv$"\\])/g, (all, char: string) => ESCAPES[char] ?? all);
}
