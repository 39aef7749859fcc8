import type { SyntaxNode } from '@lezer/common';
import type { Arg, Expr, Param, Target } from '../program/ir.ts';
import { partsOf, splitAtCommas } from '../program/syntax.ts';
import { stringPart } from './strings.ts';

/** Reads expressions of Python. */
export abstract class ExpressionReader {
  readonly text: string;
  /** Offset of the first place that could not be read. */
  broken: number | undefined;

  constructor(text: string) {
    this.text = text;
  }

  abstract params(node: SyntaxNode): Param[];
  abstract target(parts: readonly SyntaxNode[]): Target;

  of(node: SyntaxNode): string {
    return this.text.slice(node.from, node.to);
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
        if (parts[1]?.name === 'and' && isNot(right)) return conjunction(this.expr(left), this.expr(right));
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
        if (op.name === 'not') return this.negation(of, node.from);
        const value = this.expr(of);
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

  /** `not a or b` is `(not a) or b`: the grammar takes it for `not (a or b)`. */
  negation(of: SyntaxNode, from: number): Expr {
    const [left, op, right] = of.name === 'BinaryExpression' ? partsOf(of) : [];
    if (!left || !right || (op?.name !== 'and' && op?.name !== 'or'))
      return { k: 'not', of: this.expr(of), from, to: of.to };
    const first = this.negation(left, from);
    const second = this.expr(right);
    return op.name === 'and' && isNot(right)
      ? conjunction(first, second)
      : { k: 'binary', op: op.name, left: first, right: second, from, to: of.to };
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

function isNot(node: SyntaxNode): boolean {
  return node.name === 'UnaryExpression' && node.firstChild?.name === 'not';
}

/** `a and not b or c` is `(a and not b) or c`. */
function conjunction(left: Expr, right: Expr): Expr {
  const at = { from: left.from, to: right.to };
  return right.k === 'binary' && right.op === 'or'
    ? { ...right, left: conjunction(left, right.left), ...at }
    : { k: 'binary', op: 'and', left, right, ...at };
}
