import type { Place } from '../../text/place.ts';
import { externalBase } from '../program/ancestry.ts';
import { runsAtLoad } from '../program/demands.ts';
import type { Expr, Func } from '../program/ir.ts';
import type { CallSite, Module } from '../program/module.ts';
import type { Program } from '../program/program.ts';
import { describe, type Environment, textOf } from '../program/value.ts';
import { argument } from './arguments.ts';

/** An import that the start of a program cannot do without: any one of these top-level modules. */
export interface PythonNeed {
  readonly anyOf: readonly string[];
  /** `imports jinja2`, `EmailStr needs email_validator`. */
  readonly text: string;
  readonly at: Place;
}

/** What SQLAlchemy imports for the scheme of a URL when an engine is made. Without a driver: 2.1 takes psycopg, earlier ones psycopg2. */
const DRIVERS: Readonly<Record<string, readonly string[]>> = {
  // SQLAlchemy 1.4 knows no such name any more: no module brings it.
  postgres: ['postgres://'],
  postgresql: ['psycopg2', 'psycopg'],
  'postgresql+psycopg2': ['psycopg2'],
  'postgresql+psycopg': ['psycopg'],
  'postgresql+asyncpg': ['asyncpg'],
  mysql: ['MySQLdb'],
  'mysql+mysqldb': ['MySQLdb'],
  'mysql+pymysql': ['pymysql'],
  'sqlite+aiosqlite': ['aiosqlite'],
};

/** Imports of external modules that happen for certain while some modules are loaded, those that libraries do for them included. */
export function pythonNeeds(program: Program, entries: readonly Module[], env: Environment): readonly PythonNeed[] {
  const out: PythonNeed[] = [];
  for (const module of program.reach(entries, true)) {
    const add = (anyOf: readonly string[], text: string, span: { readonly from: number; readonly to: number }) =>
      out.push({ anyOf, text, at: module.place(span) });
    for (const site of module.imports) {
      if (!runsAtLoad(site) || site.module.startsWith('.')) continue;
      const top = site.module.split('.')[0] ?? site.module;
      if (program.language.resolve(top, module).r !== 'external') continue;
      add([top], `imports ${site.module}`, site);
      if (site.module === 'starlette.middleware.sessions')
        add(['itsdangerous'], 'SessionMiddleware imports itsdangerous', site);
      if (/^(fastapi|starlette)\.testclient$/.test(site.module)) add(['httpx'], 'the test client imports httpx', site);
    }
    for (const site of module.calls) {
      if (!runsAtLoad(site)) continue;
      const name = lastOf(site.call.callee);
      if (name === 'Jinja2Templates' && /templating\.Jinja2Templates$/.test(named(program, site) ?? ''))
        add(['jinja2'], 'Jinja2Templates needs jinja2', site.call);
      if (/^create(_async)?_engine$/.test(name)) {
        const driver = driverOf(program, site, env);
        if (driver) add(driver.anyOf, driver.text, site.call);
      }
    }
    for (const [cls, scope] of module.classes) {
      if (scope.parent !== module.scope || !/EmailStr/.test(module.text)) continue;
      const base = externalBase(program, { t: 'class', cls, scope: module.scope }) ?? '';
      if (!/^(pydantic|pydantic_settings|sqlmodel)(\.\w+)*\.(BaseModel|BaseSettings|SQLModel)$/.test(base)) continue;
      const field = cls.body.find((s) => s.k === 'assign' && s.annotation && mentions(program, s.annotation, module));
      if (field) add(['email_validator'], 'EmailStr needs email_validator when the class is made', field);
    }
    for (const [fn] of module.functions) {
      if (!module.tree.body.some((s) => s.k === 'def' && s.fn === fn) || !isRoute(program, fn, module)) continue;
      const form = fn.params.find((param) => isForm(program, param, module));
      if (form?.target.t === 'name')
        add(['python_multipart'], 'FastAPI needs python-multipart for forms and uploads', form.target);
    }
  }
  return out;
}

