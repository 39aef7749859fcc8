import { LineIndex } from '../../text/line-index.ts';
import type { Place } from '../../text/place.ts';
import type { Class, Expr, Func, Stmt, Target, Tree } from './ir.ts';

export type Binding =
  | { readonly b: 'value'; readonly expr: Expr; readonly scope: Scope; readonly doubtful?: string; readonly op: string }
  /** One item of a list or dictionary: by key, by index, or any (`for x in …`). */
  | {
      readonly b: 'part';
      readonly expr: Expr;
      readonly scope: Scope;
      readonly key?: string | number;
      readonly fallback?: Expr;
      readonly doubtful?: string;
    }
  | { readonly b: 'func'; readonly fn: Func; readonly scope: Scope }
  | { readonly b: 'class'; readonly cls: Class; readonly scope: Scope }
  | { readonly b: 'import'; readonly module: string; readonly name: string; readonly from: number }
  | { readonly b: 'param'; readonly fn: Func; readonly index: number; readonly name: string; readonly key?: string }
  | { readonly b: 'opaque'; readonly why: string };

/** Names of one module, function or class body. */
export interface Scope {
  readonly module: Module;
  readonly parent?: Scope;
  readonly fn?: Func;
  readonly cls?: Class;
  readonly names: Map<string, Binding[]>;
}

export interface CallSite {
  readonly call: Extract<Expr, { k: 'call' }>;
  readonly scope: Scope;
  /** Why it may not run, when it is inside an `if` or the like. */
  readonly doubtful?: string;
  /** Inside a try whose handlers catch a missing key or everything. */
  readonly caught: boolean;
}

export interface Use {
  readonly expr: Expr;
  readonly scope: Scope;
  readonly doubtful?: string;
  readonly caught: boolean;
}

export interface ImportSite {
  readonly module: string;
  readonly names: readonly string[];
  readonly all: boolean;
  readonly reexport: boolean;
  readonly from: number;
  readonly to: number;
  readonly scope: Scope;
  readonly caught: boolean;
}

/** A parsed file with its names, imports and calls; no meaning yet. */
export class Module {
  readonly path: string;
  readonly origin: string;
  readonly text: string;
  readonly tree: Tree;
  readonly scope: Scope;
  readonly calls: CallSite[] = [];
  /** Member and index expressions, for reads such as `process.env.X`. */
  readonly members: Use[] = [];
  readonly imports: ImportSite[] = [];
  /** `a.b = value`, `a[b] = value`. */
  readonly stores: {
    readonly target: Expr;
    readonly value: Expr;
    readonly scope: Scope;
    readonly doubtful?: string;
    readonly op: string;
  }[] = [];
  readonly functions = new Map<Func, Scope>();
  readonly classes = new Map<Class, Scope>();
  readonly returns = new Map<Func, Use[]>();
  /** `a or b`, `a ?? b`: what is used when the left side is empty. */
  readonly alternatives = new Map<Expr, Expr>();
  /** Expressions that are only asked whether they hold. */
  readonly tested = new Set<Expr>();
  /** Functions written as an argument of a call. */
  readonly callbacks = new Map<Func, { readonly call: Extract<Expr, { k: 'call' }>; readonly scope: Scope }>();
  /** Expressions whose emptiness ends the process: `if not X: raise`, `if (!x) process.exit(1)`. */
  readonly demanded: { readonly expr: Expr; readonly scope: Scope; readonly from: number; readonly to: number }[] = [];
  /** JavaScript: exported name → local name or expression. */
  readonly exported = new Map<string, { readonly local?: string; readonly expr?: Expr; readonly module?: string }>();
  readonly exportAll: string[] = [];
  #lines: LineIndex | undefined;

  constructor(path: string, origin: string, text: string, tree: Tree) {
    this.path = path;
    this.origin = origin;
    this.text = text;
    this.tree = tree;
    this.scope = { module: this, names: new Map() };
    new Indexer(this).statements(tree.body, { scope: this.scope, caught: false });
  }

  place(span: { readonly from: number; readonly to: number }): Place {
    this.#lines ??= new LineIndex(this.text);
    return this.#lines.place(this.origin, { start: span.from, end: span.to });
  }
}

interface Here {
  readonly scope: Scope;
  readonly doubtful?: string;
  readonly caught: boolean;
}

