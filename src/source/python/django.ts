import { type Fact, known, type Reason, unknown } from '../../facts/fact.ts';
import type { Module, Scope } from '../program/module.ts';
import type { Program } from '../program/program.ts';
import { describe, type Environment, textOf, type Value, variants } from '../program/value.ts';
import { Draft, further, type Way } from '../routes/draft.ts';
import { makeTable } from '../routes/make-table.ts';
import type { RouteTable } from '../routes/route-table.ts';
import type { PythonApplication } from './application.ts';
import { argument, mayAnswer } from './arguments.ts';
import { type DjangoSettings, djangoSettings } from './django-settings.ts';

const HARMLESS =
  /^(django\.|corsheaders\.|whitenoise\.|debug_toolbar\.|allauth\.|django_prometheus\.|csp\.|simple_history\.|axes\.|waffle\.|django_htmx\.|django_structlog\.|hijack\.|social_django\.|django_otp\.|reversion\.|crum\.|log_request_id\.|sesame\.|django_session_timeout\.|oauth2_provider\.|rest_framework\.|elasticapm\.|wagtail\.contrib\.redirects|django_browser_reload\.|compression_middleware\.)/;

/** Routes of a Django project: ROOT_URLCONF with all include()s. */
export function djangoRoutes(python: PythonApplication, entry: Module, env: Environment): Fact<RouteTable> {
  const settings = djangoSettings(python, entry, env);
  if (!settings.known) return settings;
  const root = settings.value.text('ROOT_URLCONF', env);
  if (!root?.known) return unknown(`ROOT_URLCONF ${root ? root.why : 'is not set'}`, ...settings.because);
  const module = python.module(root.value);
  if (!module.known) return module;
  if (!module.value) return unknown(`ROOT_URLCONF ${root.value} was not found`, settings.value.reason('ROOT_URLCONF'));
  const reader = new Reader(python, env);
  reader.module(module.value, { prefix: '/', via: [] });
  reader.middleware(settings.value);
  const slash = settings.value.text('APPEND_SLASH', env);
  if (slash && !(slash.known && /^(true|false)$/.test(slash.value)))
    reader.draft.leave('', 'APPEND_SLASH is computed', settings.value.reason('APPEND_SLASH'));
  return known(
    makeTable({
      framework: 'Django',
      at: module.value.place({ from: 0, to: 0 }),
      routes: reader.draft.routes,
      open: reader.draft.ends,
      syntax: 'django',
      slash: slash?.known && slash.value === 'false' ? 'strict' : 'append',
      ignoreCase: false,
      head: true,
    }),
    ...settings.because,
  );
}

/** A list that is set and then changed: each assignment with the reason why it may not happen; star imports included. */
function sequence(program: Program, module: Module, name: string): { value: Value; doubtful?: string }[] {
  const own = module.scope.names.get(name);
  if (!own) {
    const value = program.language.member(program, module, name);
    return value ? variants(value).map((variant) => ({ value: variant })) : [];
  }
  return own.flatMap((binding): { value: Value; doubtful?: string }[] => {
    if (binding.b !== 'value') return variants(program.binding(binding, module.scope)).map((value) => ({ value }));
    const value = program.evaluate(binding.expr, binding.scope);
    return [{ value, ...(binding.doubtful === undefined ? {} : { doubtful: binding.doubtful }) }];
  });
}

class Reader {
  readonly python: PythonApplication;
  readonly program: Program;
  readonly env: Environment;
  readonly draft = new Draft();
  readonly #path = new Set<Module>();

  constructor(python: PythonApplication, env: Environment) {
    this.python = python;
    this.program = python.program;
    this.env = env;
  }

  middleware(settings: DjangoSettings): void {
    const names: string[] = [];
    for (const { value } of sequence(this.program, settings.module, 'MIDDLEWARE')) {
      if (value.t === 'list') {
        for (const item of value.items) {
          if (item.expr.k === 'spread') continue;
          const text = textOf(this.program.evaluate(item.expr, item.scope), this.env);
          if (text.known) names.push(text.value);
          else this.draft.leave('', 'MIDDLEWARE is computed', settings.reason('MIDDLEWARE'));
        }
      } else if (value.t !== 'unknown' || value.why !== 'refers to itself')
        this.draft.leave('', 'MIDDLEWARE is computed', settings.reason('MIDDLEWARE'));
    }
    for (const name of names) {
      if (HARMLESS.test(name)) continue;
      const dot = name.lastIndexOf('.');
      const module = this.python.module(name.slice(0, dot));
      const value =
        module.known && module.value
          ? this.program.language.member(this.program, module.value, name.slice(dot + 1))
          : undefined;
      if (!value || mayAnswer(value))
        this.draft.leave('', `middleware ${name} may answer requests`, settings.reason('MIDDLEWARE'));
    }
  }

