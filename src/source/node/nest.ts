import type { Reason } from '../../facts/fact.ts';
import type { Class, Expr } from '../program/ir.ts';
import type { Module, Scope } from '../program/module.ts';
import type { Program } from '../program/program.ts';
import { describe, type Environment, type Instance, textOf, type Value } from '../program/value.ts';
import { Draft } from '../routes/draft.ts';
import { makeTable } from '../routes/make-table.ts';
import { joinRoute } from '../routes/pattern.ts';
import type { RouteTable } from '../routes/route-table.ts';

const VERBS: Readonly<Record<string, string>> = {
  Get: 'GET',
  Post: 'POST',
  Put: 'PUT',
  Delete: 'DELETE',
  Patch: 'PATCH',
  Head: 'HEAD',
  Options: 'OPTIONS',
  All: '*',
  Sse: 'GET',
};

/** Modules of packages that add no routes. */
const QUIET =
  /^(@nestjs\/(config|typeorm|mongoose|jwt|passport|cqrs|throttler|schedule|event-emitter|bull|bullmq|cache-manager|axios|terminus|sequelize|microservices|mapped-types|common|core)|nestjs-pino|nest-winston|nestjs-cls|@nestjs-modules\/mailer|@mikro-orm\/nestjs|@sentry\/nestjs.*|@liaoliaots\/nestjs-redis|nestjs-i18n|@nestjs-modules\/ioredis)(\.|$)/;

/** The value, if it is what `NestFactory.create` gives. */
export function nestApplication(value: Value): Instance | undefined {
  return value.t === 'instance' && /^@nestjs\/core\.NestFactory\.create\(\)$/.test(describe(value) ?? '')
    ? value
    : undefined;
}

/** Routes of a NestJS application: all controllers that the entry's imports reach. */
export function nestRoutes(
  program: Program,
  app: Instance,
  modules: readonly Module[],
  env: Environment,
  blind?: Reason,
): RouteTable {
  const draft = new Draft();
  const at = (scope: Scope, span: { readonly from: number; readonly to: number }, text: string) =>
    program.reason(scope, { from: span.from, to: Math.min(span.to, span.from + 200) }, text);
  if (blind) draft.leave('', blind.text, blind);
  let prefix = '';
  let excluded = false;
  for (const module of modules) {
    for (const { call, scope, doubtful } of module.calls) {
      if (call.callee.k !== 'member') continue;
      const { name } = call.callee;
      const callee = describe(program.evaluate(call.callee, scope)) ?? '';
      if (name === 'setGlobalPrefix') {
        const text = call.args[0] ? textOf(program.evaluate(call.args[0].value, scope), env) : undefined;
        if (text?.known && doubtful === undefined) prefix = joinRoute('', text.value);
        else draft.leave('', 'the global prefix is not known', at(scope, call, 'sets the global prefix'));
        if (call.args.length > 1) {
          excluded = true;
          draft.leave('', 'some routes are excluded from the global prefix', at(scope, call, 'sets the global prefix'));
        }
      } else if (name === 'enableVersioning')
        draft.leave('', 'versioning changes the paths', at(scope, call, 'switches versioning on'));
      else if (name === 'setup' && /SwaggerModule\.setup$/.test(callee)) {
        const text = call.args[0] ? textOf(program.evaluate(call.args[0].value, scope), env) : undefined;
        draft.leave(
          text?.known ? joinRoute('', text.value) : '',
          'API documentation is served there',
          at(scope, call, 'serves documentation'),
        );
      } else if (/^(useStaticAssets|use)$/.test(name) && nestApplication(program.evaluate(call.callee.object, scope))) {
        const used = call.args[0] ? (describe(program.evaluate(call.args[0].value, scope)) ?? '') : '';
        if (
          name === 'useStaticAssets' ||
          !/^(helmet|compression|cookie-parser|express-session|morgan|body-parser|express|csurf|passport|cors)\b/.test(
            used,
          )
        )
          draft.leave('', 'static files or middleware may answer', at(scope, call, 'used here'));
      }
    }
    for (const [cls, scope] of module.classes) {
      const parent = scope.parent ?? scope;
      for (const decorator of cls.decorators) {
        const name = decorator.k === 'call' ? describe(program.evaluate(decorator.callee, parent)) : undefined;
        if (decorator.k !== 'call') continue;
        if (name === '@nestjs/common.Controller')
          controller(program, draft, cls, parent, decorator, prefix, env, excluded);
        else if (name === '@nestjs/common.Module') importsOf(program, draft, parent, decorator);
      }
    }
  }
  return makeTable({
    framework: 'NestJS',
    at: app.scope.module.place(app.call),
    routes: draft.routes,
    open: draft.ends,
    syntax: 'express',
    slash: 'ignore',
    ignoreCase: true,
    head: true,
  });
}

