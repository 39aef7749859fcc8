import type { SyntaxNode } from '@lezer/common';
import { parser } from '@lezer/python';
import type { Expr, ImportedName, Stmt, Tree } from '../program/ir.ts';
import { partsOf, splitAtCommas } from '../program/syntax.ts';
import { DefinitionReader } from './read-definitions.ts';

/** Parses Python 3; what cannot be read is skipped and the first such place noted. */
export function parsePython(text: string): Tree {
  const tree = parser.parse(text);
  const reader = new Reader(text);
  const body = reader.body(tree.topNode);
  return reader.broken === undefined ? { body } : { body, broken: reader.broken };
}

class Reader extends DefinitionReader {
  body(node: SyntaxNode): Stmt[] {
    return partsOf(node).flatMap((part) => (part.name === ':' ? [] : this.statement(part, [])));
  }

  statement(node: SyntaxNode, decorators: readonly Expr[]): Stmt[] {
    const at = { from: node.from, to: node.to };
    const parts = partsOf(node);
    switch (node.name) {
      case 'ExpressionStatement':
        return [{ k: 'expr', value: this.sequence(parts, at), ...at }];
      case 'AssignStatement':
        return [this.assign(parts, at)];
      case 'UpdateStatement': {
        const [target, op, ...value] = parts;
        if (!target || !op) return [];
        return [
          { k: 'assign', targets: [this.target([target])], value: this.sequence(value, at), op: this.of(op), ...at },
        ];
      }
      case 'DecoratedStatement': {
        const found = parts.filter((part) => part.name === 'Decorator').map((part) => this.decorator(part));
        const last = parts.at(-1);
        return last ? this.statement(last, found) : [];
      }
      case 'FunctionDefinition':
        return [{ k: 'def', fn: this.func(node, decorators), ...at }];
      case 'ClassDefinition':
        return [{ k: 'class', cls: this.cls(node, decorators), ...at }];
      case 'ImportStatement':
        return this.imports(parts, at);
      case 'ReturnStatement':
        return [
          parts.length > 1 ? { k: 'return', value: this.sequence(parts.slice(1), at), ...at } : { k: 'return', ...at },
        ];
      case 'RaiseStatement': {
        const value = parts[1];
        return [value ? { k: 'raise', value: this.expr(value), ...at } : { k: 'raise', ...at }];
      }
      case 'IfStatement':
        return this.conditional(parts, at);
      case 'ForStatement': {
        const inside = parts.findIndex((part) => part.name === 'in');
        const bodies = parts.filter((part) => part.name === 'Body');
        const before = parts.slice(0, inside).filter((part) => part.name !== 'for' && part.name !== 'async');
        const after = parts.slice(
          inside + 1,
          parts.findIndex((part) => part.name === 'Body'),
        );
        const loop: Stmt = {
          k: 'for',
          target: this.target(before),
          iter: this.sequence(after, at),
          body: bodies[0] ? this.body(bodies[0]) : [],
          ...at,
        };
        return bodies[1] ? [loop, ...this.body(bodies[1])] : [loop];
      }
      case 'WhileStatement': {
        const [, test] = parts;
        const body = parts.filter((part) => part.name === 'Body').flatMap((part) => this.body(part));
        return [test ? { k: 'loop', test: this.expr(test), body, ...at } : { k: 'loop', body, ...at }];
      }
      case 'TryStatement':
        return [this.attempt(parts, at)];
      case 'WithStatement': {
        const body = parts.filter((part) => part.name === 'Body').flatMap((part) => this.body(part));
        const items = splitAtCommas(parts.filter((part) => !/^(with|async|Body)$/.test(part.name))).map((item) => {
          const value = item[0] ? this.expr(item[0]) : this.other([], at);
          const as = item.findIndex((part) => part.name === 'as');
          return as > 0 ? { value, target: this.target(item.slice(as + 1)) } : { value };
        });
        return [{ k: 'with', items, body, ...at }];
      }
      case 'MatchStatement': {
        const clauses = parts.filter((part) => part.name === 'MatchBody').flatMap((part) => partsOf(part));
        const body = clauses.flatMap((clause) =>
          partsOf(clause)
            .filter((part) => part.name === 'Body')
            .flatMap((part) => this.body(part)),
        );
        const test = parts[1] ? this.expr(parts[1]) : this.other([], at);
        return [{ k: 'if', test, body, otherwise: [], ...at }];
      }
      case 'StatementGroup':
        return parts.flatMap((part) => this.statement(part, []));
      case 'AssertStatement':
      case 'DeleteStatement':
      case 'YieldStatement':
        return [{ k: 'expr', value: this.other(parts.slice(1), at), ...at }];
      case 'PassStatement':
      case 'BreakStatement':
      case 'ContinueStatement':
      case 'ScopeStatement':
        return [];
      default:
        if (node.type.isError) this.broken ??= node.from;
        return [];
    }
  }

