import type { SyntaxNode } from '@lezer/common';
import { parser } from '@lezer/javascript';
import type { Entry, Expr, Stmt, Target, Tree } from '../program/ir.ts';
import { partsOf, splitAtCommas } from '../program/syntax.ts';
import type { Where } from './read-expressions.ts';
import { ModuleReader } from './read-modules.ts';

const plain = parser.configure({ dialect: 'jsx' });
const typed = parser.configure({ dialect: 'ts' });
const typedMarkup = parser.configure({ dialect: 'ts jsx' });

/** Parses JavaScript or TypeScript, told apart by the file name; what cannot be read is skipped and the first such place noted. */
export function parseScript(text: string, file: string): Tree {
  const dialect = /\.[mc]?ts$/.test(file) ? typed : /\.tsx$/.test(file) ? typedMarkup : plain;
  const reader = new Reader(text);
  const body = reader.statements(partsOf(dialect.parse(text).topNode));
  return reader.broken === undefined ? { body } : { body, broken: reader.broken };
}

class Reader extends ModuleReader {
  statements(nodes: readonly SyntaxNode[]): Stmt[] {
    const out: Stmt[] = [];
    // Lezer reads `@A() export class B` as a broken class with the decorator, then the export.
    let pending: Expr[] = [];
    for (const node of nodes) {
      if (
        node.name === 'ClassDeclaration' &&
        partsOf(node).every((part) => part.name === 'Decorator' || part.type.isError)
      ) {
        pending = [...pending, ...this.decorators(node)];
        continue;
      }
      const found = this.statement(node, pending);
      if (found.length > 0) pending = [];
      out.push(...found);
    }
    return out;
  }

  block(node: SyntaxNode | undefined): Stmt[] {
    if (!node) return [];
    return node.name === 'Block' || node.name === 'SwitchBody'
      ? this.statements(partsOf(node))
      : this.statement(node, []);
  }

  statement(node: SyntaxNode, decorators: readonly Expr[]): Stmt[] {
    const at = { from: node.from, to: node.to };
    const parts = partsOf(node);
    switch (node.name) {
      case 'ExpressionStatement': {
        const value = parts[0];
        return value ? this.expressionStatement(value, at) : [];
      }
      case 'VariableDeclaration':
        return this.declarations(parts, at);
      case 'FunctionDeclaration':
        return [{ k: 'def', fn: this.func(node), ...at }];
      case 'ClassDeclaration':
        return [{ k: 'class', cls: this.cls(node, decorators), ...at }];
      case 'ImportDeclaration':
        return this.imports(parts, at);
      case 'ExportDeclaration':
        return this.exports(parts, at, decorators);
      case 'ReturnStatement': {
        const value = parts.find((part) => part.name !== 'return' && part.name !== ';');
        return [value ? { k: 'return', value: this.expr(value), ...at } : { k: 'return', ...at }];
      }
      case 'ThrowStatement': {
        const value = parts[1];
        return [value ? { k: 'raise', value: this.expr(value), ...at } : { k: 'raise', ...at }];
      }
      case 'IfStatement': {
        const [, test, body] = parts;
        const split = parts.findIndex((part) => part.name === 'else');
        if (!test) return [];
        return [
          {
            k: 'if',
            test: this.expr(test),
            body: this.block(body),
            otherwise: split > 0 ? this.block(parts[split + 1]) : [],
            ...at,
          },
        ];
      }
      case 'ForStatement':
        return [this.loop(parts, at)];
      case 'WhileStatement':
      case 'DoStatement': {
        const test = parts.find((part) => part.name === 'ParenthesizedExpression');
        const body = parts.find((part) => part !== test && !/^(while|do|;)$/.test(part.name));
        return [
          test
            ? { k: 'loop', test: this.expr(test), body: this.block(body), ...at }
            : { k: 'loop', body: this.block(body), ...at },
        ];
      }
      case 'TryStatement': {
        const catches = parts.filter((part) => part.name === 'CatchClause');
        const last = parts.find((part) => part.name === 'FinallyClause');
        return [
          {
            k: 'try',
            body: this.block(parts.find((part) => part.name === 'Block')),
            handlers: catches.map((part) => ({ caught: [], body: this.block(part.lastChild ?? undefined) })),
            last: this.block(last?.lastChild ?? undefined),
            ...at,
          },
        ];
      }
      case 'SwitchStatement': {
        const test = parts[1];
        return [
          {
            k: 'if',
            test: test ? this.expr(test) : this.other([], at),
            body: this.block(parts.at(-1)),
            otherwise: [],
            ...at,
          },
        ];
      }
      case 'Block':
        return this.statements(parts);
      case 'LabeledStatement':
        return this.block(parts.at(-1));
      case 'NamespaceDeclaration':
        return this.block(parts.find((part) => part.name === 'Block'));
      case 'EnumDeclaration': {
        const name = parts.find((part) => part.name === 'TypeDefinition');
        const body = parts.find((part) => part.name === 'EnumBody');
        if (!name || !body) return [];
        const value: Expr = {
          k: 'dict',
          entries: splitAtCommas(partsOf(body)).flatMap((group) => this.enumEntry(group)),
          ...at,
        };
        return [
          {
            k: 'assign',
            targets: [{ t: 'name', name: this.of(name), from: name.from, to: name.to }],
            value,
            op: '=',
            ...at,
          },
        ];
      }
      default:
        if (node.type.isError) this.broken ??= node.from;
        return [];
    }
  }

