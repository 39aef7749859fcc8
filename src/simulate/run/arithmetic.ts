import type { Fact } from '../../facts/fact.ts';
import type { Arithmetic } from '../../shell/ast.ts';

/** The value of `$((…))`; undefined where it is not known. Names that are unset count as 0. */
export function computed(node: Arithmetic, value: (name: string) => Fact<string> | undefined): number | undefined {
  if (node.kind === 'number') return node.value;
  if (node.kind === 'opaque') return undefined;
  if (node.kind === 'name') {
    const found = value(node.name);
    if (found === undefined) return 0;
    return found.known && /^-?[0-9]{1,12}$/.test(found.value) ? Number(found.value) : undefined;
  }
  const left = computed(node.left, value);
  const right = computed(node.right, value);
  if (left === undefined || right === undefined) return undefined;
  return compute(node.operator, left, right);
}

function compute(operator: string, left: number, right: number): number | undefined {
  switch (operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return right === 0 ? undefined : Math.trunc(left / right);
    case '%':
      return right === 0 ? undefined : left % right;
    case '<':
      return left < right ? 1 : 0;
    case '>':
      return left > right ? 1 : 0;
    case '<=':
      return left <= right ? 1 : 0;
    case '>=':
      return left >= right ? 1 : 0;
    case '==':
      return left === right ? 1 : 0;
    case '!=':
      return left !== right ? 1 : 0;
    case '&&':
      return left && right ? 1 : 0;
    default:
      return left || right ? 1 : 0;
  }
}
