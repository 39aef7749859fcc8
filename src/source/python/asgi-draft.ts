import type { Reason } from '../../facts/fact.ts';
import type { Scope } from '../program/module.ts';
import type { Program } from '../program/program.ts';
import { describe, type Environment, type Value } from '../program/value.ts';
import { Draft, type Event, type Events, type Way } from '../routes/draft.ts';
import type { Route, RouteKind } from '../routes/route-table.ts';
import { argument, argumentText, mayAnswer, textList } from './arguments.ts';
import { MIDDLEWARE_HARMLESS } from './harmless.ts';

/** Notes single routes of FastAPI and Starlette, and what hides others. */
export abstract class AsgiDraft {
  readonly program: Program;
  readonly events: Events;
  readonly env: Environment;
  readonly draft = new Draft();

  constructor(program: Program, events: Events, env: Environment) {
    this.program = program;
    this.events = events;
    this.env = env;
  }

  at(scope: Scope, span: { readonly from: number; readonly to: number }, text: string): Reason {
    return this.program.reason(scope, span, text);
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
    path: ReturnType<AsgiDraft['text']>,
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

  middleware(value: Value, way: Way, at: Reason): void {
    const name = describe(value);
    if (name !== undefined ? MIDDLEWARE_HARMLESS.test(name) : !mayAnswer(value)) return;
    this.draft.leave(way.prefix, `middleware ${name ?? ''} may answer requests`.replace('  ', ' '), at);
  }
}
