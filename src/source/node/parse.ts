import type { SyntaxNode } from '@lezer/common';
import { parser } from '@lezer/javascript';
import type { Arg, Class, Entry, Expr, Func, ImportedName, Param, Stmt, Target, Tree } from '../program/ir.ts';
import { partsOf, splitAtCommas } from '../program/syntax.ts';
import { unescapeScript } from './strings.ts';

const plain = parser.configure({ dialect: 'jsx' });
const typed = parser.configure({ dialect: 'ts' });
const typedMarkup = parser.configure({ dialect: 'ts jsx' });

interface Where {
  readonly from: number;
  readonly to: number;
}

/** Parses JavaScript or TypeScript, told apart by the file name; what cannot be read is skipped and the first such place noted. */
export function parseScript(text: string, file: string): Tree {
  const dialect = /\.[mc]?ts$/.test(file) ? typed : /\.tsx$/.test(file) ? typedMarkup : plain;
  const reader = new Reader(text);
  const body = reader.statements(partsOf(dialect.parse(text).topNode));
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

  imports(parts: SyntaxNode[], at: Where): Stmt[] {
    const source = parts.find((part) => part.name === 'String');
    if (!source) {
      // `import f = require('q')`: Lezer stops at `=`; the call follows as a statement of its own.
      const rest = /=\s*require\(\s*(['"])(.*?)\1/.exec(this.text.slice(at.from, at.from + 300));
      const local = parts.find((part) => part.name === 'VariableDefinition');
      return rest && local
        ? [{ k: 'import', module: rest[2] ?? '', names: [{ name: '*', local: this.of(local) }], ...at }]
        : [];
    }
    const module = unescapeScript(this.of(source).slice(1, -1));
    if (parts[1]?.name === 'type') return [{ k: 'import', module, names: [], typeOnly: true, ...at }];
    const names: ImportedName[] = [];
    for (const [index, part] of parts.entries()) {
      if (part.name === 'ImportGroup') names.push(...this.group(part));
      else if (part.name === 'VariableDefinition')
        names.push({ name: parts[index - 1]?.name === 'as' ? '*' : 'default', local: this.of(part) });
    }
    return [{ k: 'import', module, names, ...at }];
  }

  group(node: SyntaxNode): ImportedName[] {
    return splitAtCommas(partsOf(node)).flatMap((group) => {
      if (group[0]?.name === 'type') return [];
      const first = group[0];
      const last = group.at(-1);
      return first && last
        ? [{ name: this.of(first).replace(/^['"]|['"]$/g, ''), local: this.of(last).replace(/^['"]|['"]$/g, '') }]
        : [];
    });
  }

  exports(parts: SyntaxNode[], at: Where, decorators: readonly Expr[]): Stmt[] {
    const source = parts.find((part) => part.name === 'String' && parts.some((other) => other.name === 'from'));
    const group = parts.find((part) => part.name === 'ExportGroup');
    const names = group ? this.group(group) : [];
    if (parts[1]?.name === 'type') return [];
    if (source) {
      const module = unescapeScript(this.of(source).slice(1, -1));
      if (group) return [{ k: 'import', module, names, reexport: true, ...at }];
      const as = parts.findIndex((part) => part.name === 'as');
      const local = parts[as + 1];
      return as > 0 && local
        ? [{ k: 'import', module, names: [{ name: '*', local: this.of(local) }], reexport: true, ...at }]
        : [{ k: 'import', module, names: [], all: true, reexport: true, ...at }];
    }
    if (group) return [{ k: 'export', names: names.map(({ name, local }) => ({ name: local, local: name })), ...at }];
    const standard = parts[1]?.name === 'default' || parts[1]?.name === 'Equals';
    const value = parts.slice(1).find((part) => !/^(default|Equals|;|Decorator|declare|abstract)$/.test(part.name));
    if (!value) return [];
    const found = this.statement(value, [...decorators, ...this.decoratorsIn(parts)]);
    const only = found[0];
    if (only && (only.k === 'def' || only.k === 'class'))
      return [{ ...only, exported: standard ? 'default' : 'named' }];
    if (found.length > 0)
      return found.map((statement) => (statement.k === 'assign' ? { ...statement, exported: true } : statement));
    return standard ? [{ k: 'export', names: [], value: this.expr(value), ...at }] : [];
  }

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
        return parts[0] ? this.expr(parts[0]) : this.other(parts, at);
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
