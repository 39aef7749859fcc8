import type { Func } from './ir.ts';
import type { Binding, CallSite, Scope } from './module.ts';
import type { Program } from './program.ts';
import { union, type Value, variants } from './value.ts';

/** A function called from more places than this is no set-up code: what it is passed is not followed. */
const MOST_CALLS = 24;

/** Who calls the functions of a program, and with what. */
export class Callers {
  readonly program: Program;
  #byCallee: Map<string, CallSite[]> | undefined;
  readonly #together = new Map<string, CallSite[]>();
  #indexed = 0;

  constructor(program: Program) {
    this.program = program;
  }

  param(binding: Extract<Binding, { b: 'param' }>, scope: Scope): Value {
    const { index } = binding;
    const method = scope.parent?.cls;
    if (method && this.program.language.self.shift === 1 && index === 0)
      return { t: 'class', cls: method, scope: scope.parent?.parent ?? scope };
    const { annotation } = binding.fn.params[index] ?? {};
    const typed = annotation && this.program.language.typed?.(annotation, scope.module);
    if (typed) return typed;
    return this.program.guarded(binding, () => this.passed(binding, scope, method !== undefined));
  }

  /** What calls pass for a parameter. */
  passed(binding: Extract<Binding, { b: 'param' }>, scope: Scope, method: boolean): Value {
    const { fn, index } = binding;
    const param = fn.params[index];
    const loop = scope.module.callbacks.get(fn);
    if (loop && index === 0 && loop.call.callee.k === 'member' && /^(forEach|map)$/.test(loop.call.callee.name)) {
      const item = this.program.item(this.program.evaluate(loop.call.callee.object, loop.scope), undefined);
      return binding.key === undefined
        ? item
        : this.program.member(item, binding.key, this.program.reason(scope, fn, 'parameter'));
    }
    const values = this.callsOf(fn, scope).map(({ call, scope: where }): Value => {
      const shift = method ? this.program.language.self.shift : 0;
      const named = call.args.find((arg) => arg.name === binding.name);
      const arg = named ?? call.args.filter((arg) => arg.name === undefined)[index - shift];
      if (arg && arg.spread === 0) return this.program.evaluate(arg.value, where);
      if (call.args.some((arg) => arg.spread > 0)) return { t: 'unknown', why: 'passed on by a spread' };
      return param?.fallback ? this.program.evaluate(param.fallback, scope) : { t: 'unknown', why: 'not passed' };
    });
    const at = this.program.reason(scope, fn, 'parameter');
    const all =
      binding.key === undefined ? values : values.map((value) => this.program.member(value, binding.key ?? '', at));
    if (all.length > 0) return union(all);
    if (param?.fallback)
      return union([this.program.evaluate(param.fallback, scope), { t: 'unknown', why: 'a parameter' }]);
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
    const own =
      scope.parent?.cls && fn.name === this.program.language.self.constructorName ? scope.parent.cls.name : fn.name;
    const name = own ?? this.boundName(fn, scope);
    if (name === undefined) return [];
    const sites = this.calls(name);
    if (this.shared(name) > MOST_CALLS) return [];
    return sites.filter(({ call, scope: where }) => {
      const callee = this.program.evaluate(call.callee, where);
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
    if (!this.#byCallee || this.#indexed !== this.program.modules.size) {
      this.#indexed = this.program.modules.size;
      this.#byCallee = new Map();
      this.#together.clear();
      for (const module of this.program.modules.values()) {
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
}