  module(module: Module, way: Way): void {
    if (this.#path.has(module)) return;
    const patterns = sequence(this.program, module, 'urlpatterns');
    const at: Reason = { kind: 'source', at: module.place({ from: 0, to: 0 }), text: 'URLs are listed here' };
    if (patterns.length === 0) {
      this.draft.leave(way.prefix, `${module.path} has no urlpatterns`, at);
      return;
    }
    this.#path.add(module);
    for (const { value, doubtful } of patterns) this.list(value, further(way, way.prefix, undefined, doubtful), at);
    // `urlpatterns.append(...)` and additions under conditions are calls or in unions; seen by name only.
    for (const { call, scope } of module.calls)
      if (call.callee.k === 'member' && call.callee.object.k === 'name' && call.callee.object.name === 'urlpatterns')
        this.draft.leave(
          way.prefix,
          'urlpatterns is changed by a call',
          this.program.reason(scope, call, 'changed here'),
        );
    this.#path.delete(module);
  }

  list(value: Value, way: Way, at: Reason): void {
    if (
      /^django\.conf\.urls\.static\.static\(\)$|staticfiles_urlpatterns/.test(describe(value) ?? '') ||
      (value.t === 'unknown' && value.why === 'refers to itself')
    )
      return;
    if (value.t === 'joined') {
      for (const part of value.parts) this.list(part, way, at);
      return;
    }
    if (value.t !== 'list') {
      this.draft.leave(way.prefix, 'a list of URLs is computed', at);
      return;
    }
    for (const item of value.items) {
      const inner =
        item.expr.k === 'spread'
          ? this.program.evaluate(item.expr.of, item.scope)
          : this.program.evaluate(item.expr, item.scope);
      if (inner.t === 'list') this.list(inner, way, at);
      else for (const variant of variants(inner)) this.entry(variant, way, at);
    }
  }

  entry(value: Value, way: Way, at: Reason): void {
    const name = describe(value) ?? '';
    if (value.t !== 'instance' || !/^django\.(urls|urls\.conf|conf\.urls)\.(path|re_path|url)\(\)$/.test(name)) {
      if (/^django\.conf\.urls\.static\.static\(\)$|staticfiles_urlpatterns/.test(name)) return;
      this.draft.leave(way.prefix, `an entry of the list of URLs (${name || 'computed'}) is not known`, at);
      return;
    }
    const { call, scope } = value;
    const where = this.program.reason(scope, { from: call.from, to: Math.min(call.to, call.from + 200) }, 'adds URLs');
    const first = argument(call, 'route', 0) ?? argument(call, 'regex', 0);
    const text = first ? textOf(this.program.evaluate(first.value, scope), this.env) : undefined;
    const target = argument(call, 'view', 1);
    const plain = name.includes('.path(')
      ? text?.known
        ? text.value
        : undefined
      : text?.known
        ? regexPath(text.value)
        : undefined;
    if (plain === undefined || !target) {
      this.draft.leave(
        way.prefix,
        text?.known ? `the expression ${text.value} is not modelled` : 'a URL is computed',
        where,
      );
      return;
    }
    const view = this.program.evaluate(target.value, scope);
    const included = describe(view) ?? '';
    const inside = further(way, way.prefix + plain, where);
    if (/^django\.(urls|urls\.conf|conf\.urls)\.include\(\)$/.test(included) && view.t === 'instance')
      this.include(view, inside, where);
    else if (/admin\.site\.urls$/.test(included)) {
      this.route('', inside, scope, call, 'django admin');
      this.draft.leave(inside.prefix, 'the admin serves what is below', where);
    } else
      this.route(
        '',
        inside,
        scope,
        call,
        scope.module.text.slice(target.value.from, Math.min(target.value.to, target.value.from + 60)),
      );
  }

  route(
    path: string,
    way: Way,
    scope: Scope,
    call: { readonly from: number; readonly to: number },
    handler: string,
  ): void {
    // Views say in code which methods they allow: any, as far as the URL goes.
    this.draft.routes.push({
      method: '*',
      path: way.prefix + path,
      kind: 'http',
      at: scope.module.place(call),
      handler,
      ...(way.doubtful === undefined ? {} : { doubtful: way.doubtful }),
      via: way.via.slice(0, -1),
    });
  }

  include(view: Extract<Value, { t: 'instance' }>, way: Way, at: Reason): void {
    const arg = view.call.args[0];
    const value = arg ? this.program.evaluate(arg.value, view.scope) : undefined;
    const target =
      value?.t === 'list' && arg?.value.k === 'list' && arg.value.items[0]
        ? this.program.evaluate(arg.value.items[0], view.scope)
        : value;
    if (target?.t === 'list') {
      // include([...]) holds URLs; include((urls, "namespace")) holds a list or a module name first.
      this.list(value?.t === 'list' && target !== value ? (target.t === 'list' ? target : value) : target, way, at);
      return;
    }
    if (value?.t === 'list') {
      const first = value.items[0] ? this.program.evaluate(value.items[0].expr, value.items[0].scope) : undefined;
      if (first?.t === 'instance') {
        this.list(value, way, at);
        return;
      }
    }
    if (target?.t === 'module') {
      this.module(target.module, way);
      return;
    }
    const dotted = target ? textOf(target, this.env) : undefined;
    const module = dotted?.known ? this.python.module(dotted.value) : undefined;
    if (module?.known && module.value) {
      this.module(module.value, way);
      return;
    }
    this.draft.leave(
      way.prefix,
      `what ${dotted?.known ? dotted.value : (target && describe(target)) || 'include()'} serves is not known`,
      at,
    );
  }
}

/** A regular expression without anything special but anchors: its path. */
function regexPath(regex: string): string | undefined {
  const match = /^\^?([\w/.-]*)\$$/.exec(regex.replaceAll('\\.', '.').replaceAll('\\-', '-').replaceAll('\\/', '/'));
  return match && !/[.]/.test(match[1] ?? '') ? (match[1] ?? '') : undefined;
}
