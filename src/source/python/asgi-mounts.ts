import type { Reason } from '../../facts/fact.ts';
import { externalBase } from '../program/ancestry.ts';
import type { Scope } from '../program/module.ts';
import { describe, type Instance, type Value, variants } from '../program/value.ts';
import { type Event, further, type Way } from '../routes/draft.ts';
import { joinRoute } from '../routes/pattern.ts';
import type { RouteKind } from '../routes/route-table.ts';
import { argument, argumentText, hasSpread } from './arguments.ts';
import { AsgiDraft } from './asgi-draft.ts';
import { APPLICATIONS, asgiApplication, ROUTERS } from './asgi-kinds.ts';

/** Routers and applications put into others under a prefix. */
export abstract class AsgiMounts extends AsgiDraft {
  abstract application(app: Instance, way: Way): void;
  abstract router(router: Instance, way: Way): void;

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
    path: ReturnType<AsgiDraft['text']>,
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
