import type * as bash from 'unbash';
import type { TestExpression } from './ast.ts';
import type { Conversion } from './conversion.ts';
import { convertWord } from './word.ts';

/** The inside of `[[ … ]]`. */
export function convertTest(node: bash.TestExpression, conversion: Conversion): TestExpression {
  switch (node.type) {
    case 'TestUnary':
      return { kind: 'unary', operator: node.operator, operand: convertWord(node.operand, conversion) };
    case 'TestBinary':
      return {
        kind: 'binary',
        operator: node.operator,
        left: convertWord(node.left, conversion),
        right: convertWord(node.right, conversion),
      };
    case 'TestLogical':
      return {
        kind: node.operator === '&&' ? 'and' : 'or',
        operands: node.operands.map((operand) => convertTest(operand, conversion)),
      };
    case 'TestNot': {
      const operand = convertTest(node.operand, conversion);
      return node.negations.length % 2 === 0 ? operand : { kind: 'not', operand };
    }
    case 'TestGroup':
      return convertTest(node.expression, conversion);
  }
}
