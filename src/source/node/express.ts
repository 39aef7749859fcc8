import type { Reason } from '../../facts/fact.ts';
import type { Expr, Func } from '../program/ir.ts';
import type { Module, Scope } from '../program/module.ts';
import type { Program } from '../program/program.ts';
import { describe, type Environment, type Instance, textOf, type Value, variants } from '../program/value.ts';
import { Draft, type Event, Events, further, type Way } from '../routes/draft.ts';
import { makeTable } from '../routes/make-table.ts';
import { joinRoute } from '../routes/pattern.ts';
import type { RouteTable } from '../routes/route-table.ts';
import { EXPRESS_HARMLESS } from './harmless.ts';

const VERBS = /^(get|post|put|delete|patch|head|options|all)$/;
const METHODS = new Set([
  'get',
  'post',
  'put',
  'delete',
  'patch',
  'head',
  'options',
  'all',
  'use',
  'route',
  'register',
]);

/** The value, if it is an Express application. */
export function expressApplication(value: Value): Instance | undefined {
  return value.t === 'instance' && /^express(\.default)?\(\)$/.test(describe(value) ?? '') ? value : undefined;
}

/** The router a value stands for: an application, `express.Router()`, or what `router.route('/x')` was called on. */
function routerOf(value: Value): Instance | undefined {
  const name = describe(value) ?? '';
  return value.t === 'instance' &&
    /^(express(\.default)?\(\)|express\.Router\(\)|express-promise-router(\.default)?\(\)|express\.default\.Router\(\)|@awaitjs\/express\.\w+\(\))$/.test(
      name,
    )
    ? value
    : undefined;
}

/** Routes of an Express application. */
export function expressRoutes(
  program: Program,
  app: Instance,
  modules: readonly Module[],
  env: Environment,
  blind?: Reason,
): RouteTable {
  const reader = new Reader(program, new Events(program, modules, METHODS), modules, env);
  reader.router(app, { prefix: '', via: [] });
  if (blind) reader.draft.leave('', blind.text, blind);
  return makeTable({
    framework: 'Express',
    at: app.scope.module.place(app.call),
    routes: reader.draft.routes,
    open: reader.draft.ends,
    syntax: 'express',
    slash: 'ignore',
    ignoreCase: true,
    head: true,
  });
}

class Reader {
  readonly program: Program;
  readonly events: Events;
  readonly modules: readonly Module[];
  readonly env: Environment;
  readonly draft = new Draft();
  readonly #path: string[] = [];

  constructor(program: Program, events: Events, modules: readonly Module[], env: Environment) {
    this.program = program;
    this.events = events;
    this.modules = modules;
    this.env = env;
  }

