import type { Place } from '../../text/place.ts';
import { entryOf } from '../program/entry-of.ts';
import type { Module } from '../program/module.ts';
import type { Program } from '../program/program.ts';
import { type Environment, textOf } from '../program/value.ts';
import type { PythonApplication } from './application.ts';
import type { DjangoSettings } from './django-settings.ts';
import type { PythonNeed } from './needs.ts';

/** What Django imports by the names in its settings when it is set up: applications, and for its server the middleware. */
export function djangoNeeds(
  program: Program,
  settings: DjangoSettings,
  env: Environment,
  entry: Module,
): readonly PythonNeed[] {
  // `manage.py` loads applications, too; middleware is only loaded by a server.
  const keys = /get_(wsgi|asgi)_application/.test(entry.text) ? ['INSTALLED_APPS', 'MIDDLEWARE'] : ['INSTALLED_APPS'];
  return keys.flatMap((key) => {
    const list = settings.list(key, env);
    const reason = settings.reason(key);
    if (list?.known !== true || !('at' in reason)) return [];
    return list.value.flatMap((name): PythonNeed[] => {
      const top = name.split('.')[0] ?? name;
      if (program.language.resolve(top, settings.module).r !== 'external') return [];
      return [{ anyOf: [top], text: `${key} names ${name}`, at: placeOf(settings.module, name) ?? reason.at }];
    });
  });
}

/** Modules of the repository that Django imports while it sets itself up: each application, its configuration and its models. */
export function djangoModules(
  python: PythonApplication,
  settings: DjangoSettings,
  env: Environment,
): readonly Module[] {
  const list = settings.list('INSTALLED_APPS', env);
  if (list?.known !== true) return [];
  const names = list.value.flatMap((name) => {
    // `shop.apps.ShopConfig` names the class, of an application in `shop` as a rule.
    const config = /^(.+)\.apps\.\w+$/.exec(name)?.[1];
    const app = config ?? name;
    return [app, `${app}.apps`, `${app}.models`];
  });
  return [...new Set(names)].flatMap((name) => {
    const found = python.module(name);
    return found.known && found.value !== null ? [found.value] : [];
  });
}

/** Backends that the first model asks for when its class is made. */
const ENGINES: Readonly<Record<string, readonly string[]>> = {
  'django.db.backends.postgresql': ['psycopg2', 'psycopg'],
  'django.db.backends.postgresql_psycopg2': ['psycopg2', 'psycopg'],
  'django.contrib.gis.db.backends.postgis': ['psycopg2', 'psycopg'],
  'django.db.backends.mysql': ['MySQLdb'],
};

/** The driver of the default database; PyMySQL may stand in for MySQLdb where the code says so. */
export function djangoDriver(program: Program, settings: DjangoSettings, env: Environment): readonly PythonNeed[] {
  const databases = settings.value('DATABASES');
  const engine = entryOf(
    program,
    databases === undefined ? undefined : entryOf(program, databases, 'default'),
    'ENGINE',
  );
  const text = engine === undefined ? undefined : textOf(engine, env);
  const reason = settings.reason('DATABASES');
  if (text?.known !== true || !('at' in reason) || !Object.hasOwn(ENGINES, text.value)) return [];
  const drivers = ENGINES[text.value] ?? [];
  const anyOf = drivers.includes('MySQLdb') ? [...drivers, 'pymysql'] : drivers;
  return [{ anyOf, text: `${text.value} needs ${drivers.join(' or ')}`, at: reason.at }];
}

function placeOf(module: Module, name: string): Place | undefined {
  const from = module.text.search(new RegExp(`["']${name.replaceAll('.', '\\.')}["']`));
  return from < 0 ? undefined : module.place({ from: from + 1, to: from + 1 + name.length });
}
