import type { Reason } from '../../facts/fact.ts';
import { externalBase } from '../program/ancestry.ts';
import type { Module, Scope } from '../program/module.ts';
import type { Program } from '../program/program.ts';
import { describe, type Environment, type Instance, textOf, type Value, variants } from '../program/value.ts';
import { type Event, Events, further, type Way } from '../routes/draft.ts';
import { makeTable } from '../routes/make-table.ts';
import type { RouteTable } from '../routes/route-table.ts';
import { argument, argumentText, hasSpread, mayAnswer } from './arguments.ts';
import { AsgiMounts } from './asgi-mounts.ts';
import { ASGI_HARMLESS } from './harmless.ts';

const VERBS = new Set(['get', 'post', 'put', 'delete', 'patch', 'head', 'options', 'trace']);
const METHODS = new Set([
  ...VERBS,
  'api_route',
  'route',
  'add_api_route',
  'add_route',
  'websocket',
  'websocket_route',
  'add_api_websocket_route',
  'add_websocket_route',
  'include_router',
  'mount',
  'host',
  'add_middleware',
  'middleware',
  'exception_handler',
  'add_exception_handler',
  'expose',
]);

/** Routes of a FastAPI or Starlette application over the modules its entry reaches. */
export function asgiRoutes(
  program: Program,
  app: Instance,
  modules: readonly Module[],
  env: Environment,
  blind?: Reason,
): RouteTable {
  const events = new Events(program, modules, METHODS, (value) =>
    value.t === 'bound' && value.name === 'router' && value.object.t === 'instance' ? value.object : value,
  );
  const reader = new Reader(program, events, env);
  reader.application(app, { prefix: '', via: [] });
  if (blind) reader.draft.leave('', blind.text, blind);
  const root = argumentText(program, app.call, app.scope, env, 'root_path');
  return makeTable({
    framework: externalBase(program, app.made)?.startsWith('starlette') ? 'Starlette' : 'FastAPI',
    at: app.scope.module.place(app.call),
    routes: reader.draft.routes,
    open: reader.draft.ends,
    syntax: 'starlette',
    slash: 'redirect',
    ignoreCase: false,
    // FastAPI's own routes answer 405 to HEAD; plain Starlette routes answer it (marked as routes of their own).
    head: false,
    ...(root?.known && root.value !== '' ? { rootPath: root.value } : {}),
  });
}

class Reader extends AsgiMounts {
  readonly #path: string[] = [];

  application(app: Instance, way: Way): void {
    const fast = !(externalBase(this.program, app.made) ?? '').startsWith('starlette');
    if (fast) this.documentation(app, way);
    this.router(app, way);
    for (const site of this.events.escapes(app)) {
      const callee = this.program.evaluate(site.call.callee, site.scope);
      const name = describe(callee);
      if (
        name !== undefined ? ASGI_HARMLESS.test(name) : variants(callee).every((value) => this.program.followed(value))
      )
        continue;
      if (site.call.callee.k === 'member' && /^(mount|include_router|add_middleware)$/.test(site.call.callee.name))
        continue;
      if (/Instrumentator\(\)/.test(name ?? '')) {
        this.instrumentator(site.call, site.scope, way);
        continue;
      }
      this.draft.leave(
        way.prefix,
        `${name ?? 'a call that is not understood'} may add routes`,
        this.at(site.scope, site.call, 'is given the application'),
      );
    }
  }

  instrumentator(call: Event['call'], scope: Scope, way: Way): void {
    const expose = call.callee.k === 'member' && call.callee.name === 'expose';
    if (!expose) return;
    const text = argumentText(this.program, call, scope, this.env, 'endpoint');
    this.add(
      'GET',
      text?.known ? text.value : '/metrics',
      way,
      call,
      scope,
      'metrics',
      undefined,
      text && !text.known ? text.why : undefined,
    );
  }

