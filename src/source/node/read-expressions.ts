import type { SyntaxNode } from '@lezer/common';
import type { Arg, Class, Entry, Expr, Func, Target } from '../program/ir.ts';
import { partsOf, splitAtCommas } from '../program/syntax.ts';
import { unescapeScript } from './strings.ts';

export interface Where {
  readonly from: number;
  readonly to: number;
}

/** Reads expressions of JavaScript and TypeScript; types are left out. */
export abstract class ExpressionReader {
  readonly text: string;
  /** Offset of the first place that could not be read. */
  broken: number | undefined;

  constructor(text: string) {
    this.text = text;
  }

  abstract func(node: SyntaxNode): Func;
  abstract cls(node: SyntaxNode, decorators: readonly Expr[]): Class;
  abstract target(node: SyntaxNode): Target;

  of(node: SyntaxNode): string {
    return this.text.slice(node.from, node.to);
  }

  other(parts: readonly SyntaxNode[], at: Where): Expr {
    return {
      k: 'other',
      parts: parts.filter((part) => part.firstChild || part.name === 'VariableName').map((part) => this.expr(part)),
      text: this.text.slice(at.from, Math.min(at.to, at.from + 80)),
      from: at.from,
      to: at.to,
    };
  }

  args(node: SyntaxNode): Arg[] {
    return splitAtCommas(partsOf(node)).flatMap((group): Arg[] => {
      const [first, second] = group;
      if (!first) return [];
      return first.name === 'Spread' && second
        ? [{ value: this.expr(second), spread: 1 }]
        : [{ value: this.expr(first), spread: 0 }];
    });
  }

  expr(node: SyntaxNode): Expr {
    const at = { from: node.from, to: node.to };
    const parts = partsOf(node);
    switch (node.name) {
      case 'VariableName':
      case 'this':
      case 'super':
        return { k: 'name', name: this.of(node), ...at };
      case 'Number': {
        const value = Number(this.of(node).replaceAll('_', ''));
        return Number.isNaN(value) ? this.other([], at) : { k: 'const', value, ...at };
      }
      case 'BooleanLiteral':
        return { k: 'const', value: this.of(node) === 'true', ...at };
      case 'null':
        return { k: 'const', value: null, ...at };
      case 'String':
        return { k: 'const', value: unescapeScript(this.of(node).slice(1, -1)), ...at };
      case 'RegExp':
        return { k: 'regex', source: this.of(node), ...at };
      case 'TemplateString':
        return this.template(node, parts);
      case 'MemberExpression': {
        const object = parts[0];
        const last = parts.at(-1);
        if (!object || !last) return this.other(parts, at);
        if (/^(PropertyName|PrivatePropertyName)$/.test(last.name))
          return { k: 'member', object: this.expr(object), name: this.of(last), ...at };
        const index = parts.at(-2);
        return last.name === ']' && index
          ? { k: 'index', object: this.expr(object), index: this.expr(index), ...at }
          : this.other(parts, at);
      }
      case 'ImportMeta':
        return { k: 'name', name: 'import.meta', ...at };
      case 'CallExpression':
      case 'NewExpression': {
        const isNew = node.name === 'NewExpression';
        const callee = parts[isNew ? 1 : 0];
        const args = parts.find((part) => part.name === 'ArgList');
        if (!callee) return this.other(parts, at);
        return { k: 'call', callee: this.expr(callee), args: args ? this.args(args) : [], isNew, ...at };
      }
      case 'DynamicImport': {
        const of = parts.find((part) => !/^(import|\(|\)|,)$/.test(part.name));
        return of ? { k: 'dynamic-import', of: this.expr(of), ...at } : this.other([], at);
      }
      case 'ArrayExpression':
        return {
          k: 'list',
          items: splitAtCommas(parts).flatMap((group): Expr[] => {
            const [first, second] = group;
            if (!first) return [];
            return first.name === 'Spread' && second
              ? [{ k: 'spread', of: this.expr(second), ...at }]
              : [this.expr(first)];
          }),
          ...at,
        };
      case 'ObjectExpression':
        return {
          k: 'dict',
          entries: parts.filter((part) => part.name === 'Property').flatMap((part) => this.property(part)),
          ...at,
        };
      case 'ParenthesizedExpression': {
        const inside = parts.filter((part) => !/^[()]$/.test(part.name));
        return inside.length === 1 && inside[0] ? this.expr(inside[0]) : this.other(inside, at);
      }
      case 'PostfixExpression':
      case 'TypeAssertion':
      // `create<T>` in front of its arguments.
      case 'InstantiationExpression':
        return parts[0] ? this.expr(parts[0]) : this.other(parts, at);
      case 'PrefixCast': {
        const last = parts.at(-1);
        return last ? this.expr(last) : this.other(parts, at);
      }
      case 'ArrowFunction':
      case 'FunctionExpression':
        return { k: 'func', fn: this.func(node), ...at };
      case 'ClassExpression':
        return { k: 'class', cls: this.cls(node, []), ...at };
      case 'ConditionalExpression': {
        const [test, , then, , otherwise] = parts;
        if (!then || !test || !otherwise) return this.other(parts, at);
        return { k: 'cond', test: this.expr(test), when: this.expr(then), otherwise: this.expr(otherwise), ...at };
      }
      case 'BinaryExpression': {
        const [left, op, right] = parts;
        if (!left || !op || !right) return this.other(parts, at);
        if (op.name === 'as' || op.name === 'satisfies') return this.expr(left);
        return { k: 'binary', op: this.of(op), left: this.expr(left), right: this.expr(right), ...at };
      }
      case 'UnaryExpression': {
        const [op, of] = parts;
        if (!op || !of) return this.other(parts, at);
        const sign = this.of(op);
        if (sign === '!') return { k: 'not', of: this.expr(of), ...at };
        if (sign === '+')
          return {
            k: 'call',
            callee: { k: 'name', name: 'Number', ...at },
            args: [{ value: this.expr(of), spread: 0 }],
            isNew: false,
            ...at,
          };
        return this.other(parts, at);
      }
      case 'AwaitExpression': {
        const of = parts[1];
        return of ? { k: 'await', of: this.expr(of), ...at } : this.other(parts, at);
      }
      case 'AssignmentExpression': {
        const [left, , right] = parts;
        if (!left || !right) return this.other(parts, at);
        return { k: 'assigned', target: this.target(left), value: this.expr(right), ...at };
      }
      default:
        if (node.type.isError) this.broken ??= node.from;
        return this.other(parts, at);
    }
  }

