import type { Expr } from './ir.ts';
import type { Scope } from './module.ts';
import type { Program } from './program.ts';
import { describe, union, type Value, variants } from './value.ts';

/** The value of an expression by its parts. */
export function compute(program: Program, expr: Expr, scope: Scope): Value {
  switch (expr.k) {
    case 'const':
      return {
        t: 'const',
        value: expr.value,
        from: program.reason(scope, expr, scope.module.text.slice(expr.from, Math.min(expr.to, expr.from + 60))),
      };
    case 'template':
      return { t: 'joined', parts: expr.parts.map((part) => program.evaluate(part, scope)) };
    case 'name':
      return program.name(expr.name, scope);
    case 'member':
      return program.member(
        program.evaluate(expr.object, scope),
        expr.name,
        program.reason(scope, expr, scope.module.text.slice(expr.from, Math.min(expr.to, expr.from + 60))),
      );
    case 'index': {
      const object = program.evaluate(expr.object, scope);
      const index = program.evaluate(expr.index, scope);
      if (index.t !== 'const' || index.value === null) return { t: 'unknown', why: 'computed index' };
      if (typeof index.value === 'string' && index.value !== '*')
        return program.member(
          object,
          index.value,
          program.reason(scope, expr, scope.module.text.slice(expr.from, Math.min(expr.to, expr.from + 60))),
        );
      return index.value === '*' ? program.item(object, undefined) : program.item(object, Number(index.value));
    }
    case 'call':
      return call(program, expr, scope);
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
      return union([program.evaluate(expr.when, scope), program.evaluate(expr.otherwise, scope)]);
    case 'binary':
      return binary(program, expr, scope);
    case 'await':
      return program.evaluate(expr.of, scope);
    case 'assigned':
      return program.evaluate(expr.value, scope);
    case 'dynamic-import': {
      const of = program.evaluate(expr.of, scope);
      return of.t === 'const' && typeof of.value === 'string'
        ? program.importValue(of.value, '*', scope.module)
        : { t: 'unknown', why: 'imported by a computed name' };
    }
    case 'not':
    case 'spread':
    case 'regex':
    case 'other':
      return {
        t: 'unknown',
        why: 'is computed',
        from: program.reason(scope, expr, scope.module.text.slice(expr.from, Math.min(expr.to, expr.from + 60))),
      };
  }
}

function binary(program: Program, expr: Extract<Expr, { k: 'binary' }>, scope: Scope): Value {
  const left = program.evaluate(expr.left, scope);
  const right = () => program.evaluate(expr.right, scope);
  if (/^(or|\|\||\?\?)$/.test(expr.op)) {
    if (left.t === 'env') return left.fallback ? left : { ...left, fallback: right() };
    if (left.t === 'const')
      return left.value === null || (left.value === '' && expr.op !== '??') || left.value === false || left.value === 0
        ? right()
        : left;
    if (left.t === 'external' && left.name === 'undefined') return right();
    return union([left, right()]);
  }
  if (expr.op === '+') {
    const other = right();
    if (left.t === 'list' && other.t === 'list') return { ...left, items: [...left.items, ...other.items] };
    if (left.t === 'const' && other.t === 'const' && typeof left.value === 'number' && typeof other.value === 'number')
      return { t: 'const', value: left.value + other.value };
    return { t: 'joined', parts: [left, other] };
  }
  if (/^[-*]$/.test(expr.op)) {
    const other = right();
    if (left.t === 'const' && other.t === 'const' && typeof left.value === 'number' && typeof other.value === 'number')
      return {
        t: 'const',
        value: expr.op === '*' ? left.value * other.value : left.value - other.value,
        ...(left.from ? { from: left.from } : {}),
      };
  }
  if (expr.op === '/') {
    const other = right();
    // Paths of pathlib; what divides numbers has no text on either side.
    const text = (value: Value) => value.t === 'const' && typeof value.value === 'string';
    if (left.t === 'instance' || text(left) || ((left.t === 'env' || left.t === 'joined') && text(other)))
      return { t: 'joined', parts: [left, { t: 'const', value: '/' }, other] };
  }
  return { t: 'unknown', why: 'is computed', from: program.reason(scope, expr, 'a computed value') };
}

function call(program: Program, expr: Extract<Expr, { k: 'call' }>, scope: Scope): Value {
  const callee = program.evaluate(expr.callee, scope);
  return union(variants(callee).map((value) => callOne(program, value, expr, scope)));
}

function callOne(program: Program, callee: Value, expr: Extract<Expr, { k: 'call' }>, scope: Scope): Value {
  const instance = (made: Value): Value => ({
    t: 'instance',
    id: `${scope.module.path}:${expr.from}-${expr.to}`,
    made,
    call: expr,
    scope,
  });
  const name = describe(callee);
  const special = name === undefined ? undefined : program.language.call(program, name, { expr, scope });
  if (special) return special;
  if (
    callee.t === 'external' ||
    callee.t === 'class' ||
    callee.t === 'bound' ||
    (callee.t === 'instance' && name !== undefined)
  )
    return instance(callee);
  if (callee.t === 'func') {
    return program.guarded(callee.fn, () => {
      const returns = (callee.scope.module.returns.get(callee.fn) ?? []).map((use) =>
        program.evaluate(use.expr, use.scope),
      );
      return returns.length === 0 ? { t: 'const', value: null } : union(returns);
    });
  }
  if (callee.t === 'unknown') return callee;
  return { t: 'unknown', why: 'the result of a call', from: program.reason(scope, expr, 'this call') };
}
