import type { Expr } from '../program/ir.ts';

const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  '\\': '\\',
  "'": "'",
  '"': '"',
  '\n': '',
};

/** The value of a Python string literal, prefixes and quotes included; bytes are given as text. */
export function stringPart(
  literal: string,
): { k: 'const'; value: string } | Omit<Extract<Expr, { k: 'other' }>, 'from' | 'to'> {
  const match = /^([A-Za-z]*)("""|'''|"|')([\s\S]*?)\2$/.exec(literal);
  if (!match) return { k: 'other', parts: [], text: literal.slice(0, 80) };
  const [, prefix = '', , inner = ''] = match;
  if (/r/i.test(prefix)) return { k: 'const', value: inner };
  const value = inner.replace(/\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|[\s\S])/g, (whole, code: string) => {
    if (code.length > 1) return String.fromCharCode(Number.parseInt(code.slice(1), 16));
    return ESCAPES[code] ?? whole;
  });
  return { k: 'const', value };
}
