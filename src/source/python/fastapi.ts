import type { Reason } from '../../facts/fact.ts';
import { externalBase } from '../program/ancestry.ts';
import type { Module, Scope } from '../program/module.ts';
import type { Program } from '../program/program.ts';
import { describe, type Environment, type Instance, textOf, type Value, variants } from '../program/value.ts';
import { Draft, type Event, Events, further, type Way } from '../routes/draft.ts';
import { makeTable } from '../routes/make-table.ts';
import { joinRoute } from '../routes/pattern.ts';
import type { Route, RouteKind, RouteTable } from '../routes/route-table.ts';
import { argument, argumentText, hasSpread, mayAnswer, textList } from './arguments.ts';
import { ASGI_HARMLESS, MIDDLEWARE_HARMLESS } from './harmless.ts';

const APPLICATIONS = /^(fastapi(\.applications)?\.FastAPI|starlette\.applications\.Starlette)$/;
const ROUTERS = /^(fastapi(\.routing)?\.APIRouter|starlette\.routing\.Router|fastapi_utils\.\w+\.InferringRouter)$/;
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

/** The value, if it is a FastAPI or Starlette application. */
export function asgiApplication(program: Program, value: Value): Instance | undefined {
  return value.t === 'instance' && APPLICATIONS.test(externalBase(program, value.made) ?? '') ? value : undefined;
}

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

class Reader {
  readonly program: Program;
  readonly events: Events;
  readonly env: Environment;
  readonly draft = new Draft();
  readonly #path: string[] = [];

  constructor(program: Program, events: Events, env: Environment) {
    this.program = program;
    this.events = events;
    this.env = env;
  }

  at(scope: Scope, span: { readonly from: number; readonly to: number }, text: string): Reason {
    return this.program.reason(scope, span, text);
  }

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

  middleware(value: Value, way: Way, at: Reason): void {
    const name = describe(value);
    if (name !== undefined ? MIDDLEWARE_HARMLESS.test(name) : !mayAnswer(value)) return;
    this.draft.leave(way.prefix, `middleware ${name ?? ''} may answer requests`.replace('  ', ' '), at);
  }

  methods(call: Event['call'], scope: Scope, standard: readonly string[]): readonly string[] {
    const arg = argument(call, 'methods');
    if (!arg) return standard;
    return (
      textList(this.program, this.program.evaluate(arg.value, scope), this.env)?.map((method) =>
        method.toUpperCase(),
      ) ?? ['*']
    );
  }

  text(call: Event['call'], scope: Scope, name: string, position: number) {
    return argumentText(this.program, call, scope, this.env, name, position);
  }

  handlerName(call: Event['call'], scope: Scope, position: number): string | undefined {
    const arg = argument(call, 'endpoint', position);
    return arg ? scope.module.text.slice(arg.value.from, Math.min(arg.value.to, arg.value.from + 60)) : undefined;
  }

  routeAt(
    method: string,
    path: ReturnType<Reader['text']>,
    way: Way,
    event: Event,
    kind: RouteKind,
    handler: string | undefined,
  ): void {
    if (!path?.known) {
      this.draft.leave(
        way.prefix,
        `a route's path ${path ? path.why : 'was not found'}`,
        this.at(event.scope, event.call, 'adds a route'),
      );
      return;
    }
    this.add(method, path.value, way, event.call, event.scope, kind, handler);
  }

  add(
    method: string,
    path: string,
    way: Way,
    at: { readonly from: number; readonly to: number },
    scope: Scope,
    kind: RouteKind,
    handler?: string,
    doubt?: string,
  ): void {
    const doubtful = way.doubtful ?? doubt;
    const route: Route = {
      method,
      // FastAPI concatenates; it insists that paths begin with a slash, except the empty path below a prefix.
      path: way.prefix + path || '/',
      kind,
      at: scope.module.place(at),
      ...(handler === undefined ? {} : { handler }),
      ...(doubtful === undefined ? {} : { doubtful }),
      via: way.via,
    };
    this.draft.routes.push(route);
  }

  include(event: Event, way: Way): void {
    const { call, scope } = event;
    const prefix =
      this.text(call, scope, 'prefix', 9) ??
      (hasSpread(call) ? undefined : { known: true as const, value: '', because: [] });
    const at = this.at(
      scope,
      call,
      `includes a router${prefix?.known && prefix.value !== '' ? ` under ${prefix.value}` : ''}`,
    );
    if (!prefix?.known) {
      this.draft.leave(way.prefix, `the prefix of an included router ${prefix?.why ?? 'is not known'}`, at);
      return;
    }
    const router = argument(call, 'router', 0);
    if (!router) {
      this.draft.leave(way.prefix, 'which router is included is not known', at);
      return;
    }
    this.routerValue(
      this.program.evaluate(router.value, scope),
      further(way, way.prefix + prefix.value, at),
      at,
      scope.module.text.slice(router.value.from, router.value.to),
    );
  }

