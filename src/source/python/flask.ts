import type { Reason } from '../../facts/fact.ts';
import { externalBase } from '../program/ancestry.ts';
import type { Module } from '../program/module.ts';
import type { Program } from '../program/program.ts';
import { describe, type Environment, type Instance, textOf, type Value, variants } from '../program/value.ts';
import { Draft, type Event, Events, further, type Way } from '../routes/draft.ts';
import { makeTable } from '../routes/make-table.ts';
import { joinRoute } from '../routes/pattern.ts';
import type { RouteTable } from '../routes/route-table.ts';
import { argument, argumentText, hasSpread, mayAnswer, textList } from './arguments.ts';
import { FLASK_HARMLESS } from './harmless.ts';

const APPLICATIONS = /^(flask(\.app)?\.Flask|quart(\.app)?\.Quart)$/;
const BLUEPRINTS = /^(flask(\.blueprints)?\.Blueprint|quart(\.blueprints)?\.Blueprint)$/;
const METHODS = new Set([
  'route',
  'get',
  'post',
  'put',
  'delete',
  'patch',
  'websocket',
  'add_url_rule',
  'register_blueprint',
  'before_request',
  'before_app_request',
  'errorhandler',
  'app_errorhandler',
  'register_error_handler',
]);

/** The value, if it is a Flask or Quart application. */
export function flaskApplication(program: Program, value: Value): Instance | undefined {
  return value.t === 'instance' && APPLICATIONS.test(externalBase(program, value.made) ?? '') ? value : undefined;
}