function controller(
  program: Program,
  draft: Draft,
  cls: Class,
  scope: Scope,
  decorator: Extract<Expr, { k: 'call' }>,
  global: string,
  env: Environment,
  excluded: boolean,
): void {
  const first = decorator.args[0]?.value;
  const value = first ? program.evaluate(first, scope) : undefined;
  const reason = program.reason(scope, decorator, 'a controller');
  const path = value?.t === 'dict' ? program.member(value, 'path', reason) : value;
  const versioned = value?.t === 'dict' && program.member(value, 'version', reason).t !== 'bound';
  const own = path === undefined || path.t === 'bound' ? '' : textOf(path, env);
  const base = typeof own === 'string' ? own : own.known ? own.value : undefined;
  if (base === undefined || versioned) {
    draft.leave(global, 'the path of a controller is not known', reason);
    return;
  }
  for (const statement of cls.body) {
    if (statement.k !== 'def') continue;
    for (const mark of statement.fn.decorators) {
      if (mark.k !== 'call') continue;
      const name = describe(program.evaluate(mark.callee, scope))?.replace('@nestjs/common.', '') ?? '';
      const method = Object.hasOwn(VERBS, name) ? VERBS[name] : undefined;
      if (method === undefined) continue;
      const given = mark.args[0] ? program.evaluate(mark.args[0].value, scope) : undefined;
      const list = given?.t === 'list' ? given.items.map((item) => program.evaluate(item.expr, item.scope)) : [given];
      for (const item of list) {
        const text = item === undefined ? undefined : textOf(item, env);
        if (text && !text.known) {
          draft.leave(
            joinRoute(global, base),
            "a route's path is computed",
            program.reason(scope, mark, 'adds a route'),
          );
          continue;
        }
        const inside = joinRoute('', base);
        const full = joinRoute(joinRoute(global, inside), text?.value ?? '');
        draft.routes.push({
          method,
          path: full === '' ? '/' : full,
          kind: 'http',
          at: scope.module.place(mark),
          ...(statement.fn.name === undefined ? {} : { handler: statement.fn.name }),
          ...(excluded ? { doubtful: 'unless it is excluded from the global prefix' } : {}),
          via: global === '' ? [reason] : [reason],
        });
      }
    }
  }
}

function importsOf(program: Program, draft: Draft, scope: Scope, decorator: Extract<Expr, { k: 'call' }>): void {
  const options = decorator.args[0] ? program.evaluate(decorator.args[0].value, scope) : undefined;
  const reason = program.reason(
    scope,
    { from: decorator.from, to: Math.min(decorator.to, decorator.from + 200) },
    'a module',
  );
  const list = options?.t === 'dict' ? program.member(options, 'imports', reason) : undefined;
  if (list === undefined || list.t === 'bound') return;
  if (list.t !== 'list') {
    draft.leave('', "a module's imports are computed", reason);
    return;
  }
  for (const item of list.items) {
    const value = program.evaluate(item.expr, item.scope);
    const name = describe(value);
    const made = value.t === 'instance' && value.made.t === 'bound' && value.made.object.t === 'class';
    if (value.t === 'class' || made) continue;
    if (name !== undefined && QUIET.test(name)) continue;
    draft.leave(
      '',
      `module ${(name ?? item.scope.module.text.slice(item.expr.from, item.expr.to)).slice(0, 50)} may add routes`,
      program.reason(item.scope, item.expr, 'imported here'),
    );
  }
}
