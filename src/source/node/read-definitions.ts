import type { SyntaxNode } from '@lezer/common';
import type { Class, Expr, Func, Param, Stmt, Target } from '../program/ir.ts';
import { partsOf, splitAtCommas } from '../program/syntax.ts';
import { ExpressionReader } from './read-expressions.ts';

/** Reads functions, classes and the patterns that bind names. */
export abstract class DefinitionReader extends ExpressionReader {
  abstract block(node: SyntaxNode | undefined): Stmt[];

  decorators(node: SyntaxNode): Expr[] {
    return this.decoratorsIn(partsOf(node));
  }

  decoratorsIn(parts: readonly SyntaxNode[]): Expr[] {
    return parts.flatMap((part) =>
      part.name === 'Decorator'
        ? partsOf(part)
            .slice(1, 2)
            .map((inner) => this.expr(inner))
        : [],
    );
  }

  func(node: SyntaxNode): Func {
    const parts = partsOf(node);
    const name = parts.find((part) =>
      /^(VariableDefinition|PropertyDefinition|PrivatePropertyDefinition|PropertyName)$/.test(part.name),
    );
    const params = parts.find((part) => part.name === 'ParamList');
    const arrow = parts.findIndex((part) => part.name === 'Arrow');
    const last = parts.at(-1);
    let body: Stmt[] = [];
    if (last?.name === 'Block') body = this.block(last);
    else if (arrow > 0 && last) body = [{ k: 'return', value: this.expr(last), from: last.from, to: last.to }];
    return {
      ...(name && node.name !== 'ArrowFunction' ? { name: this.of(name) } : {}),
      params: params ? this.params(params) : [],
      body,
      decorators: this.decorators(node),
      async: parts.some((part) => part.name === 'async'),
      ...(parts.some((part) => part.name === 'get') ? { getter: true as const } : {}),
      from: node.from,
      to: node.to,
    };
  }

  params(node: SyntaxNode): Param[] {
    return splitAtCommas(partsOf(node)).flatMap((group): Param[] => {
      const name = group.find((part) =>
        /^(VariableDefinition|ObjectPattern|ArrayPattern|AssignmentExpression)$/.test(part.name),
      );
      if (!name) return [];
      const split = group.findIndex((part) => part.name === 'Equals');
      const fallback = split > 0 ? group[split + 1] : undefined;
      const annotation = group.find((part) => part.name === 'TypeAnnotation');
      return [
        {
          target: this.target(name),
          ...(fallback ? { fallback: this.expr(fallback) } : {}),
          ...(annotation ? { annotation: this.other([], annotation) } : {}),
          decorators: this.decoratorsIn(group),
          rest: group[0]?.name === 'Spread' ? 1 : 0,
        },
      ];
    });
  }

  cls(node: SyntaxNode, decorators: readonly Expr[]): Class {
    const parts = partsOf(node);
    const name = parts.find((part) => part.name === 'VariableDefinition');
    const extend = parts.findIndex((part) => part.name === 'extends');
    const base = extend > 0 ? parts[extend + 1] : undefined;
    const body = parts.find((part) => part.name === 'ClassBody');
    return {
      ...(name ? { name: this.of(name) } : {}),
      bases: base ? [this.expr(base)] : [],
      body: body ? partsOf(body).flatMap((part) => this.member(part)) : [],
      decorators: [...decorators, ...this.decorators(node)],
      from: node.from,
      to: node.to,
    };
  }

  member(node: SyntaxNode): Stmt[] {
    const at = { from: node.from, to: node.to };
    if (node.name === 'MethodDeclaration') return [{ k: 'def', fn: this.func(node), ...at }];
    if (node.name === 'StaticBlock') return this.block(node.lastChild ?? undefined);
    if (node.name !== 'PropertyDeclaration') return [];
    const parts = partsOf(node);
    const name = parts.find((part) => /PropertyDefinition$/.test(part.name));
    const split = parts.findIndex((part) => part.name === 'Equals');
    const value = split > 0 ? parts[split + 1] : undefined;
    if (!name) return [];
    const targets: Target[] = [{ t: 'name', name: this.of(name), from: name.from, to: name.to }];
    return [
      value
        ? { k: 'assign', targets, value: this.expr(value), op: '=', ...at }
        : { k: 'assign', targets, op: '=', ...at },
    ];
  }

  target(node: SyntaxNode): Target {
    const parts = partsOf(node);
    switch (node.name) {
      case 'VariableDefinition':
      case 'VariableName':
        return { t: 'name', name: this.of(node), from: node.from, to: node.to };
      case 'ArrayPattern':
      case 'ArrayExpression':
        return {
          t: 'items',
          items: splitAtCommas(parts).flatMap((group) => (group[0] ? [this.target(group[0])] : [])),
        };
      case 'ObjectPattern': {
        const items: { key: string; target: Target; fallback?: Expr }[] = [];
        let rest: Target | undefined;
        for (const property of parts.filter((part) => part.name === 'PatternProperty')) {
          const inner = partsOf(property);
          const split = inner.findIndex((part) => part.name === 'Equals');
          const fallback = split > 0 ? inner[split + 1] : undefined;
          const colon = inner.findIndex((part) => part.name === ':');
          const name = inner.find((part) => /^(VariableDefinition|PropertyName|String)$/.test(part.name));
          if (!name) continue;
          if (inner[0]?.name === 'Spread') {
            rest = this.target(name);
            continue;
          }
          const local = colon > 0 ? inner[colon + 1] : name;
          if (local)
            items.push({
              key: this.of(name).replace(/^['"]|['"]$/g, ''),
              target: this.target(local),
              ...(fallback ? { fallback: this.expr(fallback) } : {}),
            });
        }
        return rest ? { t: 'keys', items, rest } : { t: 'keys', items };
      }
      default:
        return { t: 'place', expr: this.expr(node) };
    }
  }
}
