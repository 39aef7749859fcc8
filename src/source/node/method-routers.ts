import type { Reason } from '../../facts/fact.ts';
import type { Expr } from '../program/ir.ts';
import type { CallSite, Module } from '../program/module.ts';
import type { Program } from '../program/program.ts';
import { describe, type Environment, type Instance, textOf, type Value, variants } from '../program/value.ts';
import { Draft, further, type Way } from '../routes/draft.ts';
import { makeTable } from '../routes/make-table.ts';
import { joinRoute } from '../routes/pattern.ts';
import { pluginKey, pluginOf, routerKey } from '../routes/receivers.ts';
import type { RouteTable } from '../routes/route-table.ts';
import { answers } from './express.ts';

export type MethodFramework = 'Fastify' | 'Koa' | 'Hono';

const VERBS = /^(get|post|put|delete|del|patch|head|options|all)$/;
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

/** Which of these frameworks made a value. */
export function methodFramework(value: Value): MethodFramework | undefined {
  const name = value.t === 'instance' ? (describe(value) ?? '') : '';
  if (/^fastify(\.(default|fastify))?\(\)(\.withTypeProvider\(\))?$/.test(name)) return 'Fastify';
  if (/^koa(\.default)?\(\)$/.test(name)) return 'Koa';
  return /^(hono(\/\w+)?\.Hono|@hono\/zod-openapi\.OpenAPIHono)\(\)(\.basePath\(\))?$/.test(name) ? 'Hono' : undefined;
}

