import type { SyntaxNode } from '@lezer/common';
import type { Class, Expr, Func, Param, Stmt, Target } from '../program/ir.ts';
import { partsOf, splitAtCommas } from '../program/syntax.ts';
import { ExpressionReader } from './read-expressions.ts';

/** Reads functions, classes, decorators and what assignments bind. */
export abstract class DefinitionReader extends ExpressionReader {
  abstract body(node: SyntaxNode): Stmt[];

  decorator(node: SyntaxNode): Expr {
    const parts = partsOf(node).filter((part) => part.name !== 'At');
    let value: Expr | undefined;
    for (const part of parts) {
      const at = { from: value?.from ?? part.from, to: part.to };
      if (part.name === '.') continue;
      if (value === undefined) value = this.expr(part);
      else if (part.name === 'ArgList')
        value = { k: 'call', callee: value, args: this.args(part), isNew: false, ...at };
      else value = { k: 'member', object: value, name: this.of(part), ...at };
    }
    return value ?? this.other([], { from: node.from, to: node.to });
  }

  func(node: SyntaxNode, decorators: readonly Expr[]): Func {
    const parts = partsOf(node);
    const name = parts.find((part) => part.name === 'VariableName');
    const params = parts.find((part) => part.name === 'ParamList');
    const body = parts.find((part) => part.name === 'Body');
    return {
      ...(name ? { name: this.of(name) } : {}),
      params: params ? this.params(params) : [],
      body: body ? this.body(body) : [],
      decorators,
      async: parts[0]?.name === 'async',
      from: node.from,
      to: node.to,
    };
  }

  params(node: SyntaxNode): Param[] {
    return splitAtCommas(partsOf(node)).flatMap((group): Param[] => {
      const name = group.find((part) => part.name === 'VariableName');
      if (!name) return [];
      const star = group[0]?.name === '*' ? 1 : group[0]?.name === '**' ? 2 : 0;
      const equals = group.findIndex((part) => part.name === 'AssignOp');
      const typed = group.find((part) => part.name === 'TypeDef');
      const fallback = equals > 0 ? group[equals + 1] : undefined;
      return [
        {
          target: { t: 'name', name: this.of(name), from: name.from, to: name.to },
          ...(fallback ? { fallback: this.expr(fallback) } : {}),
          ...(typed ? { annotation: this.typeDef(typed) } : {}),
          decorators: [],
          rest: star,
        },
      ];
    });
  }

  cls(node: SyntaxNode, decorators: readonly Expr[]): Class {
    const parts = partsOf(node);
    const name = parts.find((part) => part.name === 'VariableName');
    const args = parts.find((part) => part.name === 'ArgList');
    const body = parts.find((part) => part.name === 'Body');
    const bases = args
      ? this.args(args)
          .filter((arg) => arg.name === undefined)
          .map((arg) => arg.value)
      : [];
    return {
      ...(name ? { name: this.of(name) } : {}),
      bases,
      body: body ? this.body(body) : [],
      decorators,
      from: node.from,
      to: node.to,
    };
  }

  typeDef(node: SyntaxNode): Expr {
    const value = partsOf(node).find((part) => part.name !== ':');
    return value ? this.expr(value) : this.other([], { from: node.from, to: node.to });
  }

  target(parts: readonly SyntaxNode[]): Target {
    const groups = splitAtCommas(parts);
    if (groups.length !== 1 || parts.some((part) => part.name === ','))
      return { t: 'items', items: groups.map((group) => this.target(group)) };
    const node = (groups[0] ?? []).find((part) => part.name !== '*');
    if (!node) return { t: 'items', items: [] };
    if (node.name === 'VariableName') return { t: 'name', name: this.of(node), from: node.from, to: node.to };
    if (/^(TupleExpression|ArrayExpression|ParenthesizedExpression)$/.test(node.name))
      return this.target(partsOf(node).filter((part) => !/^[()[\]]$/.test(part.name)));
    return { t: 'place', expr: this.expr(node) };
  }
}
