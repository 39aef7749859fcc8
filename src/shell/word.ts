import type * as bash from 'unbash';
import type { Arithmetic, Part, Variable, Word } from './ast.ts';
import { expandBraces } from './braces.ts';
import { type Conversion, note, span } from './conversion.ts';
import { convertScript } from './parse.ts';

/** Substitutions nested deeper than this are not read. */
const MAX_SUBSTITUTIONS = 20;

/** `quoted`: all of it stands in double quotes (the body of a heredoc). */
export function convertWord(word: bash.Word, conversion: Conversion, quoted = false): Word {
  const parts: Part[] = [];
  if (!word.parts) {
    if (word.value !== '' || word.text !== '')
      parts.push({ kind: 'literal', text: word.value, quoted: quoted || word.value !== word.text });
  } else for (const part of word.parts) convertPart(part, quoted, parts, conversion);
  return { span: span(word), text: word.text, parts };
}

function convertPart(part: bash.WordPart, quoted: boolean, out: Part[], conversion: Conversion): void {
  switch (part.type) {
    case 'Literal':
      out.push({ kind: 'literal', text: part.value, quoted: quoted || part.value !== part.text });
      return;
    case 'SingleQuoted':
      out.push({ kind: 'literal', text: part.value, quoted: true });
      return;
    case 'AnsiCQuoted':
      note(conversion, 'ansi-c-quote', part);
      out.push({ kind: 'literal', text: part.value, quoted: true });
      return;
    case 'DoubleQuoted':
    case 'LocaleString':
      if (part.parts.length === 0) out.push({ kind: 'literal', text: '', quoted: true });
      for (const inner of part.parts) convertPart(inner, true, out, conversion);
      return;
    case 'Glob':
      if (quoted) out.push({ kind: 'literal', text: part.value, quoted: true });
      else out.push({ kind: 'glob', text: part.text });
      return;
    case 'SimpleExpansion':
      out.push({ kind: 'variable', name: part.text.slice(1), quoted, text: part.text });
      return;
    case 'ParameterExpansion':
      out.push(parameter(part, quoted, conversion));
      return;
    case 'CommandExpansion':
      out.push(command(part, quoted, conversion));
      return;
    case 'ArithmeticExpansion':
      out.push({
        kind: 'arithmetic',
        quoted,
        text: part.text,
        expression: part.expression ? arithmetic(part.expression, 0) : { kind: 'opaque' },
      });
      return;
    case 'ProcessSubstitution':
      note(conversion, 'process-substitution', part);
      out.push({ kind: 'opaque', text: part.text, what: 'a process substitution' });
      return;
    case 'ExtendedGlob':
      note(conversion, 'extended-glob', part);
      out.push({ kind: 'opaque', text: part.text, what: 'an extended pattern' });
      return;
    case 'BraceExpansion':
      note(conversion, 'brace-expansion', part);
      out.push({ kind: 'brace', text: part.text, words: expandBraces(part.text, part.pos) });
      return;
  }
}

function command(part: bash.CommandExpansionPart, quoted: boolean, conversion: Conversion): Part {
  if (conversion.depth >= MAX_SUBSTITUTIONS * 6 || !part.script) {
    return { kind: 'opaque', text: part.text, what: 'a substitution nested this deep' };
  }
  const script = convertScript(part.script, conversion.text, conversion.depth + 6);
  conversion.bashisms.push(...script.bashisms);
  conversion.errors.push(...script.errors);
  return { kind: 'command', script, quoted, text: part.text };
}

function parameter(part: bash.ParameterExpansionPart, quoted: boolean, conversion: Conversion): Variable {
  const base = { kind: 'variable', name: part.parameter, quoted, text: part.text } as const;
  if (part.prefix === '!') {
    note(conversion, 'indirection', part);
    return { ...base, operation: { kind: 'other' } };
  }
  if (part.index) {
    note(conversion, 'array', part);
    return { ...base, operation: { kind: 'other' } };
  }
  if (part.prefix === '#') return { ...base, length: true };
  const operation = part.operation;
  if (!operation) return base;
  switch (operation.type) {
    case 'Default': {
      const kinds = { '-': 'default', '=': 'assign', '+': 'alternative', '?': 'error' } as const;
      const sign = operation.operator.at(-1) as '-' | '=' | '+' | '?';
      const operand = convertWord(operation.operand, conversion, quoted);
      return { ...base, operation: { kind: kinds[sign], colon: operation.operator.length === 2, operand } };
    }
    case 'Remove': {
      const pattern = convertWord(operation.operand, conversion);
      return { ...base, operation: { kind: 'remove', operator: operation.operator, pattern } };
    }
    case 'Replace': {
      note(conversion, 'pattern-substitution', part);
      const pattern = convertWord(operation.pattern, conversion);
      const replacement = convertWord(operation.replacement, conversion, true);
      return { ...base, operation: { kind: 'replace', operator: operation.operator, pattern, replacement } };
    }
    case 'Slice':
      note(conversion, 'slice', part);
      return { ...base, operation: { kind: 'other' } };
    case 'CaseModification':
      note(conversion, 'case-modification', part);
      return { ...base, operation: { kind: 'other' } };
    default:
      return { ...base, operation: { kind: 'other' } };
  }
}

function arithmetic(node: bash.ArithmeticExpression, depth: number): Arithmetic {
  if (depth > 50) return { kind: 'opaque' };
  if (node.type === 'ArithmeticGroup') return arithmetic(node.expression, depth + 1);
  if (node.type === 'ArithmeticBinary' && /^(?:[-+*/%<>]|[<>=!]=|&&|\|\|)$/.test(node.operator)) {
    const left = arithmetic(node.left, depth + 1);
    return { kind: 'binary', operator: node.operator, left, right: arithmetic(node.right, depth + 1) };
  }
  if (node.type !== 'ArithmeticWord') return { kind: 'opaque' };
  const text = node.value.trim();
  if (/^[0-9]{1,12}$/.test(text) && !/^0[0-9]/.test(text)) return { kind: 'number', value: Number(text) };
  const name = /^\$?\{?([A-Za-z_][A-Za-z0-9_]*)\}?$/.exec(text)?.[1];
  return name === undefined ? { kind: 'opaque' } : { kind: 'name', name };
}
