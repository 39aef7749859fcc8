import type { Reason } from '../../facts/fact.ts';
import { normalPath, type SourceTree } from '../source-tree.ts';
import type { Expr, Func, Tree } from './ir.ts';
import { type Binding, type CallSite, Module, type Scope } from './module.ts';
import { Parses } from './parses.ts';
import { type Closure, describe, union, type Value, variants } from './value.ts';

export type Resolution =
  | { readonly r: 'file'; readonly path: string }
  | { readonly r: 'package'; readonly path: string }
  | { readonly r: 'external'; readonly name: string }
  | { readonly r: 'missing'; readonly why: string }
  | { readonly r: 'unknown'; readonly why: string };

/** What differs between languages: names, modules, and the meaning of the language's own functions. */
export interface Language {
  parse(text: string, path: string): Tree;
  resolve(module: string, from: Module): Resolution;
  /** A name of a module as importers see it. */
  member(program: Program, module: Module, name: string): Value | undefined;
  packageMember(program: Program, path: string, name: string): Value | undefined;
  /** The result of calling something external. Undefined: an instance of it. */
  call(
    program: Program,
    callee: string,
    site: Closure & { readonly expr: Extract<Expr, { k: 'call' }> },
  ): Value | undefined;
  /** The result of a method of a plain value (`.strip()`), or of an external's attribute. */
  attribute(program: Program, object: Value, name: string, at: Reason): Value | undefined;
  /** The value of a name that nothing binds. */
  global(name: string, module: Module): Value;
  /** How a method sees its own object; constructor's name; whether that object is the first parameter. */
  readonly self: { readonly name?: string; readonly constructorName: string; readonly shift: 0 | 1 };
}

/** Files above this many bytes are generated or data: not parsed. */
const LARGEST = 1_500_000;
const DEEPEST = 200;
const MOST_REPEATED = 3000;
/** A function called from more places than this is no set-up code: what it is passed is not followed. */
const MOST_CALLS = 24;

/** All modules of one application, loaded on demand, and what their expressions mean. Parses are shared between programs. */
export class Program {
  readonly tree: SourceTree;
  readonly language: Language;
  readonly modules = new Map<string, Module | undefined>();
  readonly #parses: Parses;
  readonly #imports = new Map<Module, readonly Module[]>();
  /** How many modules there were when values were last forgotten. */
  #settled = 0;
  #values = new Map<unknown, Value>();
  #repeated = 0;
  #bound: ReadonlyMap<Binding, Value> = new Map();
  readonly #active = new Map<unknown, number>();
  #lowest = Number.POSITIVE_INFINITY;
  #byCallee: Map<string, CallSite[]> | undefined;
  readonly #together = new Map<string, CallSite[]>();
  #indexed = 0;

  constructor(tree: SourceTree, language: Language, parses: Parses = new Parses()) {
    this.tree = tree;
    this.language = language;
    this.#parses = parses;
  }

  load(path: string): Module | undefined {
    const key = normalPath(path);
    if (this.modules.has(key)) return this.modules.get(key);
    const text = this.tree.text(key);
    let module: Module | undefined;
    if (text !== undefined && text.length <= LARGEST) module = this.parsed(key, text);
    this.modules.set(key, module);
    return module;
  }

  /** Undefined for a text nested so deeply that it exhausts the stack: such files are generated or hostile. */
  parsed(path: string, text: string): Module | undefined {
    try {
      const tree = this.#parses.of(text, path, this.language.parse);
      return new Module(path, this.tree.origin(path), text, tree);
    } catch (error) {
      if (error instanceof RangeError) return undefined;
      throw error;
    }
  }

