import type { Reason } from '../../facts/fact.ts';
import { normalPath, type SourceTree } from '../source-tree.ts';
import { Callers } from './callers.ts';
import { compute } from './expressions.ts';
import { importValue } from './imported-values.ts';
import { Imports } from './imports.ts';
import type { Expr } from './ir.ts';
import type { Language } from './language.ts';
import { itemOf, memberOf } from './members.ts';
import { type Binding, Module, type Scope } from './module.ts';
import { Parses } from './parses.ts';
import { type Closure, union, type Value } from './value.ts';

/** Files above this many bytes are generated or data: not parsed. */
const LARGEST = 1_500_000;
const DEEPEST = 200;
const MOST_REPEATED = 3000;

/** All modules of one application, loaded on demand, and what their expressions mean. Parses are shared between programs. */
export class Program {
  readonly tree: SourceTree;
  readonly language: Language;
  readonly modules = new Map<string, Module | undefined>();
  readonly #parses: Parses;
  readonly #imports = new Imports(this);
  readonly callers = new Callers(this);
  /** How many modules there were when values were last forgotten. */
  #settled = 0;
  #values = new Map<unknown, Value>();
  #repeated = 0;
  #bound: ReadonlyMap<Binding, Value> = new Map();
  readonly #active = new Map<unknown, number>();
  #lowest = Number.POSITIVE_INFINITY;

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

  /** Loads everything that imports reach from some files; returns them in the order of discovery. `atStart`: see `Imports`. */
  reach(entries: readonly Module[], atStart = false): Module[] {
    const reached = this.#imports.reach(entries, atStart);
    // What was concluded while modules were still missing may be more now.
    if (this.#settled !== this.modules.size) this.#values = new Map();
    this.#settled = this.modules.size;
    this.#repeated = 0;
    return reached;
  }

  reason(scope: Scope, at: { readonly from: number; readonly to: number }, text: string): Reason {
    return { kind: 'source', at: scope.module.place(at), text };
  }

  evaluate(expr: Expr, scope: Scope): Value {
    return this.guarded(expr, () => compute(this, expr, scope));
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
        return this.callers.param(binding, scope);
      case 'opaque':
        return { t: 'unknown', why: binding.why };
    }
  }

  importValue(module: string, name: string, from: Module): Value {
    return importValue(this, module, name, from);
  }

  member(object: Value, name: string, at: Reason): Value {
    return memberOf(this, object, name, at);
  }

  item(object: Value, index: number | undefined): Value {
    return itemOf(this, object, index);
  }

  /** Whether what a function or class does with its arguments was followed: not when too many calls share its name. */
  followed(value: Value): boolean {
    return this.callers.followed(value);
  }
}
