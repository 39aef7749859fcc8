import type { Fact, Reason } from '../../facts/fact.ts';
import { quotePattern } from '../../shell/pattern.ts';

/** A word in the making: one field of the result. */
export interface Field {
  text: string;
  /** The same as a pattern, quoted parts escaped. */
  pattern: string;
  glob: boolean;
  /** Something stands in it, if only `""`. */
  real: boolean;
  unknown: Fact<string> | undefined;
  many: boolean;
  because: Reason[];
}

export function newField(): Field {
  return { text: '', pattern: '', glob: false, real: false, unknown: undefined, many: false, because: [] };
}

/** Appends an unquoted value, which the shell splits at blanks. */
export function splitInto(text: string, fields: Field[]): void {
  const pieces = text.split(/[ \t\n]+/);
  pieces.forEach((piece, i) => {
    if (i > 0 && (fields.at(-1)?.real ?? false)) fields.push(newField());
    const field = fields.at(-1);
    if (piece === '' || !field) return;
    field.text += piece;
    field.pattern += piece;
    if (/[*?[]/.test(piece)) field.glob = true;
    field.real = true;
  });
}

/** Appends `$@` or `$*`. */
export function positionalInto(all: Fact<readonly string[]>, quoted: boolean, fields: Field[]): void {
  const field = fields.at(-1);
  if (!field) return;
  if (!all.known) {
    field.unknown = all;
    field.many = true;
    field.real = true;
    return;
  }
  all.value.forEach((value, i) => {
    if (i > 0) fields.push(newField());
    const own = fields.at(-1);
    if (!own) return;
    own.text += value;
    own.pattern += quoted ? quotePattern(value) : value;
    own.real = true;
  });
}
