import type { Place } from '../text/place.ts';

export type Operator = '' | ':-' | '-' | ':?' | '?' | ':+' | '+';

/** One use of a variable in a compose file. */
export interface VariableUse {
  readonly name: string;
  readonly operator: Operator;
  /** The default, message or alternative, as written. */
  readonly operand: string;
}

/** Decides the text of one use; `expandOperand` gives the operand with its own variables replaced. */
export type Resolver = (use: VariableUse, at: Place, expandOperand: () => string) => string;

export class TemplateError extends Error {}

/** Defaults in defaults; a person writes two or three. */
const MAX_DEPTH = 50;

const NAME = /[A-Za-z_][A-Za-z0-9_]*/y;

/** Replaces the variables of a text as Compose does: `$$`, `$NAME`, `${NAME}` and the six operators, nested.
 * @throws TemplateError when Compose would call the text an invalid interpolation format. */
export function interpolate(text: string, at: Place, resolve: Resolver, depth = 0): string {
  if (depth > MAX_DEPTH) throw new TemplateError('variables are nested too deep');
  let out = '';
  let i = 0;
  while (i < text.length) {
    const dollar = text.indexOf('$', i);
    if (dollar === -1) return out + text.slice(i);
    out += text.slice(i, dollar);
    const next = text[dollar + 1];
    if (next === '$') {
      out += '$';
      i = dollar + 2;
      continue;
    }
    const braced = next === '{';
    NAME.lastIndex = dollar + (braced ? 2 : 1);
    const name = NAME.exec(text)?.[0];
    if (name === undefined) {
      if (!braced) {
        // A lone $ before anything else is no variable for Compose's pattern and stays.
        out += '$';
        i = dollar + 1;
        continue;
      }
      throw new TemplateError(text);
    }
    if (!braced) {
      out += resolve({ name, operator: '', operand: '' }, at, () => '');
      i = NAME.lastIndex;
      continue;
    }
    const end = closingBrace(text, dollar + 1);
    if (end === -1) throw new TemplateError(text);
    const rest = text.slice(NAME.lastIndex, end);
    const operator = rest === '' ? '' : /^:?[-?+]/.exec(rest)?.[0];
    if (operator === undefined || rest.includes('\n')) throw new TemplateError(text);
    const operand = rest.slice(operator.length);
    out += resolve({ name, operator: operator as Operator, operand }, at, () =>
      interpolate(operand, at, resolve, depth + 1),
    );
    i = end + 1;
  }
  return out;
}

function closingBrace(text: string, open: number): number {
  let depth = 0;
  for (let i = open; i < text.length; i++) {
    if (text[i] === '{') depth++;
    else if (text[i] === '}' && --depth === 0) return i;
  }
  return -1;
}