  assign(parts: SyntaxNode[], at: { from: number; to: number }): Stmt {
    const sides: SyntaxNode[][] = [[]];
    let annotation: Expr | undefined;
    for (const part of parts) {
      if (part.name === 'AssignOp') sides.push([]);
      else if (part.name === 'TypeDef') annotation = this.typeDef(part);
      else sides.at(-1)?.push(part);
    }
    const typed = annotation === undefined ? {} : { annotation };
    if (sides.length === 1) return { k: 'assign', targets: [this.target(sides[0] ?? [])], op: '=', ...typed, ...at };
    const value = this.sequence(sides.at(-1) ?? [], at);
    return {
      k: 'assign',
      targets: sides.slice(0, -1).map((side) => this.target(side)),
      value,
      op: '=',
      ...typed,
      ...at,
    };
  }

  conditional(parts: SyntaxNode[], at: { from: number; to: number }): Stmt[] {
    const branches: { test?: Expr; body: Stmt[]; from: number; to: number }[] = [];
    let test: Expr | undefined;
    for (const part of parts) {
      if (part.name === 'Body') {
        const where = { from: part.from, to: part.to };
        branches.push(test ? { test, body: this.body(part), ...where } : { body: this.body(part), ...where });
        test = undefined;
      } else if (!/^(if|elif|else)$/.test(part.name)) test = this.expr(part);
    }
    return branches.reduceRight<Stmt[]>(
      (otherwise, branch) =>
        branch.test ? [{ k: 'if', test: branch.test, body: branch.body, otherwise, ...at }] : branch.body,
      [],
    );
  }

  attempt(parts: SyntaxNode[], at: { from: number; to: number }): Stmt {
    const body: Stmt[] = [];
    const last: Stmt[] = [];
    const handlers: { caught: Expr[]; body: Stmt[] }[] = [];
    let mode = 'try';
    let caught: Expr[] = [];
    let named = false;
    for (const part of parts) {
      if (/^(try|except|else|finally)$/.test(part.name)) {
        mode = part.name;
        caught = [];
        named = false;
      } else if (part.name === 'as') named = true;
      else if (part.name === 'Body') {
        const statements = this.body(part);
        if (mode === 'except') handlers.push({ caught, body: statements });
        else (mode === 'finally' ? last : body).push(...statements);
      } else if (mode === 'except' && !named && part.name !== '*') {
        const value = this.expr(part);
        caught.push(...(value.k === 'list' ? value.items : [value]));
      }
    }
    return { k: 'try', body, handlers, last, ...at };
  }

  imports(parts: SyntaxNode[], at: { from: number; to: number }): Stmt[] {
    const names = (group: SyntaxNode[]) => {
      const as = group.findIndex((part) => part.name === 'as');
      const dotted = (as < 0 ? group : group.slice(0, as)).map((part) => this.of(part)).join('');
      const local = as < 0 ? undefined : group[as + 1] && this.of(group[as + 1] as SyntaxNode);
      return { dotted, local };
    };
    if (parts[0]?.name === 'from') {
      const split = parts.findIndex((part) => part.name === 'import');
      const module = parts
        .slice(1, split < 0 ? undefined : split)
        .map((part) => this.of(part))
        .join('');
      const rest = parts.slice(split + 1);
      if (rest.some((part) => part.name === '*')) return [{ k: 'import', module, names: [], all: true, ...at }];
      const found = splitAtCommas(rest)
        .map(names)
        .filter((name) => name.dotted !== '');
      return [
        {
          k: 'import',
          module,
          names: found.map(({ dotted, local }) => ({ name: dotted, local: local ?? dotted })),
          ...at,
        },
      ];
    }
    return splitAtCommas(parts.slice(1)).map((group): Stmt => {
      const { dotted, local } = names(group);
      const first = dotted.split('.')[0] ?? dotted;
      // `import a.b` binds `a`; the evaluator walks on from there. `import a.b as c` binds the submodule.
      const bound: ImportedName[] = [{ name: '*', local: local ?? first }];
      return local !== undefined || first === dotted
        ? { k: 'import', module: dotted, names: bound, ...at }
        : { k: 'import', module: dotted, names: [{ name: '*package', local: first }], ...at };
    });
  }
}
