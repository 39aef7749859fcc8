import type { Expr, Target } from './ir.ts';
import type { Binding, Module, Scope } from './module.ts';

/** Where in a module an expression or statement stands. */
export interface Here {
  readonly scope: Scope;
  readonly doubtful?: string;
  readonly caught: boolean;
}

/** Notes which names a scope has and what binds them. */
export abstract class NameIndexer {
  readonly module: Module;

  constructor(module: Module) {
    this.module = module;
  }

  abstract expr(e: Expr, here: Here): void;

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
}
