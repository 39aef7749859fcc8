import type { SyntaxNode } from '@lezer/common';
import { parser } from '@lezer/python';
import type { Arg, Class, Expr, Func, ImportedName, Param, Stmt, Target, Tree } from '../program/ir.ts';
import { partsOf, splitAtCommas } from '../program/syntax.ts';
import { stringPart } from './strings.ts';

/** Parses Python 3; what cannot be read is skipped and the first such place noted. */
export function parsePython(text: string): Tree {
  const tree = parser.parse(text);
  const reader = new Reader(text);
  const body = reader.body(tree.topNode);
  return reader.broken === undefined ? { body } : { body, broken: reader.broken };
}

class Reader {
  readonly text: string;
  broken: number | undefined;

  constructor(text: string) {
    this.text = text;
  }

  of(node: SyntaxNode): string {
    return this.text.slice(node.from, node.to);
  }

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

  args(node: SyntaxNode): Arg[] {
    const parts = partsOf(node);
    // f(x for x in y): one generator, no commas of its own.
    if (parts.some((part) => part.name === 'for')) return [{ value: this.other(parts.slice(1, -1), node), spread: 0 }];
    return splitAtCommas(parts).flatMap((group): Arg[] => {
      const [first, second, third] = group;
      if (!first) return [];
      if ((first.name === '*' || first.name === '**') && second)
        return [{ value: this.expr(second), spread: first.name === '*' ? 1 : 2 }];
      if (second?.name === 'AssignOp' && third) return [{ name: this.of(first), value: this.expr(third), spread: 0 }];
      if (first.type.isError) this.broken ??= first.from;
      return [{ value: this.expr(first), spread: 0 }];
    });
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

  /** One expression, or a tuple without brackets. */
  sequence(parts: readonly SyntaxNode[], at: { from: number; to: number }): Expr {
    const groups = splitAtCommas(parts);
    const only = groups.length === 1 ? groups[0]?.[0] : undefined;
    if (only && groups[0]?.length === 1 && !parts.some((part) => part.name === ',')) return this.expr(only);
    return { k: 'list', items: groups.flatMap((group) => this.items(group)), from: at.from, to: at.to };
  }

  items(group: SyntaxNode[]): Expr[] {
    const [first, second] = group;
    if (!first) return [];
    if (first.name === '*' && second) return [{ k: 'spread', of: this.expr(second), from: first.from, to: second.to }];
    return [this.expr(first)];
  }

  other(parts: readonly SyntaxNode[], at: { from: number; to: number }): Expr {
    return {
      k: 'other',
      parts: parts
        .filter((part) => part.firstChild || /^(VariableName|String|Number)$/.test(part.name))
        .map((part) => this.expr(part)),
      text: this.text.slice(at.from, Math.min(at.to, at.from + 80)),
      from: at.from,
      to: at.to,
    };
  }

  expr(node: SyntaxNode): Expr {
    const at = { from: node.from, to: node.to };
    const parts = partsOf(node);
    switch (node.name) {
      case 'VariableName':
        return { k: 'name', name: this.of(node), ...at };
      case 'Number': {
        const value = Number(this.of(node).replaceAll('_', ''));
        return Number.isNaN(value) ? this.other([], at) : { k: 'const', value, ...at };
      }
      case 'Boolean':
        return { k: 'const', value: this.of(node) === 'True', ...at };
      case 'None':
        return { k: 'const', value: null, ...at };
      case 'String':
        return { ...stringPart(this.of(node)), ...at };
      case 'FormatString':
        return this.format(node, parts);
      case 'ContinuedString': {
        const pieces = parts
          .map((part) => this.expr(part))
          .flatMap((part) => (part.k === 'template' ? part.parts : [part]));
        const texts = pieces.map((piece) =>
          piece.k === 'const' && typeof piece.value === 'string' ? piece.value : undefined,
        );
        return texts.every((text) => text !== undefined)
          ? { k: 'const', value: texts.join(''), ...at }
          : { k: 'template', parts: pieces, ...at };
      }
      case 'MemberExpression': {
        const [object, dot, name] = parts;
        if (!object) return this.other(parts, at);
        if (dot?.name === '.')
          return { k: 'member', object: this.expr(object), name: name ? this.of(name) : '', ...at };
        const inside = parts.slice(2, -1);
        const index =
          inside.length === 1 && inside[0]
            ? this.expr(inside[0])
            : this.sequence(
                inside.filter((part) => part.name !== ':'),
                at,
              );
        return { k: 'index', object: this.expr(object), index, ...at };
      }
      case 'CallExpression': {
        const [callee, args] = parts;
        if (!callee || !args) return this.other(parts, at);
        return { k: 'call', callee: this.expr(callee), args: this.args(args), isNew: false, ...at };
      }
      case 'ArrayExpression':
      case 'TupleExpression':
      case 'SetExpression':
        return { k: 'list', items: splitAtCommas(parts).flatMap((group) => this.items(group)), ...at };
      case 'DictionaryExpression':
        return {
          k: 'dict',
          entries: splitAtCommas(parts).flatMap((group) => {
            const [first, second, third] = group;
            if (!first || !second) return [];
            if (first.name === '**') return [{ value: this.expr(second) }];
            return third ? [{ key: this.expr(first), value: this.expr(third) }] : [];
          }),
          ...at,
        };
      case 'ParenthesizedExpression': {
        const inside = parts.filter((part) => !/^[()]$/.test(part.name));
        return inside.length === 1 && inside[0] ? this.expr(inside[0]) : this.other(inside, at);
      }
      case 'ConditionalExpression': {
        const [then, , test, , otherwise] = parts;
        if (!then || !test || !otherwise) return this.other(parts, at);
        return { k: 'cond', test: this.expr(test), when: this.expr(then), otherwise: this.expr(otherwise), ...at };
      }
      case 'BinaryExpression': {
        const left = parts[0];
        const right = parts.at(-1);
        if (!left || !right || parts.length < 3) return this.other(parts, at);
        return {
          k: 'binary',
          op: parts
            .slice(1, -1)
            .map((part) => this.of(part))
            .join(' '),
          left: this.expr(left),
          right: this.expr(right),
          ...at,
        };
      }
      case 'UnaryExpression': {
        const [op, of] = parts;
        if (!op || !of) return this.other(parts, at);
        const value = this.expr(of);
        if (op.name === 'not') return { k: 'not', of: value, ...at };
        if (this.of(op) === '-' && value.k === 'const' && typeof value.value === 'number')
          return { k: 'const', value: -value.value, ...at };
        return this.other(parts, at);
      }
      case 'AwaitExpression': {
        const of = parts.at(-1);
        return of && parts.length > 1 ? { k: 'await', of: this.expr(of), ...at } : this.other([], at);
      }
      case 'LambdaExpression': {
        const params = parts.find((part) => part.name === 'ParamList');
        const body = parts.at(-1);
        const value = body && body.name !== ':' ? this.expr(body) : this.other([], at);
        return {
          k: 'func',
          fn: {
            params: params ? this.params(params) : [],
            body: [{ k: 'return', value, from: value.from, to: value.to }],
            decorators: [],
            async: false,
            ...at,
          },
          ...at,
        };
      }
      case 'NamedExpression': {
        const [name, , value] = parts;
        if (!name || !value) return this.other(parts, at);
        return { k: 'assigned', target: this.target([name]), value: this.expr(value), ...at };
      }
      default:
        if (node.type.isError) this.broken ??= node.from;
        return this.other(parts, at);
    }
  }

  format(node: SyntaxNode, parts: SyntaxNode[]): Expr {
    const head = /^[A-Za-z]*("""|'''|"|')/.exec(this.of(node));
    const start = node.from + (head?.[0].length ?? 1);
    const end = Math.max(start, node.to - (head?.[1]?.length ?? 1));
    const out: Expr[] = [];
    let at = start;
    const literal = (to: number) => {
      if (to > at)
        out.push({
          k: 'const',
          value: this.text.slice(at, to).replaceAll('{{', '{').replaceAll('}}', '}'),
          from: at,
          to,
        });
    };
    for (const part of parts) {
      if (part.name !== 'FormatReplacement') continue;
      literal(part.from);
      const inside = partsOf(part).find((piece) => piece.name !== '{' && piece.name !== '}');
      out.push(inside ? this.expr(inside) : this.other([], part));
      at = part.to;
    }
    literal(end);
    return { k: 'template', parts: out, from: node.from, to: node.to };
  }
}