  property(node: SyntaxNode): Entry[] {
    const parts = partsOf(node);
    const [first, second] = parts;
    if (!first) return [];
    if (first.name === 'Spread') return second ? [{ value: this.expr(second) }] : [];
    const params = parts.some((part) => part.name === 'ParamList');
    const colon = parts.findIndex((part) => part.name === ':');
    const computed = first.name === '[' && second ? this.expr(second) : undefined;
    const name = parts.find((part) => /^(PropertyDefinition|String|Number)$/.test(part.name));
    const key: Expr | undefined =
      computed ??
      (name
        ? {
            k: 'const',
            value: name.name === 'String' ? unescapeScript(this.of(name).slice(1, -1)) : this.of(name),
            from: name.from,
            to: name.to,
          }
        : undefined);
    if (!key) return [];
    if (params) return [{ key, value: { k: 'func', fn: this.func(node), from: node.from, to: node.to } }];
    const value = colon > 0 ? parts[colon + 1] : undefined;
    if (value) return [{ key, value: this.expr(value) }];
    return name ? [{ key, value: { k: 'name', name: this.of(name), from: name.from, to: name.to } }] : [];
  }

  template(node: SyntaxNode, parts: SyntaxNode[]): Expr {
    const out: Expr[] = [];
    let at = node.from + 1;
    const literal = (to: number) => {
      if (to > at) out.push({ k: 'const', value: unescapeScript(this.text.slice(at, to)), from: at, to });
    };
    for (const part of parts) {
      if (part.name !== 'Interpolation') continue;
      literal(part.from);
      const inside = partsOf(part).find((piece) => !/^Interpolation(Start|End)$/.test(piece.name));
      out.push(inside ? this.expr(inside) : this.other([], part));
      at = part.to;
    }
    literal(Math.max(at, node.to - 1));
    const only = out.length === 1 ? out[0] : undefined;
    if (out.length === 0) return { k: 'const', value: '', from: node.from, to: node.to };
    if (only?.k === 'const') return { ...only, from: node.from, to: node.to };
    return { k: 'template', parts: out, from: node.from, to: node.to };
  }
}
