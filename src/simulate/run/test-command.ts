import type { Fact } from '../../facts/fact.ts';
import type { Test, TestExpression } from '../../shell/ast.ts';
import type { SimulatedImage } from '../image.ts';
import { joinPath } from '../node.ts';
import { Expander } from './expand.ts';
import { line, type RunContext } from './run-context.ts';
import { type Flow, flow, type Shell } from './shell-world.ts';

/** A world for each answer that is possible. */
export function answered(shell: Shell, answer: boolean | undefined): Flow {
  return flow({
    success: answer === false ? undefined : { ...shell, status: 0 },
    failure: answer === true ? undefined : { ...shell, status: 1 },
  });
}

/** `[[ … ]]` of Bash. */
export function testCommand(node: Test, shell: Shell, context: RunContext): Flow {
  if (context.dialect === 'dash') {
    // A syntax that dash does not know: it looks for a command of that name.
    const reason = line(context, node.span, 'dash has no [[');
    context.undecided(reason);
    return answered({ ...shell, status: 127 }, false);
  }
  const expander = new Expander(shell, context, context.substitute);
  const answer = evaluate(node.expression, expander);
  return answered(expander.shell, answer);
}

function evaluate(node: TestExpression, expander: Expander): boolean | undefined {
  switch (node.kind) {
    case 'and':
    case 'or': {
      const stop = node.kind === 'or';
      let unsure = false;
      for (const operand of node.operands) {
        const answer = evaluate(operand, expander);
        if (answer === stop) return unsure ? undefined : stop;
        if (answer === undefined) unsure = true;
      }
      return unsure ? undefined : !stop;
    }
    case 'not': {
      const answer = evaluate(node.operand, expander);
      return answer === undefined ? undefined : !answer;
    }
    case 'unary': {
      const operand = expander.text(node.operand);
      return unary(node.operator, operand, expander.shell);
    }
    case 'binary': {
      const left = expander.text(node.left);
      if (/^(=|==|!=)$/.test(node.operator)) {
        const pattern = expander.pattern(node.right);
        if (!left.known || !pattern.known) return undefined;
        const matches = expander.matches(left.value, pattern.value);
        return matches === undefined ? undefined : matches === (node.operator !== '!=');
      }
      const right = expander.text(node.right);
      return left.known && right.known ? binary(node.operator, left.value, right.value) : undefined;
    }
  }
}

/** `test` and `[`: the words between. Undefined: not known. */
export function testWords(
  words: readonly Fact<string>[],
  shell: Shell,
  dialect: RunContext['dialect'],
): boolean | undefined {
  const [first, second, third] = words;
  if (words.length === 0) return false;
  if (!first) return undefined;
  if (words.length === 1) return first.known ? first.value !== '' : undefined;
  if (first.known && first.value === '!') {
    const answer = testWords(words.slice(1), shell, dialect);
    return answer === undefined ? undefined : !answer;
  }
  const join = words.findIndex((word) => word.known && (word.value === '-o' || word.value === '-a'));
  if (join > 0 && words.length > 3) {
    const word = words[join];
    const left = testWords(words.slice(0, join), shell, dialect);
    const right = testWords(words.slice(join + 1), shell, dialect);
    if (left === undefined || right === undefined) return undefined;
    return word?.known && word.value === '-o' ? left || right : left && right;
  }
  if (!second) return undefined;
  if (words.length === 2) return first.known ? unary(first.value, second, shell) : undefined;
  if (!third || words.length > 3 || !second.known || !first.known || !third.known) return undefined;
  if (second.value === '==')
    return dialect === 'unknown' ? undefined : dialect === 'dash' ? false : first.value === third.value;
  return binary(second.value, first.value, third.value);
}

function binary(operator: string, left: string, right: string): boolean | undefined {
  if (operator === '=' || operator === '==') return left === right;
  if (operator === '!=') return left !== right;
  if (!/^-?[0-9]{1,15}$/.test(left) || !/^-?[0-9]{1,15}$/.test(right)) return undefined;
  const [a, b] = [Number(left), Number(right)];
  switch (operator) {
    case '-eq':
      return a === b;
    case '-ne':
      return a !== b;
    case '-lt':
      return a < b;
    case '-le':
      return a <= b;
    case '-gt':
      return a > b;
    case '-ge':
      return a >= b;
    default:
      return undefined;
  }
}

function unary(operator: string, operand: Fact<string>, shell: Shell): boolean | undefined {
  if (!operand.known) return undefined;
  if (operator === '-n') return operand.value !== '';
  if (operator === '-z') return operand.value === '';
  if (!shell.cwd.known && !operand.value.startsWith('/')) return undefined;
  const path = joinPath(shell.cwd.known ? shell.cwd.value : '/', operand.value);
  return operand.value === '' ? false : fileTest(operator, path, shell.image);
}

function fileTest(operator: string, path: string, image: SimulatedImage): boolean | undefined {
  if (/^\/(dev|proc|sys)(\/|$)/.test(path)) return undefined;
  const found = image.tree.lookup(path, { follow: operator !== '-L' && operator !== '-h' });
  if (!found.known || found.value.presence === 'assumed') return undefined;
  const { presence, type, entry, content } = found.value;
  if (presence === 'absent') return /^-[efdrwxsLhbcpSgukOG]$/.test(operator) ? false : undefined;
  if (operator === '-e') return true;
  if (type === undefined) return undefined;
  if (operator === '-f') return type === 'file';
  if (operator === '-d') return type === 'directory';
  if (operator === '-L' || operator === '-h') return type === 'symlink';
  if (operator === '-s' && type === 'file') {
    const size = entry?.size ?? content?.()?.length;
    return size === undefined ? undefined : size > 0;
  }
  return undefined;
}
