import { type Here, NameIndexer } from './index-names.ts';
import type { Class, Expr, Func, Stmt } from './ir.ts';
import type { Scope } from './module.ts';

/** Notes calls, members, callbacks and tests in expressions, and the scopes of functions and classes. */
export abstract class ExpressionIndexer extends NameIndexer {
  abstract statements(body: readonly Stmt[], here: Here): void;

  asked(test: Expr): void {
    this.module.tested.add(test);
    if (test.k === 'not') this.asked(test.of);
    if (test.k === 'binary' && /^(and|or|&&|\|\|)$/.test(test.op)) {
      this.asked(test.left);
      this.asked(test.right);
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
            ...(here.doubtful === undefined ? {} : { doubtful: here.doubtful }),
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
