import * as bash from 'unbash';
import type { Case, Command, Script, Sequence } from './ast.ts';
import { type Conversion, note, span } from './conversion.ts';
import { redirect, simple } from './simple-command.ts';
import { convertTest } from './test-expression.ts';
import { convertWord } from './word.ts';

/** Deeper nesting than any script that a person wrote; the tree ends there with `unsupported`. */
const MAX_DEPTH = 120;

/** Texts above this are not scripts; the walk treats them as not modelled. */
const MAX_LENGTH = 400_000;

/** Parses shell text. Never throws: what cannot be read is an error or an `unsupported` command. */
export function parseShell(text: string): Script {
  const all = { start: 0, end: text.length };
  const cannot = (what: string): Script => ({
    text,
    body: {
      kind: 'sequence',
      span: all,
      items: [{ command: { kind: 'unsupported', span: all, what }, background: false }],
    },
    errors: [],
    bashisms: [],
  });
  if (text.length > MAX_LENGTH) return cannot('a script of this length');
  try {
    return convertScript(bash.parse(text), text, 0);
  } catch (error) {
    // The parser is a library: whatever it trips over is a script that we do not understand, not the end of the run.
    return cannot(`text that the shell parser cannot read (${error instanceof Error ? error.message : 'unknown'})`);
  }
}

export function convertScript(script: bash.ParsedScript, text: string, depth: number): Script {
  const own = script.source ?? text;
  const conversion: Conversion = { text: own, errors: [], bashisms: [], depth };
  const body = sequence(script.commands, script, conversion);
  const errors = (script.errors ?? []).map((error) => ({
    text: error.message,
    span: { start: error.pos, end: error.pos },
  }));
  return { text: own, body, errors: [...errors, ...conversion.errors], bashisms: conversion.bashisms };
}

function sequence(
  statements: readonly bash.Statement[],
  node: { readonly pos: number; readonly end: number },
  conversion: Conversion,
): Sequence {
  return {
    kind: 'sequence',
    span: span(node),
    items: statements.map((statement) => ({
      command: convert(statement.command, conversion),
      background: statement.background ?? false,
    })),
  };
}

function list(node: bash.CompoundList, conversion: Conversion): Sequence {
  return sequence(node.commands, node, conversion);
}

function convert(node: bash.PipelineNode | bash.AndOr, conversion: Conversion): Command {
  if (conversion.depth >= MAX_DEPTH)
    return { kind: 'unsupported', span: span(node), what: 'commands nested this deep' };
  conversion.depth++;
  const out = convertNode(node, conversion);
  conversion.depth--;
  return out;
}

function convertNode(node: bash.PipelineNode | bash.AndOr, conversion: Conversion): Command {
  switch (node.type) {
    case 'Command':
      return simple(node, conversion);
    case 'AndOr': {
      const [first, ...rest] = node.commands.map((command) => convert(command, conversion));
      if (!first) return { kind: 'unsupported', span: span(node), what: 'an empty list' };
      return {
        kind: 'and-or',
        span: span(node),
        first,
        rest: rest.map((command, i) => ({ operator: node.operators[i] ?? '&&', command })),
      };
    }
    case 'Pipeline': {
      if (node.operators.includes('|&')) note(conversion, 'pipe-ampersand', node);
      const negated = node.prefixes.filter((prefix) => prefix.type === 'Negation').length % 2 === 1;
      const commands = node.commands.map((command) => convert(command, conversion));
      return { kind: 'pipeline', span: span(node), negated, commands };
    }
    case 'Subshell':
    case 'BraceGroup':
      return {
        kind: 'group',
        span: span(node),
        subshell: node.type === 'Subshell',
        body: list(node.body, conversion),
        redirects: [],
      };
    case 'Redirected':
      return {
        kind: 'group',
        span: span(node),
        subshell: false,
        body: convert(node.command, conversion),
        redirects: node.redirects.flatMap((item) => redirect(item, conversion)),
      };
    case 'If':
      return {
        kind: 'if',
        span: span(node),
        branches: [node, ...node.elif].map((branch) => ({
          test: list(branch.clause, conversion),
          body: list(branch.then, conversion),
        })),
        ...(node.else ? { otherwise: list(node.else, conversion) } : {}),
      };
    case 'For':
      return {
        kind: 'for',
        span: span(node),
        name: node.name.value,
        ...(node.wordlist ? { words: node.wordlist.map((word) => convertWord(word, conversion)) } : {}),
        body: list(node.body, conversion),
      };
    case 'While':
      return {
        kind: 'while',
        span: span(node),
        until: node.kind === 'until',
        test: list(node.clause, conversion),
        body: list(node.body, conversion),
      };
    case 'Case':
      return caseCommand(node, conversion);
    case 'Function':
      if (/^\s*function\b/.test(conversion.text.slice(node.pos, node.end))) note(conversion, 'function-keyword', node);
      return {
        kind: 'function',
        span: span(node),
        name: node.name.value,
        body: node.body.type === 'CompoundList' ? list(node.body, conversion) : convert(node.body, conversion),
      };
    case 'TestCommand':
      note(conversion, 'double-bracket', node);
      return { kind: 'test', span: span(node), expression: convertTest(node.expression, conversion) };
    case 'ArithmeticCommand':
      note(conversion, 'double-parenthesis', node);
      return { kind: 'unsupported', span: span(node), what: '(( … ))' };
    case 'ArithmeticFor':
      note(conversion, 'arithmetic-for', node);
      return { kind: 'unsupported', span: span(node), what: 'for (( … ))' };
    case 'Select':
      note(conversion, 'select', node);
      return { kind: 'unsupported', span: span(node), what: 'select' };
    case 'Coproc':
      note(conversion, 'coproc', node);
      return { kind: 'unsupported', span: span(node), what: 'coproc' };
  }
}

function caseCommand(node: bash.Case, conversion: Conversion): Case {
  return {
    kind: 'case',
    span: span(node),
    word: convertWord(node.word, conversion),
    items: node.items.map((item) => {
      const fallsThrough = item.terminator === ';&' || item.terminator === ';;&';
      if (fallsThrough) note(conversion, 'case-fallthrough', item);
      const patterns = item.pattern.map((word) => convertWord(word, conversion));
      return { patterns, body: list(item.body, conversion), fallsThrough };
    }),
  };
}