class Indexer {
  readonly module: Module;

  constructor(module: Module) {
    this.module = module;
  }

  statements(body: readonly Stmt[], here: Here): void {
    for (const statement of body) this.statement(statement, here);
  }

  statement(s: Stmt, here: Here): void {
    switch (s.k) {
      case 'expr':
        this.expr(s.value, here);
        return;
      case 'assign': {
        if (s.annotation) this.expr(s.annotation, here);
        if (!s.value) return;
        this.expr(s.value, here);
        for (const target of s.targets) this.bind(target, s.value, here, s.op, s.exported === true);
        return;
      }
      case 'def': {
        this.func(s.fn, here);
        if (s.fn.name) this.add(here.scope, s.fn.name, { b: 'func', fn: s.fn, scope: here.scope });
        if (s.exported)
          this.module.exported.set(
            s.exported === 'default' ? 'default' : (s.fn.name ?? ''),
            s.fn.name ? { local: s.fn.name } : { expr: { k: 'func', fn: s.fn, from: s.from, to: s.to } },
          );
        return;
      }
      case 'class': {
        this.cls(s.cls, here);
        if (s.cls.name) this.add(here.scope, s.cls.name, { b: 'class', cls: s.cls, scope: here.scope });
        if (s.exported)
          this.module.exported.set(
            s.exported === 'default' ? 'default' : (s.cls.name ?? ''),
            s.cls.name ? { local: s.cls.name } : { expr: { k: 'class', cls: s.cls, from: s.from, to: s.to } },
          );
        return;
      }
      case 'import': {
        if (s.typeOnly) return;
        this.module.imports.push({
          module: s.module,
          names: s.names.map((name) => name.name),
          all: s.all === true,
          reexport: s.reexport === true,
          from: s.from,
          to: s.to,
          scope: here.scope,
          caught: here.caught,
        });
        if (s.reexport) {
          if (s.all) this.module.exportAll.push(s.module);
          for (const { name, local } of s.names) this.module.exported.set(local, { module: s.module, local: name });
          return;
        }
        if (s.all) this.add(here.scope, '*', { b: 'import', module: s.module, name: '*all', from: s.from });
        for (const { name, local } of s.names)
          this.add(here.scope, local, { b: 'import', module: s.module, name, from: s.from });
        return;
      }
      case 'export':
        if (s.value) {
          this.expr(s.value, here);
          this.module.exported.set('default', { expr: s.value });
        }
        for (const { name, local } of s.names) this.module.exported.set(name, { local });
        return;
      case 'return':
      case 'raise': {
        if (!s.value) return;
        this.expr(s.value, here);
        if (s.k === 'return' && here.scope.fn) {
          const list = this.module.returns.get(here.scope.fn) ?? [];
          list.push({ expr: s.value, ...here });
          this.module.returns.set(here.scope.fn, list);
        }
        return;
      }
      case 'if': {
        this.asked(s.test);
        this.expr(s.test, here);
        if (here.doubtful === undefined && !here.caught && ends(s.body))
          for (const expr of emptyTests(s.test))
            this.module.demanded.push({ expr, scope: here.scope, from: s.from, to: s.to });
        // `if __name__ == "__main__"` and `require.main === module` hold for an entry file; readers ask for the text of the doubt.
        const doubt = `only if ${this.module.text.slice(s.test.from, Math.min(s.test.to, s.test.from + 60))}`;
        this.statements(s.body, { ...here, doubtful: here.doubtful ?? doubt });
        this.statements(s.otherwise, { ...here, doubtful: here.doubtful ?? `unless ${doubt.slice(8)}` });
        return;
      }
      case 'for':
        this.expr(s.iter, here);
        if (s.target) this.bindPart(s.target, s.iter, here);
        this.statements(s.body, here);
        return;
      case 'loop':
        if (s.test) this.expr(s.test, here);
        this.statements(s.body, { ...here, doubtful: here.doubtful ?? 'inside a loop' });
        return;
      case 'try': {
        const caught = here.caught || s.handlers.length > 0;
        this.statements(s.body, { ...here, caught });
        for (const handler of s.handlers) {
          for (const expr of handler.caught) this.expr(expr, here);
          this.statements(handler.body, { ...here, doubtful: here.doubtful ?? 'only after an exception' });
        }
        this.statements(s.last, here);
        return;
      }
      case 'with':
        for (const item of s.items) {
          this.expr(item.value, here);
          if (item.target) this.bind(item.target, item.value, here, 'with', false);
        }
        this.statements(s.body, here);
        return;
    }
  }