  routerValue(value: Value, way: Way, at: Reason, written: string): void {
    for (const variant of variants(value)) {
      const made = variant.t === 'instance' ? externalBase(this.program, variant.made) : undefined;
      if (variant.t !== 'instance' || !(ROUTERS.test(made ?? '') || APPLICATIONS.test(made ?? ''))) {
        this.draft.leave(way.prefix, `what ${written.slice(0, 60)} serves is not known`, at);
        continue;
      }
      const own = argumentText(this.program, variant.call, variant.scope, this.env, 'prefix');
      if (own && !own.known) this.draft.leave(way.prefix, `the prefix of a router ${own.why}`, at);
      else
        this.router(
          variant,
          further(
            way,
            way.prefix + (own?.value ?? ''),
            own ? this.at(variant.scope, variant.call, `router with prefix ${own.value}`) : undefined,
          ),
        );
    }
  }

  mount(
    call: Event['call'],
    scope: Scope,
    way: Way,
    path: ReturnType<Reader['text']>,
    app: Event['call']['callee'] | undefined,
  ): void {
    const at = this.at(
      scope,
      call,
      path?.known ? `mounts an application under ${path.value === '' ? '/' : path.value}` : 'mounts an application',
    );
    if (!path?.known || !app) {
      this.draft.leave(
        way.prefix,
        `where an application is mounted ${path && !path.known ? path.why : 'is not known'}`,
        at,
      );
      return;
    }
    const prefix =
      path.value === '/' ? way.prefix : way.prefix + (path.value.endsWith('/') ? path.value.slice(0, -1) : path.value);
    for (const value of variants(this.program.evaluate(app, scope))) {
      const name = describe(value) ?? '';
      const inner = asgiApplication(this.program, value);
      if (inner) this.application(inner, further(way, prefix, at));
      else if (value.t === 'instance' && ROUTERS.test(externalBase(this.program, value.made) ?? ''))
        this.router(value, further(way, prefix, at));
      else if (/^prometheus_client\.make_(asgi|wsgi)_app\(\)$/.test(name)) {
        // A mount answers /metrics/ and everything below; /metrics itself is redirected there.
        this.add('*', '/', further(way, prefix, at), call, scope, 'metrics', 'prometheus_client');
      } else if (
        /StaticFiles\(\)$/.test(name) ||
        (value.t === 'instance' && /StaticFiles$/.test(externalBase(this.program, value.made) ?? ''))
      )
        this.draft.leave(joinRoute(prefix, ''), 'static files are served there', at);
      else
        this.draft.leave(
          prefix,
          `what is mounted there (${scope.module.text.slice(app.from, Math.min(app.to, app.from + 40))}) is not known`,
          at,
        );
    }
  }

  routeList(list: Value, way: Way, at: Reason): void {
    if (list.t !== 'list') {
      this.draft.leave(way.prefix, 'the list of routes is computed', at);
      return;
    }
    for (const item of list.items) {
      const value = this.program.evaluate(item.expr, item.scope);
      const name = value.t === 'instance' ? (externalBase(this.program, value.made) ?? '') : '';
      if (
        value.t !== 'instance' ||
        !/^starlette\.routing\.(Route|Mount|WebSocketRoute)$|^fastapi\.routing\.APIRoute$/.test(name)
      ) {
        this.draft.leave(way.prefix, 'an entry of the list of routes is not known', at);
        continue;
      }
      const path = argumentText(this.program, value.call, value.scope, this.env, 'path', 0);
      if (name.endsWith('Mount')) {
        const inner = argument(value.call, 'routes');
        if (inner && path?.known)
          this.routeList(
            this.program.evaluate(inner.value, value.scope),
            further(way, way.prefix + path.value.replace(/\/$/, ''), at),
            at,
          );
        else this.mount(value.call, value.scope, way, path, argument(value.call, 'app', 1)?.value);
        continue;
      }
      if (!path?.known) {
        this.draft.leave(way.prefix, 'a route has a computed path', at);
        continue;
      }
      const kind: RouteKind = name.endsWith('WebSocketRoute') ? 'websocket' : 'http';
      for (const method of this.methods(value.call, value.scope, ['GET', 'HEAD']))
        this.add(method, path.value, way, value.call, value.scope, kind, this.handlerName(value.call, value.scope, 1));
    }
  }
}