  router(router: Instance, way: Way): void {
    if (this.#path.includes(router.id)) return;
    this.#path.push(router.id);
    for (const event of this.events.of(router)) this.program.under(event.bound, () => this.event(event, way));
    for (const site of this.events.escapes(router)) {
      const name = describe(this.program.evaluate(site.call.callee, site.scope));
      const callee = site.call.callee;
      if (callee.k === 'member' && /^(use|register)$/.test(callee.name)) continue;
      if (
        name === undefined
          ? variants(this.program.evaluate(callee, site.scope)).every((value) => this.program.followed(value))
          : EXPRESS_HARMLESS.test(name)
      )
        continue;
      this.draft.leave(
        way.prefix,
        `${name ?? 'a call that is not understood'} may add routes`,
        this.program.reason(site.scope, site.call, 'is given the router'),
      );
    }
    this.#path.pop();
  }

  event(event: Event, outer: Way): void {
    const { call, scope, name } = event;
    const way = further(outer, outer.prefix, undefined, event.doubtful);
    if (name === 'use') {
      this.use(event, way);
      return;
    }
    if (name === 'route') {
      this.chain(event, way);
      return;
    }
    if (!VERBS.test(name)) return;
    const first = call.args[0];
    // app.get('setting') reads a setting.
    if (!first || (name === 'get' && call.args.length === 1)) return;
    this.routes(name, this.paths(first.value, scope), way, call, scope, call.args.at(-1)?.value);
  }

  routes(
    name: string,
    paths: readonly (string | undefined)[],
    way: Way,
    at: Expr,
    scope: Scope,
    handler: Expr | undefined,
  ): void {
    for (const path of paths) {
      if (path === undefined) {
        this.draft.leave(way.prefix, "a route's path is not known", this.program.reason(scope, at, 'adds a route'));
        continue;
      }
      const named =
        handler?.k === 'name' || handler?.k === 'member'
          ? scope.module.text.slice(handler.from, handler.to)
          : undefined;
      this.draft.routes.push({
        method: name === 'all' ? '*' : name.toUpperCase(),
        path: joinRoute(way.prefix, path) || '/',
        kind: 'http',
        at: scope.module.place({ from: at.from, to: Math.min(at.to, at.from + 200) }),
        ...(named === undefined ? {} : { handler: named }),
        ...(way.doubtful === undefined ? {} : { doubtful: way.doubtful }),
        via: way.via,
      });
    }
  }

  /** Undefined entries: a path that is computed or a regular expression. */
  paths(expr: Expr, scope: Scope): (string | undefined)[] {
    const value = this.program.evaluate(expr, scope);
    if (value.t === 'list') return value.items.flatMap((item) => this.paths(item.expr, item.scope));
    const text = textOf(value, this.env);
    return [text.known ? text.value : undefined];
  }

  /** `router.route('/x').get(…).post(…)`: the calls stand around this one. */
  chain(event: Event, way: Way): void {
    const first = event.call.args[0];
    if (!first) return;
    const paths = this.paths(first.value, event.scope);
    for (const { call, scope } of event.module.calls) {
      if (call.callee.k !== 'member' || !VERBS.test(call.callee.name) || call.from !== event.call.from) continue;
      let inner: Expr = call.callee.object;
      while (inner.k === 'call' && inner !== event.call && inner.callee.k === 'member') inner = inner.callee.object;
      if (inner === event.call) this.routes(call.callee.name, paths, way, call, scope, call.args.at(-1)?.value);
    }
  }

  use(event: Event, way: Way): void {
    const { call, scope } = event;
    const [first, ...rest] = call.args;
    if (!first) return;
    const value = this.program.evaluate(first.value, scope);
    const isPath =
      value.t === 'const' ||
      value.t === 'joined' ||
      value.t === 'env' ||
      value.t === 'list' ||
      (value.t === 'union' && value.of.every((variant) => variant.t === 'const'));
    const handlers = isPath && rest.length > 0 ? rest : call.args;
    const paths = isPath && rest.length > 0 ? this.paths(first.value, scope) : [''];
    const at = this.program.reason(scope, { from: call.from, to: Math.min(call.to, call.from + 200) }, 'mounted here');
    for (const path of paths) {
      if (path === undefined) {
        this.draft.leave(way.prefix, 'where a router is mounted is not known', at);
        continue;
      }
      const prefix = joinRoute(way.prefix, path).replace(/\/$/, '');
      for (const handler of handlers) {
        const resolved = this.program.evaluate(handler.value, scope);
        for (const item of resolved.t === 'list'
          ? resolved.items.map((closure) => this.program.evaluate(closure.expr, closure.scope))
          : variants(resolved))
          this.handler(item, further(way, prefix, at), at, handler.value, scope, isPath && path !== '/');
      }
    }
  }

  handler(value: Value, way: Way, at: Reason, written: Expr, scope: Scope, mounted: boolean): void {
    const router = routerOf(value);
    if (router) {
      this.router(router, way);
      return;
    }
    const name = describe(value);
    if (
      name !== undefined &&
      /^(express(\.default)?\.static|serve-static(\.default)?|connect-history-api-fallback(\.default)?|koa-static(\.default)?)\(\)$/.test(
        name,
      )
    ) {
      this.draft.leave(
        way.prefix,
        name.startsWith('connect-history') ? 'any path falls back to a page' : 'static files are served there',
        at,
      );
      return;
    }
    if (name !== undefined && EXPRESS_HARMLESS.test(name)) return;
    if (value.t === 'func') {
      // Error handlers (four parameters) run after something failed.
      if (value.fn.params.length === 4 || !answers(value.fn, value.scope.module)) return;
      this.draft.leave(way.prefix, 'a function mounted there may answer', at);
      return;
    }
    if (value.t === 'class') return;
    const text = scope.module.text.slice(written.from, Math.min(written.to, written.from + 40));
    this.draft.leave(way.prefix, mounted ? `what ${text} serves is not known` : `middleware ${text} may answer`, at);
  }
}

/** Whether a middleware ends a request with something better than an error. */
export function answers(fn: Func, module: Module): boolean {
  const source = module.text.slice(fn.from, fn.to);
  for (const match of source.matchAll(/\.(send|json|sendFile|render|end|redirect|sendStatus|pipe)\s*\(/g)) {
    const before = source.slice(Math.max(0, match.index - 200), match.index);
    const own = source.slice(match.index, match.index + 60);
    if (/sendStatus\(\s*[45]/.test(own) || /\b(console|logger|log|JSON|span|timer|stream)$/.test(before)) continue;
    if (
      /(status|code|writeHead)\s*\(\s*([45]\d\d|\w*(StatusCodes?|HttpStatus|HTTP)\w*\.\w+)[^;{}]*$/.test(before) ||
      /statusCode\s*=\s*[45]\d\d;?\s*[^{}]*$/.test(before)
    )
      continue;
    return true;
  }
  return false;
}
