import type { Place } from '../../text/place.ts';
import type { Module } from '../program/module.ts';
import type { Program } from '../program/program.ts';
import type { Environment } from '../program/value.ts';
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

function placeOf(module: Module, name: string): Place | undefined {
  const from = module.text.search(new RegExp(`["']${name.replaceAll('.', '\\.')}["']`));
  return from < 0 ? undefined : module.place({ from: from + 1, to: from + 1 + name.length });
}
