import type { HclExpression } from './hcl-tree.ts';

/** A value of a bake file. Undefined: not known. */
export type HclValue =
  | string
  | number
  | boolean
  | null
  | readonly HclValue[]
  | { readonly [key: string]: HclValue }
  | undefined;

export type HclScope = ReadonlyMap<string, HclValue>;

/** The value of an expression; undefined when it depends on a function or a variable without a default. */
export function evaluate(expression: HclExpression, scope: HclScope): HclValue {
  switch (expression.kind) {
    case 'value':
      return expression.value;
    case 'template': {
      let out = '';
      for (const part of expression.parts) {
        const value = typeof part === 'string' ? part : evaluate(part, scope);
        if (value === undefined || value === null || typeof value === 'object') return undefined;
        out += String(value);
      }
      return out;
    }
    case 'list':
      return expression.items.map((item) => evaluate(item, scope));
    case 'object': {
      const out: Record<string, HclValue> = {};
      for (const [left, right] of expression.entries) {
        const key = evaluate(left, scope);
        if (typeof key === 'string' && key !== '__proto__') out[key] = evaluate(right, scope);
      }
      return out;
    }
    case 'name':
      return lookup(expression.path, scope);
    case 'binary':
      return binary(expression.operator, evaluate(expression.left, scope), evaluate(expression.right, scope));
    case 'choice': {
      const test = evaluate(expression.test, scope);
      return typeof test === 'boolean' ? evaluate(test ? expression.yes : expression.no, scope) : undefined;
    }
    case 'opaque':
      return undefined;
  }
}

function lookup(path: readonly string[], scope: HclScope): HclValue {
  const [first = '', ...rest] = path;
  let value = scope.get(first);
  for (const key of rest) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    value = (value as { readonly [key: string]: HclValue })[key];
  }
  return value;
}

function binary(operator: string, left: HclValue, right: HclValue): HclValue {
  if (left === undefined || right === undefined) return undefined;
  if (operator === '==') return left === right;
  if (operator === '!=') return left !== right;
  if (operator === '&&' && typeof left === 'boolean') return left && right;
  if (operator === '||' && typeof left === 'boolean') return left || right;
  return undefined;
}