  /** Loads everything that imports reach from some files; returns them in the order of discovery. */
  reach(entries: readonly Module[]): Module[] {
    const seen = new Set<Module>(entries);
    const queue = [...entries];
    for (let module = queue.shift(); module; module = queue.shift()) {
      for (const next of this.importsOf(module)) {
        if (seen.has(next)) continue;
        seen.add(next);
        queue.push(next);
      }
    }
    // What was concluded while modules were still missing may be more now.
    if (this.#settled !== this.modules.size) this.#values = new Map();
    this.#settled = this.modules.size;
    this.#repeated = 0;
    return [...seen];
  }

  /** The modules that loading one module also loads, as far as they are in the tree. */
  importsOf(module: Module): readonly Module[] {
    let out = this.#imports.get(module);
    if (!out) {
      out = this.readImports(module);
      this.#imports.set(module, out);
    }
    return out;
  }

  readImports(module: Module): Module[] {
    const out: Module[] = [];
    for (const site of module.imports) {
      for (const value of this.importedModules(site.module, site.names, module)) out.push(value);
    }
    for (const { call, scope } of module.calls) {
      if (call.callee.k !== 'name' || call.callee.name !== 'require') continue;
      const value = this.evaluate(call, scope);
      if (value.t === 'module') out.push(value.module);
      else for (const path of this.requiredFile(call.args[0]?.value, module)) out.push(path);
    }
    return out;
  }

  requiredFile(arg: Expr | undefined, module: Module): Module[] {
    if (arg?.k !== 'const' || typeof arg.value !== 'string') return [];
    return this.importedModules(arg.value, [], module);
  }

  importedModules(name: string, names: readonly string[], from: Module): Module[] {
    const out: Module[] = [];
    const found = this.language.resolve(name, from);
    const folder =
      found.r === 'package'
        ? found.path
        : found.r === 'file' && /\/?__init__\.py$/.test(found.path)
          ? found.path.replace(/\/?__init__\.py$/, '')
          : undefined;
    if (found.r === 'file') {
      const module = this.load(found.path);
      if (module) out.push(module);
    }
    if (folder !== undefined) {
      for (const name of names) {
        const value = this.language.packageMember(this, folder, name);
        if (value?.t === 'module') out.push(value.module);
      }
    }
    return out;
  }

  reason(scope: Scope, at: { readonly from: number; readonly to: number }, text: string): Reason {
    return { kind: 'source', at: scope.module.place(at), text };
  }

  evaluate(expr: Expr, scope: Scope): Value {
    return this.guarded(expr, () => this.compute(expr, scope));
  }

  /** Runs a step that may lead back to itself, once. A result that depended on a step still open further out is kept only when such
   * results have become too many: it may then say less than it could, but nothing wrong. */
  guarded(key: unknown, step: () => Value): Value {
    const kept = this.#values.get(key);
    if (kept) return kept;
    const open = this.#active.get(key);
    if (open !== undefined || this.#active.size > DEEPEST) {
      this.#lowest = Math.min(this.#lowest, open ?? 0);
      return { t: 'unknown', why: 'refers to itself' };
    }
    const depth = this.#active.size;
    const outer = this.#lowest;
    this.#lowest = Number.POSITIVE_INFINITY;
    this.#active.set(key, depth);
    const value = step();
    this.#active.delete(key);
    const whole = this.#lowest >= depth;
    if (whole || ++this.#repeated > MOST_REPEATED) this.#values.set(key, value);
    this.#lowest = Math.min(outer, whole ? Number.POSITIVE_INFINITY : this.#lowest);
    return value;
  }

  /** Evaluates with a loop variable or callback parameter standing for one value. */
  under<T>(bound: ReadonlyMap<Binding, Value>, run: () => T): T {
    if (bound.size === 0) return run();
    const values = this.#values;
    const outer = this.#bound;
    this.#values = new Map();
    this.#bound = new Map([...outer, ...bound]);
    const result = run();
    this.#values = values;
    this.#bound = outer;
    return result;
  }

  compute(expr: Expr, scope: Scope): Value {
    switch (expr.k) {
      case 'const':
        return {
          t: 'const',
          value: expr.value,
          from: this.reason(scope, expr, scope.module.text.slice(expr.from, Math.min(expr.to, expr.from + 60))),
        };
      case 'template':
        return { t: 'joined', parts: expr.parts.map((part) => this.evaluate(part, scope)) };
      case 'name':
        return this.name(expr.name, scope);
      case 'member':
        return this.member(
          this.evaluate(expr.object, scope),
          expr.name,
          this.reason(scope, expr, scope.module.text.slice(expr.from, Math.min(expr.to, expr.from + 60))),
        );
      case 'index': {
        const object = this.evaluate(expr.object, scope);
        const index = this.evaluate(expr.index, scope);
        if (index.t !== 'const' || index.value === null) return { t: 'unknown', why: 'computed index' };
        if (typeof index.value === 'string' && index.value !== '*')
          return this.member(
            object,
            index.value,
            this.reason(scope, expr, scope.module.text.slice(expr.from, Math.min(expr.to, expr.from + 60))),
          );
        return index.value === '*' ? this.item(object, undefined) : this.item(object, Number(index.value));
      }
      case 'call':
        return this.call(expr, scope);
      case 'list':
        return { t: 'list', items: expr.items.map((item) => ({ expr: item, scope })), scope };
      case 'dict':
        return {
          t: 'dict',
          entries: expr.entries.map((entry) =>
            entry.key
              ? { key: { expr: entry.key, scope }, value: { expr: entry.value, scope } }
              : { value: { expr: entry.value, scope } },
          ),
          scope,
        };
      case 'func':
        return { t: 'func', fn: expr.fn, scope };
      case 'class':
        return { t: 'class', cls: expr.cls, scope };
      case 'cond':
        return union([this.evaluate(expr.when, scope), this.evaluate(expr.otherwise, scope)]);
      case 'binary':
        return this.binary(expr, scope);
      case 'await':
        return this.evaluate(expr.of, scope);
      case 'assigned':
        return this.evaluate(expr.value, scope);
      case 'dynamic-import': {
        const of = this.evaluate(expr.of, scope);
        return of.t === 'const' && typeof of.value === 'string'
          ? this.importValue(of.value, '*', scope.module)
          : { t: 'unknown', why: 'imported by a computed name' };
      }
      case 'not':
      case 'spread':
      case 'regex':
      case 'other':
        return {
          t: 'unknown',
          why: 'is computed',
          from: this.reason(scope, expr, scope.module.text.slice(expr.from, Math.min(expr.to, expr.from + 60))),
        };
    }
  }

  binary(expr: Extract<Expr, { k: 'binary' }>, scope: Scope): Value {
    const left = this.evaluate(expr.left, scope);
    const right = () => this.evaluate(expr.right, scope);
    if (/^(or|\|\||\?\?)$/.test(expr.op)) {
      if (left.t === 'env') return left.fallback ? left : { ...left, fallback: right() };
      if (left.t === 'const')
        return left.value === null ||
          (left.value === '' && expr.op !== '??') ||
          left.value === false ||
          left.value === 0
          ? right()
          : left;
      if (left.t === 'external' && left.name === 'undefined') return right();
      return union([left, right()]);
    }
    if (expr.op === '+') {
      const other = right();
      if (left.t === 'list' && other.t === 'list') return { ...left, items: [...left.items, ...other.items] };
      if (
        left.t === 'const' &&
        other.t === 'const' &&
        typeof left.value === 'number' &&
        typeof other.value === 'number'
      )
        return { t: 'const', value: left.value + other.value };
      return { t: 'joined', parts: [left, other] };
    }
    if (/^[-*]$/.test(expr.op)) {
      const other = right();
      if (
        left.t === 'const' &&
        other.t === 'const' &&
        typeof left.value === 'number' &&
        typeof other.value === 'number'
      )
        return {
          t: 'const',
          value: expr.op === '*' ? left.value * other.value : left.value - other.value,
          ...(left.from ? { from: left.from } : {}),
        };
    }
    if (expr.op === '/' && left.t === 'instance')
      return { t: 'joined', parts: [left, { t: 'const', value: '/' }, right()] };
    return { t: 'unknown', why: 'is computed', from: this.reason(scope, expr, 'a computed value') };
  }

  name(name: string, start: Scope): Value {
    if (name === this.language.self.name) {
      for (let scope: Scope | undefined = start; scope; scope = scope.parent)
        if (scope.cls) return { t: 'class', cls: scope.cls, scope: scope.parent ?? scope };
    }
    for (let scope: Scope | undefined = start; scope; scope = scope.parent) {
      if (scope.cls && scope !== start) continue;
      const found = scope.names.get(name);
      if (found) return this.bindings(found, scope);
    }
    for (const star of start.module.scope.names.get('*') ?? []) {
      if (star.b !== 'import') continue;
      const value = this.importValue(star.module, name, start.module);
      if (value.t !== 'unknown') return value;
    }
    return this.language.global(name, start.module);
  }

  bindings(list: readonly Binding[], scope: Scope): Value {
    const lists = list.filter((binding) => binding.b === 'value' && binding.op === '+=');
    const values = list.filter((binding) => !lists.includes(binding)).map((binding) => this.binding(binding, scope));
    if (lists.length === 0) return union(values);
    const all = [...values, ...lists.map((binding) => this.binding(binding, scope))];
    const items = all.flatMap((value): readonly Closure[] => (value.t === 'list' ? value.items : []));
    return all.every((value) => value.t === 'list')
      ? { t: 'list', items, scope }
      : { t: 'unknown', why: 'is added to' };
  }

  binding(binding: Binding, scope: Scope): Value {
    const bound = this.#bound.get(binding);
    if (bound) return bound;
    switch (binding.b) {
      case 'value':
        return this.evaluate(binding.expr, binding.scope);
      case 'part': {
        const value = this.evaluate(binding.expr, binding.scope);
        const at = this.reason(binding.scope, binding.expr, 'taken apart here');
        const part =
          typeof binding.key === 'string' ? this.member(value, binding.key, at) : this.item(value, binding.key);
        if (!binding.fallback) return part;
        const fallback = this.evaluate(binding.fallback, binding.scope);
        return part.t === 'env' && !part.fallback ? { ...part, fallback } : union([part, fallback]);
      }
      case 'func':
        return { t: 'func', fn: binding.fn, scope: binding.scope };
      case 'class':
        return { t: 'class', cls: binding.cls, scope: binding.scope };
      case 'import':
        return this.importValue(binding.module, binding.name, scope.module);
      case 'param':
        return this.param(binding, scope);
      case 'opaque':
        return { t: 'unknown', why: binding.why };
    }
  }

  param(binding: Extract<Binding, { b: 'param' }>, scope: Scope): Value {
    const { index } = binding;
    const method = scope.parent?.cls;
    if (method && this.language.self.shift === 1 && index === 0)
      return { t: 'class', cls: method, scope: scope.parent?.parent ?? scope };
    return this.guarded(binding, () => this.passed(binding, scope, method !== undefined));
  }

  /** What calls pass for a parameter. */
  passed(binding: Extract<Binding, { b: 'param' }>, scope: Scope, method: boolean): Value {
    const { fn, index } = binding;
    const param = fn.params[index];
    const loop = scope.module.callbacks.get(fn);
    if (loop && index === 0 && loop.call.callee.k === 'member' && /^(forEach|map)$/.test(loop.call.callee.name)) {
      const item = this.item(this.evaluate(loop.call.callee.object, loop.scope), undefined);
      return binding.key === undefined ? item : this.member(item, binding.key, this.reason(scope, fn, 'parameter'));
    }
    const values = this.callsOf(fn, scope).map(({ call, scope: where }): Value => {
      const shift = method ? this.language.self.shift : 0;
      const named = call.args.find((arg) => arg.name === binding.name);
      const arg = named ?? call.args.filter((arg) => arg.name === undefined)[index - shift];
      if (arg && arg.spread === 0) return this.evaluate(arg.value, where);
      if (call.args.some((arg) => arg.spread > 0)) return { t: 'unknown', why: 'passed on by a spread' };
      return param?.fallback ? this.evaluate(param.fallback, scope) : { t: 'unknown', why: 'not passed' };
    });
    const at = this.reason(scope, fn, 'parameter');
    const all = binding.key === undefined ? values : values.map((value) => this.member(value, binding.key ?? '', at));
    if (all.length > 0) return union(all);
    if (param?.fallback) return union([this.evaluate(param.fallback, scope), { t: 'unknown', why: 'a parameter' }]);
    return { t: 'param', fn, index, scope };
  }

  /** Whether what a function or class does with its arguments was followed: not when too many calls share its name. */
  followed(value: Value): boolean {
    if (value.t !== 'func' && value.t !== 'class') return false;
    const name = value.t === 'func' ? value.fn.name : value.cls.name;
    return this.shared(name ?? '*') <= MOST_CALLS;
  }

  /** How many calls are written with a name. */
  shared(name: string): number {
    this.calls(name);
    return name === '*' ? 0 : (this.#byCallee?.get(name)?.length ?? 0);
  }

  /** Calls of a function among the loaded modules; none when too many share its name. */
  callsOf(fn: Func, scope: Scope): CallSite[] {
    const callback = scope.module.callbacks.get(fn);
    if (callback) return [];
    const own = scope.parent?.cls && fn.name === this.language.self.constructorName ? scope.parent.cls.name : fn.name;
    const name = own ?? this.boundName(fn, scope);
    if (name === undefined) return [];
    const sites = this.calls(name);
    if (this.shared(name) > MOST_CALLS) return [];
    return sites.filter(({ call, scope: where }) => {
      const callee = this.evaluate(call.callee, where);
      return variants(callee).some(
        (value) => (value.t === 'func' && value.fn === fn) || (value.t === 'class' && value.cls === scope.parent?.cls),
      );
    });
  }

  /** `const f = () => …`: the name a function expression is bound to. */
  boundName(fn: Func, scope: Scope): string | undefined {
    for (const [name, bindings] of scope.parent?.names ?? []) {
      if (bindings.some((binding) => binding.b === 'value' && binding.expr.k === 'func' && binding.expr.fn === fn))
        return name;
    }
    const exported = scope.module.exported.get('default')?.expr;
    const store = scope.module.stores.find(({ value }) => value.k === 'func' && value.fn === fn);
    return (exported?.k === 'func' && exported.fn === fn) || store ? '*' : undefined;
  }

  /** Call sites by the last name of the callee; `*` gives all. */
  calls(name: string): readonly CallSite[] {
    if (!this.#byCallee || this.#indexed !== this.modules.size) {
      this.#indexed = this.modules.size;
      this.#byCallee = new Map();
      this.#together.clear();
      for (const module of this.modules.values()) {
        for (const site of module?.calls ?? []) {
          const { callee } = site.call;
          const last = callee.k === 'name' || callee.k === 'member' ? callee.name : '';
          // An import may rename (`import { routes as r }`, `import routes from`): such names are looked up by what they import.
          const renamed = callee.k === 'name' ? module?.scope.names.get(callee.name)?.[0] : undefined;
          const key = renamed?.b === 'import' && !/^(default|\*.*)$/.test(renamed.name) ? renamed.name : last;
          for (const at of new Set([
            key,
            (renamed?.b === 'import' && /^(default|\*.*)$/.test(renamed.name)) || last === '' ? '*' : key,
          ])) {
            const list = this.#byCallee.get(at);
            if (list) list.push(site);
            else this.#byCallee.set(at, [site]);
          }
        }
      }
    }
    const found = this.#byCallee.get(name) ?? [];
    if (name === '*') return found;
    const all = this.#together.get(name) ?? [...new Set([...found, ...(this.#byCallee.get('*') ?? [])])];
    this.#together.set(name, all);
    return all;
  }

  importValue(module: string, name: string, from: Module): Value {
    // Modules that import from each other in a circle.
    return this.guarded(`${from.path}\0${module}\0${name}`, () => this.imported(module, name, from));
  }

  imported(module: string, name: string, from: Module): Value {
    const found = this.language.resolve(module, from);
    switch (found.r) {
      case 'external':
        return {
          t: 'external',
          name:
            name === '*' || name === 'default'
              ? found.name
              : name === '*package'
                ? (found.name.split('.')[0] ?? found.name)
                : `${found.name}.${name}`,
        };
      case 'missing':
      case 'unknown':
        return { t: 'unknown', why: found.why };
      case 'package':
        if (name === '*') return { t: 'package', path: found.path };
        if (name === '*package') return this.importTop(module, from);
        return this.language.packageMember(this, found.path, name) ?? { t: 'unknown', why: `${module} has no ${name}` };
      case 'file': {
        if (name === '*package') return this.importTop(module, from);
        const loaded = this.load(found.path);
        if (!loaded) return { t: 'unknown', why: `${found.path} cannot be read` };
        if (name === '*') return this.language.member(this, loaded, '*') ?? { t: 'module', module: loaded };
        const value = this.language.member(this, loaded, name);
        return value ?? { t: 'unknown', why: `${module} has no ${name}` };
      }
    }
  }

  importTop(module: string, from: Module): Value {
    const top = module.split('.')[0] ?? module;
    return top === module ? { t: 'unknown', why: 'not found' } : this.importValue(top, '*', from);
  }

  member(object: Value, name: string, at: Reason): Value {
    const special = this.language.attribute(this, object, name, at);
    if (special) return special;
    switch (object.t) {
      case 'external':
        return { t: 'external', name: `${object.name}.${name}` };
      case 'module':
        return (
          this.language.member(this, object.module, name) ?? {
            t: 'unknown',
            why: `${object.module.path} has no ${name}`,
          }
        );
      case 'package':
        return (
          this.language.packageMember(this, object.path, name) ?? { t: 'unknown', why: `${object.path} has no ${name}` }
        );
      case 'class':
        return this.classMember(object, name) ?? { t: 'bound', object, name };
      case 'instance': {
        const made = object.made.t === 'class' ? this.classMember(object.made, name) : undefined;
        return made ?? { t: 'bound', object, name };
      }
      case 'dict': {
        let spread = false;
        const entry = [...object.entries].reverse().find((candidate) => {
          if (!candidate.key) spread = true;
          return candidate.key?.expr.k === 'const' && candidate.key.expr.value === name;
        });
        if (entry) return this.evaluate(entry.value.expr, entry.value.scope);
        return spread ? { t: 'unknown', why: 'behind a spread' } : { t: 'bound', object, name };
      }
      case 'union':
        return union(object.of.map((variant) => this.member(variant, name, at)));
      case 'unknown':
        return object;
      default:
        return { t: 'bound', object, name };
    }
  }

  classMember(owner: Extract<Value, { t: 'class' }>, name: string): Value | undefined {
    const { module } = owner.scope;
    const scope = module.classes.get(owner.cls);
    const own = scope?.names.get(name);
    if (own && scope) return this.bindings(own, scope);
    const stored = module.stores.filter(
      ({ target, scope: where }) =>
        target.k === 'member' &&
        target.name === name &&
        target.object.k === 'name' &&
        /^(self|this|cls)$/.test(target.object.name) &&
        enclosing(where) === owner.cls,
    );
    if (stored.length > 0) return union(stored.map((store) => this.evaluate(store.value, store.scope)));
    for (const base of owner.cls.bases) {
      const value = this.evaluate(base, owner.scope);
      const found = value.t === 'class' && value.cls !== owner.cls ? this.classMember(value, name) : undefined;
      if (found) return found;
    }
    return undefined;
  }

  item(object: Value, index: number | undefined): Value {
    if (object.t === 'union') return union(object.of.map((variant) => this.item(variant, index)));
    if (object.t !== 'list') return { t: 'unknown', why: 'an item of something computed' };
    if (index !== undefined) {
      const item = object.items[index < 0 ? object.items.length + index : index];
      return item ? this.evaluate(item.expr, item.scope) : { t: 'unknown', why: 'no such item' };
    }
    return union(object.items.map((item) => this.evaluate(item.expr, item.scope)));
  }

  call(expr: Extract<Expr, { k: 'call' }>, scope: Scope): Value {
    const callee = this.evaluate(expr.callee, scope);
    return union(variants(callee).map((value) => this.callOne(value, expr, scope)));
  }

  callOne(callee: Value, expr: Extract<Expr, { k: 'call' }>, scope: Scope): Value {
    const instance = (made: Value): Value => ({
      t: 'instance',
      id: `${scope.module.path}:${expr.from}-${expr.to}`,
      made,
      call: expr,
      scope,
    });
    const name = describe(callee);
    const special = name === undefined ? undefined : this.language.call(this, name, { expr, scope });
    if (special) return special;
    if (
      callee.t === 'external' ||
      callee.t === 'class' ||
      callee.t === 'bound' ||
      (callee.t === 'instance' && name !== undefined)
    )
      return instance(callee);
    if (callee.t === 'func') {
      return this.guarded(callee.fn, () => {
        const returns = (callee.scope.module.returns.get(callee.fn) ?? []).map((use) =>
          this.evaluate(use.expr, use.scope),
        );
        return returns.length === 0 ? { t: 'const', value: null } : union(returns);
      });
    }
    if (callee.t === 'unknown') return callee;
    return { t: 'unknown', why: 'the result of a call', from: this.reason(scope, expr, 'this call') };
  }
}

function enclosing(start: Scope): Scope['cls'] {
  for (let scope: Scope | undefined = start; scope; scope = scope.parent) if (scope.cls) return scope.cls;
  return undefined;
}