  enumEntry(group: SyntaxNode[]): Entry[] {
    const [name, , value] = group;
    if (!name || !value) return [];
    return [
      {
        key: { k: 'const', value: this.of(name).replace(/^['"]|['"]$/g, ''), from: name.from, to: name.to },
        value: this.expr(value),
      },
    ];
  }

  expressionStatement(node: SyntaxNode, at: Where): Stmt[] {
    if (node.name === 'AssignmentExpression') {
      const targets: Target[] = [];
      let value: SyntaxNode | undefined = node;
      let op = '=';
      while (value?.name === 'AssignmentExpression') {
        const [left, sign, right] = partsOf(value);
        if (!left || !sign || !right) break;
        targets.push(this.target(left));
        op = this.of(sign);
        value = right;
      }
      return value ? [{ k: 'assign', targets, value: this.expr(value), op, ...at }] : [];
    }
    return [{ k: 'expr', value: this.expr(node), ...at }];
  }

  declarations(parts: SyntaxNode[], at: Where): Stmt[] {
    const list = parts.filter((part) => !/^(const|let|var|using|await|;)$/.test(part.name));
    return splitAtCommas(list).flatMap((group): Stmt[] => {
      const [name] = group;
      const split = group.findIndex((part) => part.name === 'Equals');
      if (!name) return [];
      const value = split > 0 ? group[split + 1] : undefined;
      const targets = [this.target(name)];
      const where = { from: name.from, to: value?.to ?? name.to };
      return [
        value
          ? { k: 'assign', targets, value: this.expr(value), op: '=', ...where }
          : { k: 'assign', targets, op: '=', ...at },
      ];
    });
  }

  loop(parts: SyntaxNode[], at: Where): Stmt {
    const spec = parts.find((part) => /^For\w*Spec$/.test(part.name));
    const body = this.block(parts.at(-1));
    const inner = spec ? partsOf(spec) : [];
    if (spec?.name === 'ForOfSpec' || spec?.name === 'ForInSpec') {
      const split = inner.findIndex((part) => part.name === 'of' || part.name === 'in');
      const name = inner[split - 1];
      const iter = inner[split + 1];
      if (iter) {
        const value = this.expr(iter);
        return spec.name === 'ForOfSpec' && name
          ? { k: 'for', target: this.target(name), iter: value, body, ...at }
          : { k: 'for', iter: value, body, ...at };
      }
    }
    const start = inner
      .filter((part) => part.name === 'VariableDeclaration')
      .flatMap((part) => this.statement(part, []));
    return { k: 'loop', body: [...start, ...body], ...at };
  }
}
