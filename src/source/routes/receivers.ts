import type { Expr, Func } from '../program/ir.ts';
import type { Module, Scope } from '../program/module.ts';
import { describe, type Instance, type Value } from '../program/value.ts';

const CHAINED =
  /^(get|post|put|delete|patch|head|options|all|on|use|route|register|after|ready|decorate|addHook|setErrorHandler|withTypeProvider|onError|notFound)$/;

/** Where a framework's method calls end up, chains (`app.get(…).get(…)`) followed back to their start. */
export function routerKey(value: Value): string | undefined {
  const at = chainStart(value, CHAINED);
  if (at?.t === 'param') return at.index === 0 ? pluginKey(at.fn, at.scope.module) : undefined;
  return at?.t === 'instance' ? at.id : undefined;
}

/** The object that a chain of route methods began with. */
export function chainStart(value: Value, methods: RegExp = CHAINED): Value | undefined {
  let at: Value = value;
  for (let step = 0; step < 60; step++) {
    if (at.t !== 'instance' || at.made.t !== 'bound' || !methods.test(at.made.name)) return at;
    at = at.made.object;
  }
  return undefined;
}

/** The application behind an object of it: chains and base paths (`new Hono().basePath('/v1')`) share its routes. */
export function applicationBehind(value: Instance): Instance {
  let at = value;
  for (let step = 0; step < 60; step++) {
    const start = chainStart(at);
    if (start?.t !== 'instance') return at;
    at = start;
    if (at.made.t !== 'bound' || at.made.name !== 'basePath' || at.made.object.t !== 'instance') return at;
    at = at.made.object;
  }
  return at;
}

export function pluginKey(fn: Func, module: Module): string {
  return `plugin:${module.path}:${fn.from}`;
}

/** A plugin function, through wrappers such as `fastify-plugin`. `wrapped` plugins share the outer object's prefix. */
export function pluginOf(
  value: Value,
  evaluate: (expr: Expr, scope: Scope) => Value,
): { fn: Func; scope: Scope; wrapped: boolean } | undefined {
  if (value.t === 'func') return { fn: value.fn, scope: value.scope, wrapped: false };
  if (value.t === 'instance' && /^(fastify-plugin|fp)(\.default)?\(\)$/.test(describe(value) ?? '')) {
    const first = value.call.args[0];
    const inner = first ? pluginOf(evaluate(first.value, value.scope), evaluate) : undefined;
    return inner && { ...inner, wrapped: true };
  }
  return undefined;
}
