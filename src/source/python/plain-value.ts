import type { Arg, Expr } from '../program/ir.ts';

/** A value that reading alone tells. */
export type Plain = string | number | boolean | null | readonly Plain[];

/** What names and unusual expressions stand for; undefined: not known. */
export interface Meaning {
  name(name: string, expr: Expr): Plain | undefined;
  other(expr: Expr): Plain | undefined;
}

/** The value of a Python expression where it is certain; undefined where anything in it is not. */
export function plainValue(expr: Expr, means: Meaning): Plain | undefined {
  switch (expr.k) {
    case 'const':
      return expr.value;
    case 'name':
      return means.name(expr.name, expr);
    case 'not': {
      const of = plainValue(expr.of, means);
      return of === undefined ? undefined : !truth(of);
    }
    case 'list': {
      const items = expr.items.map((item) => plainValue(item, means));
      return items.every((item) => item !== undefined) ? items : undefined;
    }
    case 'binary':
      return binary(expr, means);
    case 'call':
      return call(expr, means) ?? means.other(expr);
    default:
      return means.other(expr);
  }
}

/** Python's own idea of what holds. */
export function truth(value: Plain): boolean {
  return Array.isArray(value) ? value.length > 0 : Boolean(value);
}

function binary(expr: Extract<Expr, { k: 'binary' }>, means: Meaning): Plain | undefined {
  const left = plainValue(expr.left, means);
  const right = plainValue(expr.right, means);
  const { op } = expr;
  if (op === 'and' || op === 'or') {
    const decides = (side: Plain | undefined) => side !== undefined && truth(side) === (op === 'or');
    if (left !== undefined) return decides(left) ? left : right;
    // Whatever the left side is, a right side that decides gives a value that holds, or does not, in the same way.
    return decides(right) ? op === 'or' : undefined;
  }
  if (left === undefined || right === undefined) return undefined;
  switch (op) {
    case '==':
    case 'is':
      return same(left, right);
    case '!=':
    case 'is not':
      return not(same(left, right));
    case 'in':
      return within(left, right);
    case 'not in':
      return not(within(left, right));
    case '<':
    case '>':
    case '<=':
    case '>=':
      if (typeof left !== 'number' || typeof right !== 'number') return undefined;
      return op === '<' ? left < right : op === '>' ? left > right : op === '<=' ? left <= right : left >= right;
    default:
      return undefined;
  }
}

const not = (value: boolean | undefined) => (value === undefined ? undefined : !value);

function same(left: Plain, right: Plain): boolean | undefined {
  if (Array.isArray(left) || Array.isArray(right)) return undefined;
  // `True == 1` in Python; and a number may have been read out of a text.
  if (typeof left !== typeof right && left !== null && right !== null) return undefined;
  return left === right;
}

function within(item: Plain, whole: Plain): boolean | undefined {
  if (typeof item === 'string' && typeof whole === 'string') return whole.includes(item);
  return Array.isArray(whole) && !Array.isArray(item) ? whole.includes(item) : undefined;
}

type Method = (text: string, first: Plain | undefined) => Plain | undefined;

const METHODS: Readonly<Record<string, Method>> = {
  lower: (text) => text.toLowerCase(),
  upper: (text) => text.toUpperCase(),
  strip: (text, chars) => (chars === undefined ? text.trim() : undefined),
  get_secret_value: (text) => text,
  startswith: (text, part) => prefixes(part)?.some((p) => text.startsWith(p)),
  endswith: (text, part) => prefixes(part)?.some((p) => text.endsWith(p)),
  isdigit: (text) => /^[0-9]+$/.test(text),
  isupper: (text) => (/^[A-Za-z]$/.test(text) ? /[A-Z]/.test(text) : /^[^A-Za-z]$/.test(text) ? false : undefined),
  islower: (text) => (/^[A-Za-z]$/.test(text) ? /[a-z]/.test(text) : /^[^A-Za-z]$/.test(text) ? false : undefined),
  split: (text, by) => (typeof by === 'string' && by !== '' ? text.split(by) : undefined),
};

function prefixes(part: Plain | undefined): readonly string[] | undefined {
  const list = Array.isArray(part) ? part : [part];
  return list.every((item): item is string => typeof item === 'string') ? list : undefined;
}

function call(expr: Extract<Expr, { k: 'call' }>, means: Meaning): Plain | undefined {
  const { callee, args } = expr;
  if (args.some((arg) => arg.spread > 0 || arg.name !== undefined)) return undefined;
  const [first, second] = args.map((arg) => arg.value);
  if (callee.k === 'member') {
    const object = plainValue(callee.object, means);
    const method = Object.hasOwn(METHODS, callee.name) ? METHODS[callee.name] : undefined;
    const given = first === undefined ? undefined : plainValue(first, means);
    if (typeof object !== 'string' || method === undefined || (first !== undefined && given === undefined))
      return undefined;
    return /[^\x20-\x7e]/.test(object) ? undefined : method(object, given);
  }
  if (callee.k !== 'name' || first === undefined) return undefined;
  if (callee.name === 'isinstance' && second?.k === 'name') return isInstance(plainValue(first, means), second.name);
  if (/^(any|all)$/.test(callee.name)) return quantified(callee.name === 'all', args, means);
  const value = plainValue(first, means);
  if (value === undefined) return undefined;
  if (callee.name === 'len') return typeof value === 'string' || Array.isArray(value) ? [...value].length : undefined;
  if (callee.name === 'bool') return truth(value);
  if (callee.name === 'str' && typeof value === 'string') return value;
  return undefined;
}

function isInstance(value: Plain | undefined, type: string): boolean | undefined {
  if (value === undefined || value === null) return undefined;
  if (Array.isArray(value)) return type === 'list' ? undefined : /^(str|int|float)$/.test(type) ? false : undefined;
  if (!/^(str|int|float|list|dict|bool)$/.test(type)) return undefined;
  if (typeof value === 'string') return type === 'str';
  return undefined;
}

/** `any(TEST for NAME in ITEMS)`, where every item can be told. */
function quantified(all: boolean, args: readonly Arg[], means: Meaning): Plain | undefined {
  const of = args[0]?.value;
  if (of?.k !== 'other' || of.parts.length !== 3 || !/^[^[{]*\sfor\s+\w+\s+in\s[^:]*$/.test(of.text)) return undefined;
  if (/\sif\s|\sfor\s[\s\S]*\sfor\s/.test(of.text) || of.text.length >= 80) return undefined;
  const [test, target, items] = of.parts;
  if (!test || target?.k !== 'name' || !items) return undefined;
  const whole = plainValue(items, means);
  const list = typeof whole === 'string' ? [...whole] : whole;
  if (!Array.isArray(list)) return undefined;
  const found = list.map((item: Plain) =>
    plainValue(test, { ...means, name: (name, expr) => (name === target.name ? item : means.name(name, expr)) }),
  );
  const decided = found.some((value) => value !== undefined && truth(value) !== all);
  return decided ? !all : found.includes(undefined) ? undefined : all;
}
