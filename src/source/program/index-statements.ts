import { ExpressionIndexer } from './index-expressions.ts';
import type { Here } from './index-names.ts';
import type { Expr, Stmt } from './ir.ts';

/** Notes everything in the statements of a module: names, imports, exports, calls, demands. */
export class StatementIndexer extends ExpressionIndexer {
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
          ...(here.doubtful === undefined ? {} : { doubtful: here.doubtful }),
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
        if (here.doubtful === undefined && !here.caught && ends(s.body)) {
          this.module.guards.push({ test: s.test, scope: here.scope, from: s.from, to: s.to });
          for (const expr of emptyTests(s.test))
            this.module.demanded.push({ expr, scope: here.scope, from: s.from, to: s.to });
        }
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
        // A handler that ends the process, or throws in its turn, hides nothing.
        const caught = here.caught || s.handlers.some((handler) => !ends(handler.body));
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
        // `with suppress(OSError):` is a try of one line.
        this.statements(s.body, s.items.some((item) => suppresses(item.value)) ? { ...here, caught: true } : here);
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

function suppresses(expr: Expr): boolean {
  return (
    expr.k === 'call' &&
    (expr.callee.k === 'name' || expr.callee.k === 'member') &&
    /^(suppress|raises)$/.test(expr.callee.name)
  );
}
