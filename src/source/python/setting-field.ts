import type { Expr } from '../program/ir.ts';
import type { Program } from '../program/program.ts';
import type { Environment } from '../program/value.ts';
import type { Plain } from './plain-value.ts';
import { typed } from './setting-types.ts';
import type { SettingsField } from './settings.ts';

/** What the environment gives for a field. */
export type Given =
  | { readonly set: true; readonly variable: string; readonly text: string }
  | { readonly set: false; readonly names: readonly string[] }
  | undefined;

/** The text that a field is read from; undefined where that is not known. */
export function givenTo(field: SettingsField, env: Environment): Given {
  for (const name of field.variables) {
    const key = field.ignoreCase ? [...env.keys()].find((own) => own.toLowerCase() === name.toLowerCase()) : name;
    const fact = key === undefined ? undefined : env.get(key);
    if (key === undefined || fact === undefined) continue;
    return fact.known ? { set: true, variable: key, text: fact.value } : undefined;
  }
  return { set: false, names: field.variables };
}

/** Why the type or the limits of a field refuse a text; with the value that validators get where nothing does. `raw`: a validator
 * may change the text before the type sees it. */
export function judged(
  program: Program,
  field: SettingsField,
  text: string,
  raw: boolean,
): { readonly refused?: string; readonly value?: Plain } {
  if (field.annotation === undefined) return {};
  const found = typed(program, field.annotation, field.scope, text);
  if (found.refused !== undefined) return raw && found.json !== true ? {} : { refused: found.refused };
  if (raw || found.value === undefined) return {};
  const broken = limits(field).flatMap(({ name, value }) => exceeded(name, value, found.value) ?? [])[0];
  return broken === undefined ? { value: found.value } : { refused: broken };
}

function limits(field: SettingsField): readonly { readonly name: string; readonly value: Expr }[] {
  const calls = [field.value, ...annotated(field.annotation)];
  return calls.flatMap((call) =>
    call?.k === 'call' && /^(Field|StringConstraints)$/.test(nameOf(call.callee))
      ? call.args.flatMap((arg) => (arg.name === undefined ? [] : [{ name: arg.name, value: arg.value }]))
      : [],
  );
}

function annotated(annotation: Expr | undefined): readonly Expr[] {
  return annotation?.k === 'index' && nameOf(annotation.object) === 'Annotated' && annotation.index.k === 'list'
    ? annotation.index.items.slice(1)
    : [];
}

function exceeded(name: string, limit: Expr, value: string | number | boolean | undefined): string | undefined {
  if (limit.k !== 'const') return undefined;
  const bound = limit.value;
  if (typeof bound === 'number' && typeof value === 'string') {
    const { length } = [...value];
    if (name === 'min_length' && length < bound) return `${length} characters, and ${bound} are asked for`;
    if (name === 'max_length' && length > bound) return `${length} characters, and no more than ${bound} are let in`;
  }
  if (typeof bound === 'number' && typeof value === 'number') {
    if ((name === 'ge' && value < bound) || (name === 'gt' && value <= bound)) return `less than the limit ${bound}`;
    if ((name === 'le' && value > bound) || (name === 'lt' && value >= bound)) return `more than the limit ${bound}`;
  }
  // Only what means the same in all the languages of patterns.
  if (/^(pattern|regex)$/.test(name) && typeof bound === 'string' && typeof value === 'string')
    return /^\^[\w()|:/.[\]+*-]*\$$/.test(bound) && !/\(\?|\\/.test(bound) && !new RegExp(bound).test(value)
      ? `it does not fit ${bound}`
      : undefined;
  return undefined;
}

function nameOf(expr: Expr): string {
  return expr.k === 'name' || expr.k === 'member' ? expr.name : '';
}