  asked(test: Expr): void {
    this.module.tested.add(test);
    if (test.k === 'not') this.asked(test.of);
    if (test.k === 'binary' && /^(and|or|&&|\|\|)$/.test(test.op)) {
      this.asked(test.left);
      this.asked(test.right);
    }
  }

  add(scope: Scope, name: string, binding: Binding): void {
    const list = scope.names.get(name);
    if (list) list.push(binding);
    else scope.names.set(name, [binding]);
  }

  bind(target: Target, value: Expr, here: Here, op: string, exported: boolean): void {
    const doubt = here.doubtful === undefined ? {} : { doubtful: here.doubtful };
    switch (target.t) {
      case 'name':
        this.add(here.scope, target.name, { b: 'value', expr: value, scope: here.scope, op, ...doubt });
        if (exported) this.module.exported.set(target.name, { local: target.name });
        return;
      case 'place':
        this.expr(target.expr, here);
        this.module.stores.push({ target: target.expr, value, scope: here.scope, op, ...doubt });
        return;
      case 'items':
        for (const [index, item] of target.items.entries()) this.part(item, value, here, index, exported);
        return;
      case 'keys':
        for (const item of target.items) this.part(item.target, value, here, item.key, exported, item.fallback);
        if (target.rest?.t === 'name')
          this.add(here.scope, target.rest.name, { b: 'opaque', why: 'rest of an object' });
    }
  }

  part(target: Target, value: Expr, here: Here, key: string | number, exported: boolean, fallback?: Expr): void {
    const doubt = here.doubtful === undefined ? {} : { doubtful: here.doubtful };
    const rest = fallback === undefined ? {} : { fallback };
    if (fallback) this.expr(fallback, here);
    if (target.t === 'name') {
      this.add(here.scope, target.name, { b: 'part', expr: value, scope: here.scope, key, ...rest, ...doubt });
      if (exported) this.module.exported.set(target.name, { local: target.name });
    } else if (target.t === 'keys' && typeof key === 'string') {
      const inner: Expr = { k: 'member', object: value, name: key, from: value.from, to: value.to };
      for (const item of target.items) this.part(item.target, inner, here, item.key, exported, item.fallback);
    }
  }

  bindPart(target: Target, iter: Expr, here: Here): void {
    if (target.t === 'name') this.add(here.scope, target.name, { b: 'part', expr: iter, scope: here.scope });
    else if (target.t === 'items')
      for (const [index, item] of target.items.entries()) {
        if (item.t === 'name')
          this.add(here.scope, item.name, {
            b: 'part',
            expr: {
              k: 'index',
              object: iter,
              index: { k: 'const', value: '*', from: 0, to: 0 },
              from: iter.from,
              to: iter.to,
            },
            scope: here.scope,
            key: index,
          });
      }
  }

  func(fn: Func, here: Here): void {
    for (const decorator of fn.decorators) this.expr(decorator, here);
    const scope: Scope = { module: this.module, parent: here.scope, fn, names: new Map() };
    this.module.functions.set(fn, scope);
    for (const [index, param] of fn.params.entries()) {
      if (param.fallback) this.expr(param.fallback, here);
      for (const decorator of param.decorators) this.expr(decorator, here);
      if (param.target.t === 'name')
        this.add(
          scope,
          param.target.name,
          param.rest ? { b: 'opaque', why: 'rest parameter' } : { b: 'param', fn, index, name: param.target.name },
        );
      else if (param.target.t === 'keys')
        for (const item of param.target.items)
          if (item.target.t === 'name')
            this.add(scope, item.target.name, { b: 'param', fn, index, name: item.target.name, key: item.key });
    }

    // What is defined under a condition is as doubtful as the condition.
    this.statements(fn.body, {
      scope,
      caught: false,
      ...(here.doubtful === undefined ? {} : { doubtful: here.doubtful }),
    });
  }

  cls(cls: Class, here: Here): void {
    for (const expr of [...cls.decorators, ...cls.bases]) this.expr(expr, here);
    const scope: Scope = { module: this.module, parent: here.scope, cls, names: new Map() };
    this.module.classes.set(cls, scope);
    this.statements(cls.body, { ...here, scope });
  }

