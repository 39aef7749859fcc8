import type { Reason } from '../../facts/fact.ts';
import type { Expr } from '../program/ir.ts';
import type { CallSite, Module } from '../program/module.ts';
import type { Program } from '../program/program.ts';
import { type Environment, textOf, variants } from '../program/value.ts';
import { Draft, further, type Way } from '../routes/draft.ts';
import { joinRoute } from '../routes/pattern.ts';
import { routerKey } from '../routes/receivers.ts';
import type { MethodFramework } from './method-framework.ts';

const METHODS = new Set([
  'get',
  'post',
  'put',
  'delete',
  'del',
  'patch',
  'head',
  'options',
  'all',
  'on',
  'use',
  'route',
  'register',
  'mount',
  'setNotFoundHandler',
  'notFound',
  'basePath',
  'routes',
  'prefix',
]);

export interface Call extends CallSite {
  readonly name: string;
}

/** Calls of routing methods by the router they are called on, and the routes they add. */
export abstract class MethodCalls {
  readonly program: Program;
  readonly framework: MethodFramework;
  readonly env: Environment;
  readonly draft = new Draft();
  readonly calls = new Map<string, Call[]>();
  readonly #open = new Set<string>();

  constructor(program: Program, framework: MethodFramework, modules: readonly Module[], env: Environment) {
    this.program = program;
    this.framework = framework;
    this.env = env;
    for (const module of modules) {
      for (const site of module.calls) {
        const { callee } = site.call;
        if (callee.k !== 'member' || !METHODS.has(callee.name)) continue;
        for (const value of variants(program.evaluate(callee.object, site.scope))) {
          const key = routerKey(value);
          if (key === undefined) continue;
          const list = this.calls.get(key) ?? [];
          list.push({ ...site, name: callee.name });
          this.calls.set(key, list);
        }
      }
    }
  }

  /** Reads one call of a routing method. */
  abstract one(site: Call, way: Way): void;

  text(expr: Expr | undefined, scope: CallSite['scope']): string | undefined {
    if (!expr) return undefined;
    const text = textOf(this.program.evaluate(expr, scope), this.env);
    return text.known ? text.value : undefined;
  }

  router(key: string, way: Way): void {
    if (this.#open.has(key)) return;
    this.#open.add(key);
    for (const call of this.calls.get(key) ?? [])
      this.one(call, call.doubtful === undefined ? way : further(way, way.prefix, undefined, call.doubtful));
    this.#open.delete(key);
  }

  reason(call: Call, text: string): Reason {
    return this.program.reason(
      call.scope,
      { from: call.call.from, to: Math.min(call.call.to, call.call.from + 200) },
      text,
    );
  }

  paths(expr: Expr, scope: CallSite['scope']): (string | undefined)[] {
    const value = this.program.evaluate(expr, scope);
    return value.t === 'list' ? value.items.map((item) => this.text(item.expr, item.scope)) : [this.text(expr, scope)];
  }

  add(site: Call, way: Way, method: string, paths: readonly (string | undefined)[]): void {
    for (const path of paths) {
      if (path === undefined)
        this.draft.leave(way.prefix, "a route's path is not known", this.reason(site, 'adds a route'));
      else
        this.draft.routes.push({
          method,
          path: this.joined(way.prefix, path) || '/',
          kind: 'http',
          at: site.scope.module.place({ from: site.call.from, to: Math.min(site.call.to, site.call.from + 200) }),
          ...(way.doubtful === undefined ? {} : { doubtful: way.doubtful }),
          via: way.via,
        });
    }
  }

  /** Fastify serves `/` under a prefix with and without the slash; Hono and Koa drop it. */
  joined(prefix: string, path: string): string {
    if (prefix === '' || path !== '/') return joinRoute(prefix, path);
    return this.framework === 'Fastify' ? `${prefix}{/}` : prefix;
  }

  described(site: Call, way: Way): void {
    const options = site.call.args[0]?.value;
    const value = options ? this.program.evaluate(options, site.scope) : undefined;
    if (value?.t !== 'dict') {
      this.draft.leave(way.prefix, 'a route is described elsewhere', this.reason(site, 'adds a route'));
      return;
    }
    const at = this.reason(site, 'adds a route');
    const url = textOf(this.program.member(value, 'url', at), this.env);
    const path = textOf(this.program.member(value, 'path', at), this.env);
    const method = this.program.member(value, 'method', at);
    const methods =
      method.t === 'list'
        ? method.items.map((item) => this.text(item.expr, item.scope) ?? '*')
        : [textOf(method, this.env)].map((text) => (text.known ? text.value : '*'));
    for (const one of methods)
      this.add(site, way, one.toUpperCase(), [url.known ? url.value : path.known ? path.value : undefined]);
  }
}
