import type { Reason } from '../../facts/fact.ts';
import type { Module } from '../program/module.ts';
import type { Program } from '../program/program.ts';
import type { Environment, Instance } from '../program/value.ts';
import { further, type Way } from '../routes/draft.ts';
import { makeTable } from '../routes/make-table.ts';
import { joinRoute } from '../routes/pattern.ts';
import { routerKey } from '../routes/receivers.ts';
import type { RouteTable } from '../routes/route-table.ts';
import type { Call } from './method-calls.ts';
import type { MethodFramework } from './method-framework.ts';
import { PluginCalls } from './method-plugins.ts';

const VERBS = /^(get|post|put|delete|del|patch|head|options|all)$/;
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
  reader.router(key, { prefix: '', via: [] });
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

class Reader extends PluginCalls {
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
      if (value && !(value.t === 'func' && !this.answers(value)))
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
}
