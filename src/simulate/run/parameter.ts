import { type Fact, known, unknown } from '../../facts/fact.ts';
import type { Variable } from '../../shell/ast.ts';
import { patternRegExp } from '../../shell/pattern.ts';
import type { Expander } from './expand.ts';

/** `$x` and `${x…}`. */
export function parameterValue(part: Variable, expander: Expander): Fact<string> {
  const value = expander.value(part.name);
  const operation = part.operation;
  if (part.length) {
    if (value === undefined) return known('0');
    return value.known ? { ...value, value: String([...value.value].length) } : value;
  }
  if (!operation) return value ?? unset(part, expander);
  if (operation.kind === 'other') return unknown(`${part.text} is not computed`);
  if (operation.kind === 'remove' || operation.kind === 'replace') {
    if (value === undefined) return unset(part, expander);
    if (!value.known) return value;
    const pattern = expander.pattern(operation.pattern);
    if (!pattern.known) return pattern;
    const text =
      operation.kind === 'remove'
        ? trim(value.value, pattern.value, operation.operator)
        : replace(value.value, pattern.value, operation.operator, expander.text(operation.replacement));
    return text === undefined ? unknown(`${part.text} is not computed`) : { ...value, value: text };
  }
  if (value && !value.known) {
    return operation.kind === 'alternative' ? unknown(`whether $${part.name} is set is not known`) : value;
  }
  const missing = value === undefined || (operation.colon && value.value === '');
  if (operation.kind === 'alternative') return missing ? known('') : expander.text(operation.operand);
  if (!missing) return value;
  const operand = expander.text(operation.operand);
  if (operation.kind === 'assign') expander.assign(part.name, operand);
  if (operation.kind === 'error') {
    const said = operand.known && operand.value !== '' ? operand.value : 'parameter not set';
    expander.stopped ??= `${part.name}: ${said}`;
    return unknown(`$${part.name} is not set`);
  }
  return operand;
}

function unset(part: Variable, expander: Expander): Fact<string> {
  if (expander.shell.options.nounset && /^[A-Za-z_0-9]/.test(part.name)) {
    expander.stopped ??= `${part.name}: parameter not set`;
    return unknown(`$${part.name} is not set`);
  }
  return known('');
}

/** Texts longer than this are not matched piece by piece. */
const MOST = 4000;

function trim(text: string, pattern: string, operator: '#' | '##' | '%' | '%%'): string | undefined {
  const matcher = patternRegExp(pattern);
  if (!matcher || text.length > MOST) return undefined;
  const lengths = Array.from({ length: text.length + 1 }, (_, i) => i);
  if (operator.length === 2) lengths.reverse();
  for (const length of lengths) {
    if (operator.startsWith('#') && matcher.test(text.slice(0, length))) return text.slice(length);
    if (operator.startsWith('%') && matcher.test(text.slice(text.length - length)))
      return text.slice(0, text.length - length);
  }
  return text;
}

function replace(text: string, pattern: string, operator: string, by: Fact<string>): string | undefined {
  if (!by.known || text.length > MOST || /[*?[]/.test(pattern.replace(/\\./g, ''))) return undefined;
  const plain = pattern.replace(/\\(.)/g, '$1');
  if (plain === '') return text;
  if (operator === '//') return text.replaceAll(plain, () => by.value);
  if (operator === '/#') return text.startsWith(plain) ? by.value + text.slice(plain.length) : text;
  if (operator === '/%') return text.endsWith(plain) ? text.slice(0, -plain.length) + by.value : text;
  return text.replace(plain, () => by.value);
}
