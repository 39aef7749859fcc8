import type { Expr } from '../program/ir.ts';
import { describe, textOf, type Value, variants } from '../program/value.ts';
import { further, type Way } from '../routes/draft.ts';
import { joinRoute } from '../routes/pattern.ts';
import { chainStart, pluginKey, pluginOf, routerKey } from '../routes/receivers.ts';
import { answers } from './express.ts';
import { type Call, MethodCalls } from './method-calls.ts';

const KOA_ROUTER = /^(@koa\/router|koa-router)(\.(default|Router))?\(\)$/;
const HARMLESS =
  /^(@fastify\/(cors|helmet|jwt|cookie|session|secure-session|sensible|formbody|multipart|rate-limit|compress|etag|auth|basic-auth|bearer-auth|csrf-protection|env|mongodb|postgres|mysql|redis|view|websocket|under-pressure|request-context|accepts|caching|circuit-breaker|oauth2|kafka|type-provider-\w+|swagger|error-page|awilix|schedule|throttle)|fastify-(metrics-dummy|print-routes|plugin-dummy|type-provider-zod)|koa-?(bodyparser|body|compress|helmet|logger|session|passport|convert|conditional-get|etag|ratelimit|json|jwt|i18n|x-request-id|pino-logger)|@koa\/(cors|bodyparser|multer)|koa2-cors|hono\/.*|@hono\/(sentry|otel|zod-validator|prometheus-dummy)|@sentry\/.*|@opentelemetry\/.*|console\.\w+)(\.|\(|$)/;

/** How a handler of Hono answers. */
const HONO_ANSWER = /\bc\.(json|text|html|body|redirect)\(|new Response\(/;

/** What is put into an application: plugins, routers of their own, middleware. */
export abstract class PluginCalls extends MethodCalls {
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
    for (const value of variants(this.program.evaluate(target, site.scope))) {
      const key = routerKey(value);
      const base = this.basePath(value);
      if (path === undefined || base === undefined || key === undefined || !this.calls.has(key))
        this.draft.leave(joinRoute(way.prefix, path ?? ''), 'what is mounted there is not known', at);
      else
        this.router(
          key,
          further(way, joinRoute(joinRoute(way.prefix, path).replace(/\/$/, ''), base).replace(/\/$/, ''), at),
        );
    }
  }

  /** What `basePath` calls put in front of the routes of an object; undefined where one is computed. */
  basePath(value: Value): string | undefined {
    const start = chainStart(value);
    if (start?.t !== 'instance' || start.made.t !== 'bound' || start.made.name !== 'basePath') return '';
    const before = this.basePath(start.made.object);
    const own = this.text(start.call.args[0]?.value, start.scope);
    return before === undefined || own === undefined ? undefined : joinRoute(before, own);
  }

  /** Whether a handler answers with something better than an error. Hono's helpers take the status as an argument. */
  answers(value: Extract<Value, { t: 'func' }>): boolean {
    if (this.framework !== 'Hono') return answers(value.fn, value.scope.module);
    const source = value.scope.module.text.slice(value.fn.from, value.fn.to);
    return HONO_ANSWER.test(source) && !/\b[45]\d\d\b|HTTPException|\bnotFound\(/.test(source);
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
              : HONO_ANSWER.test(source)
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