/** Routes of a Flask or Quart application. */
export function flaskRoutes(
  program: Program,
  app: Instance,
  modules: readonly Module[],
  env: Environment,
  blind?: Reason,
): RouteTable {
  const reader = new Reader(program, new Events(program, modules, METHODS), env);
  reader.application(app);
  if (blind) reader.draft.leave('', blind.text, blind);
  return makeTable({
    framework: externalBase(program, app.made)?.startsWith('quart') ? 'Quart' : 'Flask',
    at: app.scope.module.place(app.call),
    routes: reader.draft.routes,
    open: reader.draft.ends,
    syntax: 'flask',
    slash: 'append',
    ignoreCase: false,
    head: true,
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

  application(app: Instance): void {
    const folder = argument(app.call, 'static_folder');
    const off = folder?.value.k === 'const' && folder.value.value === null;
    const at = this.program.reason(app.scope, app.call, 'the application');
    if (!off) {
      const url = argumentText(this.program, app.call, app.scope, this.env, 'static_url_path');
      const name = folder ? textOf(this.program.evaluate(folder.value, app.scope), this.env) : undefined;
      const standard = name?.known
        ? `/${
            name.value
              .split('/')
              .filter((part) => part !== '')
              .at(-1) ?? 'static'
          }`
        : '/static';
      this.draft.leave(
        url?.known ? joinRoute('', url.value || '/') : url || (name && !name.known) ? '' : standard,
        'static files are served there',
        at,
      );
    }
    this.register(app, { prefix: '', via: [] });
    for (const site of this.events.escapes(app)) {
      const callee = this.program.evaluate(site.call.callee, site.scope);
      const name = describe(callee);
      if (site.call.callee.k === 'member' && METHODS.has(site.call.callee.name)) continue;
      if (
        name !== undefined ? FLASK_HARMLESS.test(name) : variants(callee).every((value) => this.program.followed(value))
      )
        continue;
      this.draft.leave(
        '',
        `${name ?? 'a call that is not understood'} may add routes`,
        this.program.reason(site.scope, site.call, 'is given the application'),
      );
    }
  }

  register(target: Instance, way: Way): void {
    if (this.#path.includes(target.id)) return;
    this.#path.push(target.id);
    for (const event of this.events.of(target)) this.program.under(event.bound, () => this.event(event, way));
    this.#path.pop();
  }

  event(event: Event, outer: Way): void {
    const { call, scope, name } = event;
    const way = further(outer, outer.prefix, undefined, event.doubtful);
    const at = (text: string) => this.program.reason(scope, call, text);
    switch (name) {
      case 'register_blueprint':
        this.blueprint(event, way);
        return;
      case 'before_request':
      case 'before_app_request': {
        const given: Value | undefined = event.decorates
          ? { t: 'func', fn: event.decorates, scope }
          : call.args[0]
            ? this.program.evaluate(call.args[0].value, scope)
            : undefined;
        if (given && mayAnswer(given))
          this.draft.leave(way.prefix, 'a function before each request may answer', at('runs before each request'));
        return;
      }
      case 'errorhandler':
      case 'app_errorhandler':
      case 'register_error_handler': {
        const code = call.args[0]?.value;
        const given: Value | undefined = event.decorates
          ? { t: 'func', fn: event.decorates, scope }
          : call.args[1]
            ? this.program.evaluate(call.args[1].value, scope)
            : undefined;
        const about =
          code?.k === 'const'
            ? code.value === 404
            : /NotFound|HTTPException|\bException/.test(
                code ? scope.module.text.slice(code.from, code.to) : 'Exception',
              );
        if (about && given && mayAnswer(given))
          this.draft.leave('', 'the handler for "not found" may answer', at('handles 404'));
        return;
      }
      default: {
        const rule = argumentText(this.program, call, scope, this.env, 'rule', 0);
        if (!rule?.known) {
          this.draft.leave(way.prefix, `a route's path ${rule ? rule.why : 'was not found'}`, at('adds a route'));
          return;
        }
        const path = way.prefix === '' ? rule.value : joinRoute(way.prefix, rule.value === '/' ? '/' : rule.value);
        const handler = event.decorates?.name;
        for (const method of this.methods(event)) {
          this.draft.routes.push({
            method,
            path: path || '/',
            kind: name === 'websocket' ? 'websocket' : 'http',
            at: scope.module.place(call),
            ...(handler === undefined ? {} : { handler }),
            ...(way.doubtful === undefined ? {} : { doubtful: way.doubtful }),
            via: way.via,
          });
        }
      }
    }
  }

  methods(event: Event): readonly string[] {
    if (/^(get|post|put|delete|patch)$/.test(event.name)) return [event.name.toUpperCase()];
    const given = argument(event.call, 'methods');
    if (given)
      return (
        textList(this.program, this.program.evaluate(given.value, event.scope), this.env)?.map((method) =>
          method.toUpperCase(),
        ) ?? ['*']
      );
    // A class-based view says by its methods which it answers; add_url_rule with as_view: any of them.
    return event.name === 'add_url_rule' && /as_view/.test(event.module.text.slice(event.call.from, event.call.to))
      ? ['*']
      : hasSpread(event.call)
        ? ['*']
        : ['GET'];
  }

  blueprint(event: Event, way: Way): void {
    const { call, scope } = event;
    const reason = (text: string): Reason => this.program.reason(scope, call, text);
    const first = argument(call, 'blueprint', 0);
    const given = argumentText(this.program, call, scope, this.env, 'url_prefix');
    if (!first || (given && !given.known && given.why !== 'is none')) {
      this.draft.leave(
        way.prefix,
        `a blueprint's prefix ${given && !given.known ? given.why : 'is not known'}`,
        reason('registers a blueprint'),
      );
      return;
    }
    for (const value of variants(this.program.evaluate(first.value, scope))) {
      if (value.t !== 'instance' || !BLUEPRINTS.test(externalBase(this.program, value.made) ?? '')) {
        this.draft.leave(
          joinRoute(way.prefix, given?.known ? given.value : ''),
          `what ${describe(value) ?? 'a blueprint'} serves is not known`,
          reason('registers a blueprint'),
        );
        continue;
      }
      const own = argumentText(this.program, value.call, value.scope, this.env, 'url_prefix');
      const used = given?.known ? given : own;
      if (used && !used.known && used.why !== 'is none') {
        this.draft.leave(way.prefix, `a blueprint's prefix ${used.why}`, reason('registers a blueprint'));
        continue;
      }
      // The prefix given at registration replaces the blueprint's own.
      const prefix = used?.known ? joinRoute(way.prefix, used.value) : way.prefix;
      this.static(value, prefix);
      this.register(
        value,
        further(
          way,
          prefix === '/' ? '' : prefix,
          reason(`registers a blueprint${used?.known ? ` under ${used.value}` : ''}`),
        ),
      );
    }
  }

  static(blueprint: Instance, prefix: string): void {
    if (!argument(blueprint.call, 'static_folder', 2)) return;
    const url = argumentText(this.program, blueprint.call, blueprint.scope, this.env, 'static_url_path');
    this.draft.leave(
      url?.known ? joinRoute(prefix, url.value) : prefix,
      'static files are served there',
      this.program.reason(blueprint.scope, blueprint.call, 'a blueprint with static files'),
    );
  }
}