const KOA_ROUTER = /^(@koa\/router|koa-router)(\.(default|Router))?\(\)$/;
const HARMLESS =
  /^(@fastify\/(cors|helmet|jwt|cookie|session|secure-session|sensible|formbody|multipart|rate-limit|compress|etag|auth|basic-auth|bearer-auth|csrf-protection|env|mongodb|postgres|mysql|redis|view|websocket|under-pressure|request-context|accepts|caching|circuit-breaker|oauth2|kafka|type-provider-\w+|swagger|error-page|awilix|schedule|throttle)|fastify-(metrics-dummy|print-routes|plugin-dummy|type-provider-zod)|koa-?(bodyparser|body|compress|helmet|logger|session|passport|convert|conditional-get|etag|ratelimit|json|jwt|i18n|x-request-id|pino-logger)|@koa\/(cors|bodyparser|multer)|koa2-cors|hono\/.*|@hono\/(sentry|otel|zod-validator|prometheus-dummy)|@sentry\/.*|@opentelemetry\/.*|console\.\w+)(\.|\(|$)/;

/** Routes of a Fastify, Koa or Hono application. */
export function methodRoutes(
  program: Program,
  app: Instance,
  framework: MethodFramework,
  modules: readonly Module[],
  env: Environment,
  blind?: Reason,
): RouteTable {
  const reader = new Reader(program, framework, modules, env);
  const key = routerKey(app) ?? app.id;
  const base =
    app.made.t === 'bound' && app.made.name === 'basePath'
      ? reader.text(app.call.args[0]?.value, app.scope)
      : undefined;
  reader.router(key, { prefix: base ?? '', via: [] });
  if (blind) reader.draft.leave('', blind.text, blind);
  return makeTable({
    framework,
    at: app.scope.module.place(app.call),
    routes: reader.draft.routes,
    open: reader.draft.ends,
    syntax: 'express',
    slash: framework === 'Koa' ? 'ignore' : 'strict',
    ignoreCase: framework === 'Koa',
    head: true,
  });
}

interface Call extends CallSite {
  readonly name: string;
}

class Reader {
  readonly program: Program;
  readonly framework: MethodFramework;
  readonly env: Environment;
  readonly draft = new Draft();
  readonly #calls = new Map<string, Call[]>();
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
          const list = this.#calls.get(key) ?? [];
          list.push({ ...site, name: callee.name });
          this.#calls.set(key, list);
        }
      }
    }
  }

  text(expr: Expr | undefined, scope: CallSite['scope']): string | undefined {
    if (!expr) return undefined;
    const text = textOf(this.program.evaluate(expr, scope), this.env);
    return text.known ? text.value : undefined;
  }

  router(key: string, way: Way): void {
    if (this.#open.has(key)) return;
    this.#open.add(key);
    for (const call of this.#calls.get(key) ?? [])
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

  one(site: Call, way: Way): void {
    const { call, scope, name } = site;
    const [first, second] = call.args;
    if (name === 'basePath') {
      const path = this.text(first?.value, scope);
      if (path === undefined) this.draft.leave(way.prefix, 'a base path is computed', this.reason(site, 'base path'));
      else
        this.router(
          `${scope.module.path}:${call.from}-${call.to}`,
          further(way, joinRoute(way.prefix, path), this.reason(site, `base path ${path}`)),
        );
      return;
    }
    if (/^(setNotFoundHandler|notFound)$/.test(name)) {
      const last = call.args.at(-1);
      const value = last ? this.program.evaluate(last.value, scope) : undefined;
      if (value && !(value.t === 'func' && !answers(value.fn, value.scope.module)))
        this.draft.leave(
          way.prefix,
          'the handler for "not found" may answer',
          this.reason(site, 'handles what is not found'),
        );
      return;
    }
    if (name === 'register') {
      this.register(site, way);
      return;
    }
    if (name === 'use') {
      this.use(site, way);
      return;
    }
    if (name === 'mount') {
      this.draft.leave(
        joinRoute(way.prefix, this.text(first?.value, scope) ?? ''),
        'another application is mounted there',
        this.reason(site, 'mounts'),
      );
      return;
    }
    if (name === 'route') {
      if (this.framework === 'Fastify') {
        this.described(site, way);
        return;
      }
      if (this.framework === 'Hono' && second) {
        this.sub(site, way, this.text(first?.value, scope), second.value);
        return;
      }
      return;
    }
    if (name === 'on') {
      const method = this.text(first?.value, scope);
      if (method !== undefined && second) this.add(site, way, method.toUpperCase(), this.paths(second.value, scope));
      else this.draft.leave(way.prefix, 'a route is computed', this.reason(site, 'adds routes'));
      return;
    }
    if (!VERBS.test(name) || !first || (call.args.length < 2 && this.framework !== 'Hono')) return;
    // Koa allows a name before the path.
    const value = this.program.evaluate(first.value, scope);
    const named =
      this.framework === 'Koa' &&
      value.t === 'const' &&
      typeof value.value === 'string' &&
      !value.value.startsWith('/') &&
      second &&
      call.args.length > 2;
    this.add(
      site,
      way,
      name === 'all' ? '*' : name === 'del' ? 'DELETE' : name.toUpperCase(),
      this.paths((named ? second : first).value, scope),
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

  register(site: Call, way: Way): void {
    const { call, scope } = site;
    const [first, second] = call.args;
    if (!first) return;
    const options = second ? this.program.evaluate(second.value, scope) : undefined;
    const at = this.reason(site, 'registers a plugin');
    const given = options?.t === 'dict' ? this.program.member(options, 'prefix', at) : undefined;
    const prefix =
      !given || given.t === 'bound'
        ? options && options.t !== 'dict' && options.t !== 'func'
          ? undefined
          : ''
        : textOf(given, this.env).known
          ? (textOf(given, this.env) as { value: string }).value
          : undefined;
    if (prefix === undefined) {
      this.draft.leave(way.prefix, "a plugin's prefix is not known", at);
      return;
    }
    for (const value of variants(this.program.evaluate(first.value, scope))) {
      const plugin = pluginOf(value, (expr, where) => this.program.evaluate(expr, where));
      const name = describe(value) ?? '';
      const inside = further(way, joinRoute(way.prefix, prefix).replace(/\/$/, ''), prefix === '' ? undefined : at);
      if (plugin) this.router(pluginKey(plugin.fn, plugin.scope.module), plugin.wrapped ? way : inside);
      else if (!HARMLESS.test(name))
        this.draft.leave(
          /static/.test(name) || prefix !== '' ? inside.prefix : way.prefix,
          `plugin ${name || scope.module.text.slice(first.value.from, Math.min(first.value.to, first.value.from + 40))} may add routes`,
          at,
        );
    }
  }

  sub(site: Call, way: Way, path: string | undefined, target: Expr): void {
    const at = this.reason(site, `mounts routes${path === undefined ? '' : ` under ${path}`}`);
    const keys = variants(this.program.evaluate(target, site.scope)).map(routerKey);
    for (const key of keys) {
      if (path === undefined || key === undefined || !this.#calls.has(key))
        this.draft.leave(joinRoute(way.prefix, path ?? ''), 'what is mounted there is not known', at);
      else this.router(key, further(way, joinRoute(way.prefix, path).replace(/\/$/, ''), at));
    }
  }

  use(site: Call, way: Way): void {
    const { call, scope } = site;
    const [first, ...rest] = call.args;
    if (!first) return;
    const path = rest.length > 0 ? this.text(first.value, scope) : undefined;
    const at = this.reason(site, 'used here');
    const prefix = path === undefined ? way.prefix : joinRoute(way.prefix, path.replace(/\/?\*$/, ''));
    for (const handler of path === undefined ? call.args : rest) {
      for (const value of variants(this.program.evaluate(handler.value, scope))) {
        const name = describe(value) ?? '';
        // router.routes() of Koa.
        if (
          value.t === 'instance' &&
          value.made.t === 'bound' &&
          /^(routes|middleware)$/.test(value.made.name) &&
          value.made.object.t === 'instance'
        ) {
          const router = value.made.object;
          const options = router.call.args[0]
            ? this.program.evaluate(router.call.args[0].value, router.scope)
            : undefined;
          const own = options?.t === 'dict' ? this.program.member(options, 'prefix', at) : undefined;
          const text = own && own.t !== 'bound' ? textOf(own, this.env) : undefined;
          if (!KOA_ROUTER.test(describe(router) ?? '') || (text && !text.known))
            this.draft.leave(prefix, 'what a router serves is not known', at);
          else
            this.router(
              router.id,
              further(way, joinRoute(prefix, text?.known ? text.value : '').replace(/\/$/, ''), at),
            );
        } else if (/allowedMethods\(\)$/.test(name) || HARMLESS.test(name)) continue;
        else if (/(koa-static|@hono\/node-server\/serve-static\.serveStatic|serveStatic|koa-send|koa-mount)/.test(name))
          this.draft.leave(prefix, 'static files or another application are served there', at);
        else if (value.t === 'func') {
          const source = value.scope.module.text.slice(value.fn.from, value.fn.to);
          if (
            this.framework === 'Koa'
              ? /\bctx\.(body|res)\b|\.body\s*=/.test(source) && !/status\s*=\s*(4|5)|\.status\s*=\s*err/.test(source)
              : /\bc\.(json|text|html|body|redirect)\(|new Response\(/.test(source)
          )
            this.draft.leave(prefix, 'a function used there may answer', at);
        } else
          this.draft.leave(
            prefix,
            `middleware ${name || scope.module.text.slice(handler.value.from, Math.min(handler.value.to, handler.value.from + 40))} may answer`,
            at,
          );
      }
    }
  }
}
