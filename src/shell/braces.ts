import type { Word } from './ast.ts';

/** More words than this from one pair of braces are not listed. */
const MOST = 1000;

/** `{a,b}` and `{1..3}` as Bash expands them; undefined where a part is not plain text (quotes, variables, nesting). */
export function expandBraces(text: string, at: number): readonly Word[] | undefined {
  const inner = text.slice(1, -1);
  const word = (value: string): Word => ({
    span: { start: at, end: at + text.length },
    text: value,
    parts: [{ kind: 'literal', text: value, quoted: false }],
  });
  const range = /^(-?\d+)\.\.(-?\d+)(?:\.\.(-?\d+))?$/.exec(inner);
  if (range) return numbers(range[1] ?? '', range[2] ?? '', range[3])?.map(word);
  const letters = /^([A-Za-z])\.\.([A-Za-z])$/.exec(inner);
  if (letters) {
    const from = (letters[1] ?? '').charCodeAt(0);
    const to = (letters[2] ?? '').charCodeAt(0);
    const step = from <= to ? 1 : -1;
    const out: Word[] = [];
    for (let code = from; step > 0 ? code <= to : code >= to; code += step) out.push(word(String.fromCharCode(code)));
    return out;
  }
  if (/[{}$`"'\\*?[]/.test(inner)) return undefined;
  const items = inner.split(',');
  return items.length > MOST ? undefined : items.map(word);
}

function numbers(first: string, last: string, by: string | undefined): readonly string[] | undefined {
  const from = Number(first);
  const to = Number(last);
  const step = Math.abs(Number(by ?? 1)) || 1;
  if (Math.abs(to - from) / step > MOST) return undefined;
  const padded = /^-?0\d/.test(first) || /^-?0\d/.test(last);
  const width = padded ? Math.max(first.length, last.length) : 0;
  const out: string[] = [];
  const show = (n: number) => (n < 0 ? '-' : '') + String(Math.abs(n)).padStart(n < 0 ? width - 1 : width, '0');
  for (let n = from; from <= to ? n <= to : n >= to; n += from <= to ? step : -step) out.push(show(n));
  return out;
}