function driverOf(program: Program, site: CallSite, env: Environment): Omit<PythonNeed, 'at'> | undefined {
  const name = named(program, site) ?? '';
  if (!/^sqlalchemy\..*create(_async)?_engine$|^sqlmodel\.create_engine$/.test(name)) return undefined;
  const url = argument(site.call, 'url', 0);
  if (url === undefined || argument(site.call, 'module') || argument(site.call, 'creator')) return undefined;
  const text = textOf(program.evaluate(url.value, site.scope), env);
  const scheme = text.known ? /^([a-z0-9+]+):\/\//.exec(text.value)?.[1] : undefined;
  if (scheme === undefined) return undefined;
  const drivers = Object.hasOwn(DRIVERS, scheme) ? (DRIVERS[scheme] ?? []) : [];
  // An engine that is asynchronous takes psycopg only, which SQLAlchemy below 2.1 does not choose by itself.
  const anyOf = name.includes('async') && scheme === 'postgresql' ? ['psycopg'] : drivers;
  return anyOf.length === 0 ? undefined : { anyOf, text: `${scheme}:// needs ${anyOf.join(' or ')}` };
}

function named(program: Program, site: CallSite): string | undefined {
  return describe(program.evaluate(site.call.callee, site.scope));
}

/** Whether an annotation holds EmailStr itself. */
function mentions(program: Program, annotation: Expr, module: Module): boolean {
  switch (annotation.k) {
    case 'name':
    case 'member':
      return /^pydantic(\.networks)?\.(EmailStr|NameEmail)$/.test(
        describe(program.evaluate(annotation, module.scope)) ?? '',
      );
    case 'index':
      return mentions(program, annotation.index, module);
    case 'list':
      return annotation.items.some((item) => mentions(program, item, module));
    case 'binary':
      return mentions(program, annotation.left, module) || mentions(program, annotation.right, module);
    default:
      return false;
  }
}

/** A function that a FastAPI application or router takes as a route when the module is loaded. */
function isRoute(program: Program, fn: Func, module: Module): boolean {
  return fn.decorators.some((decorator) => {
    if (decorator.k !== 'call' || decorator.callee.k !== 'member') return false;
    if (!/^(get|post|put|patch|delete|api_route)$/.test(decorator.callee.name)) return false;
    const made = program.evaluate(decorator.callee.object, module.scope);
    return (
      made.t === 'instance' && /^fastapi(\.\w+)*\.(FastAPI|APIRouter)$/.test(externalBase(program, made.made) ?? '')
    );
  });
}

function isForm(program: Program, param: Func['params'][number], module: Module): boolean {
  const of = (expr: Expr | undefined) =>
    expr === undefined ? '' : (describe(program.evaluate(expr, module.scope)) ?? '');
  const { fallback, annotation } = param;
  if (fallback?.k === 'call' && /^fastapi(\.\w+)*\.(Form|File)$/.test(of(fallback.callee))) return true;
  const direct = of(annotation);
  if (/^fastapi(\.datastructures)?\.UploadFile$/.test(direct)) return fallback === undefined;
  const depends = fallback?.k === 'call' && /^fastapi(\.\w+)*\.Depends$/.test(of(fallback.callee));
  if (depends && fallback.args.length === 0)
    return /^fastapi\.security(\.oauth2)?\.OAuth2PasswordRequestForm$/.test(direct);
  if (annotation?.k !== 'index' || lastOf(annotation.object) !== 'Annotated' || annotation.index.k !== 'list')
    return false;
  const [type, ...about] = annotation.index.items;
  return about.some((item) => {
    const name = item.k === 'call' ? of(item.callee) : '';
    if (/^fastapi(\.\w+)*\.(Form|File)$/.test(name)) return true;
    return /\.Depends$/.test(name) && /OAuth2PasswordRequestForm$/.test(of(type));
  });
}

function lastOf(expr: Expr): string {
  return expr.k === 'name' || expr.k === 'member' ? expr.name : '';
}
