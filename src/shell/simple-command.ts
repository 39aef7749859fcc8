import type * as bash from 'unbash';
import type { Assignment, Command, Redirect, Word } from './ast.ts';
import { type Conversion, note, span } from './conversion.ts';
import { convertWord } from './word.ts';

export function simple(node: bash.Command, conversion: Conversion): Command {
  const assignments: Assignment[] = [];
  const words: Word[] = [];
  const redirects: Redirect[] = [];
  if (node.name) words.push(convertWord(node.name, conversion));
  for (const item of node.prefix) {
    if (item.type === 'Assignment') assignments.push(assignment(item, conversion));
    else redirects.push(...redirect(item, conversion));
  }
  for (const item of node.suffix) {
    if (item.type === 'Word') words.push(convertWord(item, conversion));
    else if (item.type === 'Assignment') words.push(assignmentWord(item, conversion));
    else redirects.push(...redirect(item, conversion));
  }
  return { kind: 'simple', span: span(node), assignments, words, redirects };
}

function assignment(node: bash.Assignment, conversion: Conversion): Assignment {
  const array = node.value.type === 'ArrayValue' || node.index !== undefined;
  if (array) note(conversion, 'array', node);
  else if (node.append) note(conversion, 'append', node);
  const value = !array && node.value.type === 'Word' ? convertWord(node.value, conversion) : undefined;
  const base = { span: span(node), name: node.name, append: node.append ?? false };
  if (node.value.type === 'ArrayValue' && node.index === undefined)
    return { ...base, elements: node.value.elements.map((word) => convertWord(word, conversion)) };
  return value ? { ...base, value } : base;
}

function assignmentWord(node: bash.Assignment, conversion: Conversion): Word {
  const { name, value, append } = assignment(node, conversion);
  const lead = { kind: 'literal', text: `${name}${append ? '+' : ''}=`, quoted: true } as const;
  if (!value) {
    return { span: span(node), text: node.text, parts: [{ kind: 'opaque', text: node.text, what: 'an array' }] };
  }
  return { span: span(node), text: node.text, parts: [lead, ...value.parts], assignment: { name, append, value } };
}

export function redirect(node: bash.Redirection, conversion: Conversion): readonly Redirect[] {
  const named = node.descriptor?.type === 'FileDescriptor' ? node.descriptor.value : undefined;
  if (node.type === 'HereDoc') {
    const quoted = node.delimiter?.quoted ?? false;
    const body = { ...node.body, type: 'Word' as const, value: node.body.text };
    const target: Word =
      quoted || !node.body.parts
        ? {
            span: span(node.body),
            text: node.body.text,
            parts: [{ kind: 'literal', text: node.body.text, quoted: true }],
          }
        : convertWord({ ...body, parts: node.body.parts }, conversion, true);
    return [{ span: span(node), descriptor: named ?? 0, operator: 'heredoc', target }];
  }
  if (!node.target) return [];
  const target = convertWord(node.target, conversion);
  if (node.type === 'HereString') {
    note(conversion, 'here-string', node);
    return [{ span: span(node), descriptor: named ?? 0, operator: 'herestring', target }];
  }
  const input = node.operator.startsWith('<');
  if (node.operator === '&>' || node.operator === '&>>') {
    note(conversion, 'ampersand-redirect', node);
    const operator = node.operator === '&>' ? '>' : '>>';
    return [{ span: span(node), descriptor: 'both', operator, target }];
  }
  const operator = node.operator === '>|' ? '>' : node.operator;
  return [{ span: span(node), descriptor: named ?? (input ? 0 : 1), operator, target }];
}