  expr(e: Expr, here: Here): void {
    switch (e.k) {
      case 'call':
        this.module.calls.push({ call: e, ...here });
        for (const arg of e.args)
          if (arg.value.k === 'func') this.module.callbacks.set(arg.value.fn, { call: e, scope: here.scope });
        this.expr(e.callee, here);
        for (const arg of e.args) this.expr(arg.value, here);
        return;
      case 'member':
        this.module.members.push({ expr: e, ...here });
        this.expr(e.object, here);
        return;
      case 'index':
        this.module.members.push({ expr: e, ...here });
        this.expr(e.object, here);
        this.expr(e.index, here);
        return;
      case 'func':
        this.func(e.fn, here);
        return;
      case 'class':
        this.cls(e.cls, here);
        return;
      case 'template':
      case 'other':
        for (const part of e.parts) this.expr(part, here);
        return;
      case 'list':
        for (const item of e.items) this.expr(item, here);
        return;
      case 'dict':
        for (const entry of e.entries) {
          if (entry.key) this.expr(entry.key, here);
          this.expr(entry.value, here);
        }
        return;
      case 'cond': {
        this.asked(e.test);
        this.expr(e.test, here);
        const inside = { ...here, doubtful: here.doubtful ?? 'one branch of a condition' };
        this.expr(e.when, inside);
        this.expr(e.otherwise, inside);
        return;
      }
      case 'binary': {
        this.expr(e.left, here);
        if (/^(or|\|\||\?\?)$/.test(e.op)) {
          this.module.alternatives.set(e.left, e.right);
          // `a || b || c`: what follows b is c.
          if (e.left.k === 'binary' && e.left.op === e.op) this.module.alternatives.set(e.left.right, e.right);
        }
        if (/^(==|===|!=|!==|in|not in|is|is not|<|>|<=|>=)$/.test(e.op))
          for (const side of [e.left, e.right]) this.module.tested.add(side);
        if (/^(and|&&)$/.test(e.op)) this.asked(e.left);
        const lazy = /^(or|and|\|\||&&|\?\?)$/.test(e.op);
        this.expr(e.right, lazy ? { ...here, doubtful: here.doubtful ?? `after ${e.op}` } : here);
        return;
      }
      case 'assigned':
        this.expr(e.value, here);
        this.bind(e.target, e.value, here, '=', false);
        return;
      case 'dynamic-import':
      case 'spread':
      case 'await':
      case 'not':
        if (e.k === 'dynamic-import')
          this.module.imports.push({
            module: e.of.k === 'const' ? String(e.of.value) : '*computed',
            names: [],
            all: false,
            reexport: false,
            from: e.from,
            to: e.to,
            scope: here.scope,
            caught: here.caught,
          });
        this.expr(e.of, here);
        return;
      case 'const':
      case 'name':
      case 'regex':
        return;
    }
  }
}

/** Whether a block leaves by an exception or ends the process. */
function ends(body: readonly Stmt[]): boolean {
  return body.some((s) => {
    if (s.k === 'raise') return true;
    if (s.k !== 'expr' || s.value.k !== 'call' || s.value.callee.k !== 'member')
      return s.k === 'expr' && s.value.k === 'call' && s.value.callee.k === 'name' && s.value.callee.name === 'exit';
    const { object, name } = s.value.callee;
    const status = s.value.args[0]?.value;
    return (
      name === 'exit' &&
      object.k === 'name' &&
      /^(sys|process|os)$/.test(object.name) &&
      !(status?.k === 'const' && status.value === 0)
    );
  });
}

/** Expressions that a test asks to be empty: `not x`, `x is None`, `!x`, `x === undefined`, and sides of `or`. */
function emptyTests(test: Expr): Expr[] {
  if (test.k === 'not') return [test.of];
  if (test.k !== 'binary') return [];
  if (test.op === 'or' || test.op === '||') return [...emptyTests(test.left), ...emptyTests(test.right)];
  const empty =
    (test.right.k === 'const' && (test.right.value === null || test.right.value === '')) ||
    (test.right.k === 'name' && test.right.name === 'undefined');
  return /^(is|==|===)$/.test(test.op) && empty ? [test.left] : [];
}