  documentation(app: Instance, way: Way): void {
    const value = (name: string, standard: string): { path?: string; doubtful?: string } => {
      const arg = argument(app.call, name);
      if (!arg)
        return hasSpread(app.call) || app.made.t === 'class'
          ? { path: standard, doubtful: 'unless options that were not read switch it off' }
          : { path: standard };
      const values = variants(this.program.evaluate(arg.value, app.scope));
      if (values.every((variant) => variant.t === 'const' && variant.value === null)) return {};
      const texts = values.map((variant) => textOf(variant, this.env)).filter((text) => text.known);
      const first = texts[0];
      if (values.length === 1 && first?.known) return first.value === '' ? {} : { path: first.value };
      return { path: first?.known ? first.value : standard, doubtful: 'depending on a condition' };
    };
    const schema = value('openapi_url', '/openapi.json');
    if (schema.path === undefined) return;
    for (const doc of [schema, value('docs_url', '/docs'), value('redoc_url', '/redoc')]) {
      if (doc.path !== undefined)
        this.add(
          'GET',
          doc.path,
          way,
          app.call,
          app.scope,
          'documentation',
          undefined,
          doc.doubtful ?? schema.doubtful,
        );
      // FastAPI adds these with Starlette's add_route, which answers HEAD too.
      if (doc.path !== undefined)
        this.add(
          'HEAD',
          doc.path,
          way,
          app.call,
          app.scope,
          'documentation',
          undefined,
          doc.doubtful ?? schema.doubtful,
        );
    }
  }

  router(router: Instance, way: Way): void {
    if (this.#path.includes(router.id)) return;
    this.#path.push(router.id);
    const given = argument(router.call, 'routes');
    if (given)
      this.routeList(
        this.program.evaluate(given.value, router.scope),
        way,
        this.at(router.scope, given.value, 'routes given to the constructor'),
      );
    for (const item of argument(router.call, 'middleware') ? this.listOf(router, 'middleware') : [])
      this.middleware(item, way, this.at(router.scope, router.call, 'middleware given to the constructor'));
    for (const event of this.events.of(router)) this.program.under(event.bound, () => this.event(event, way));
    this.#path.pop();
  }

  listOf(instance: Instance, name: string): Value[] {
    const arg = argument(instance.call, name);
    const list = arg ? this.program.evaluate(arg.value, instance.scope) : undefined;
    if (list?.t !== 'list') return list ? [list] : [];
    return list.items.map((item) => {
      const value = this.program.evaluate(item.expr, item.scope);
      const first = value.t === 'instance' ? value.call.args[0] : undefined;
      return value.t === 'instance' && first ? this.program.evaluate(first.value, value.scope) : value;
    });
  }

  event(event: Event, way: Way): void {
    const { call, scope, name } = event;
    const inside = further(way, way.prefix, undefined, event.doubtful);
    const path = () => this.text(call, scope, 'path', 0);
    const handler = event.decorates?.name ?? this.handlerName(call, scope, 1);
    if (VERBS.has(name)) {
      this.routeAt(name.toUpperCase(), path(), inside, event, 'http', handler);
      return;
    }
    switch (name) {
      case 'api_route':
      case 'add_api_route':
      case 'route':
      case 'add_route': {
        const methods = this.methods(call, scope, name.endsWith('api_route') ? ['GET'] : ['GET', 'HEAD']);
        for (const method of methods) this.routeAt(method, path(), inside, event, 'http', handler);
        return;
      }
      case 'websocket':
      case 'websocket_route':
      case 'add_api_websocket_route':
      case 'add_websocket_route':
        this.routeAt('GET', path(), inside, event, 'websocket', handler);
        return;
      case 'include_router':
        this.include(event, inside);
        return;
      case 'mount':
        this.mount(call, scope, inside, path(), argument(call, 'app', 1)?.value);
        return;
      case 'host':
        this.draft.leave(way.prefix, 'routes by host name are not modelled', this.at(scope, call, 'routes by host'));
        return;
      case 'add_middleware': {
        const first = argument(call, 'middleware_class', 0);
        if (first) this.middleware(this.program.evaluate(first.value, scope), way, this.at(scope, call, 'middleware'));
        return;
      }
      case 'middleware':
        if (event.decorates)
          this.middleware(
            { t: 'func', fn: event.decorates, scope },
            way,
            this.at(scope, event.decorates, 'middleware'),
          );
        return;
      case 'exception_handler':
      case 'add_exception_handler': {
        const status = call.args[0]?.value;
        const about = status?.k === 'const' && status.value === 404;
        const fn: Value | undefined = event.decorates
          ? { t: 'func', fn: event.decorates, scope }
          : call.args[1]
            ? this.program.evaluate(call.args[1].value, scope)
            : undefined;
        if (
          (about || /HTTPException/.test(status ? scope.module.text.slice(status.from, status.to) : '')) &&
          fn &&
          mayAnswer(fn)
        )
          this.draft.leave(way.prefix, 'a handler for "not found" may answer', this.at(scope, call, 'handles 404'));
        return;
      }
    }
  }
}
