import type { Command, Sequence, Test, TestExpression, Word } from '../shell/ast.ts';
import type { Look } from '../source/source-tree.ts';

type Text = (word: Word) => string | undefined;
type Looks = (path: string) => Look;

/** Whether the test of an `if` holds; undefined where that is not known before it runs. */
export function decided({ items }: Sequence, text: Text, look: Looks): boolean | undefined {
  const [only] = items;
  return items.length === 1 && only !== undefined && !only.background ? holds(only.command, text, look) : undefined;
}

function holds(command: Command, text: Text, look: Looks): boolean | undefined {
  if (command.kind === 'test') return expressed((command as Test).expression, text, look);
  if (command.kind === 'pipeline' && command.negated && command.commands.length === 1 && command.commands[0])
    return not(holds(command.commands[0], text, look));
  if (command.kind !== 'simple') return undefined;
  const [first, ...rest] = command.words.map(text);
  if (first === 'true' || first === ':') return true;
  if (first === 'false') return false;
  if (first === 'test') return tested(rest, look);
  return first === '[' && rest.at(-1) === ']' ? tested(rest.slice(0, -1), look) : undefined;
}

function expressed(expression: TestExpression, text: Text, look: Looks): boolean | undefined {
  switch (expression.kind) {
    case 'unary':
      return tested([expression.operator, text(expression.operand)], look);
    case 'binary':
      // A pattern on the right is more than a text.
      return expression.right.parts.some((part) => part.kind === 'glob')
        ? undefined
        : tested([text(expression.left), expression.operator, text(expression.right)], look);
    case 'not':
      return not(expressed(expression.operand, text, look));
    default: {
      const each = expression.operands.map((operand) => expressed(operand, text, look));
      const decides = expression.kind === 'or';
      if (each.includes(decides)) return decides;
      return each.includes(undefined) ? undefined : !decides;
    }
  }
}

function tested(words: readonly (string | undefined)[], look: Looks): boolean | undefined {
  if (words[0] === '!') return not(tested(words.slice(1), look));
  if (words.includes(undefined)) return undefined;
  const [a = '', b = '', c = ''] = words as readonly string[];
  if (words.length === 1) return a !== '';
  if (words.length === 2) {
    if (a === '-z') return b === '';
    if (a === '-n') return b !== '';
    // What is not in the image may be there when it runs.
    if (/^-[ef]$/.test(a)) return look(b) === 'file' ? true : undefined;
    return a === '-d' && look(b) === 'directory' ? true : undefined;
  }
  if (words.length !== 3) return undefined;
  if (b === '=' || b === '==') return a === c;
  return b === '!=' ? a !== c : undefined;
}

function not(value: boolean | undefined): boolean | undefined {
  return value === undefined ? undefined : !value;
}
