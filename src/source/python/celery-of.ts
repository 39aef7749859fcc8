import type { Reason } from '../../facts/fact.ts';
import type { Module } from '../program/module.ts';
import { textOf } from '../program/value.ts';
import type { ProcessSource } from '../source.ts';
import { type CeleryFacts, celeryFacts } from './celery.ts';
import { djangoSettings } from './django-settings.ts';

/** Celery as the code that a process reaches sets it up, with the settings that it loads by name; undefined: no Python code of it
 * is known. */
export function celeryOf(source: ProcessSource): CeleryFacts | undefined {
  const { entry, language } = source.launch;
  if (language !== 'python' || entry?.file === undefined) return undefined;
  const { program } = source.python();
  const module = program.load(entry.file);
  if (module === undefined) return undefined;
  const reached = program.reach([module]);
  const { settings, unread } = namedSettings(source, reached);
  const facts = celeryFacts(program, program.reach([module, ...settings]), source.context.env);
  return { ...facts, routing: [...facts.routing, ...unread] };
}

/** Modules that `config_from_object` names, and calls of which it cannot be told. */
function namedSettings(
  source: ProcessSource,
  modules: readonly Module[],
): { readonly settings: readonly Module[]; readonly unread: readonly Reason[] } {
  const python = source.python();
  const { env } = source.context;
  const settings: Module[] = [];
  const unread: Reason[] = [];
  for (const module of modules) {
    if (!/config_from_(object|envvar)/.test(module.text)) continue;
    for (const { call, scope } of module.calls) {
      if (call.callee.k !== 'member' || !/^config_from_(object|envvar)$/.test(call.callee.name)) continue;
      const [first] = call.args;
      const name = first === undefined ? undefined : textOf(python.program.evaluate(first.value, scope), env);
      const found = ((): Module | undefined => {
        if (name?.known !== true || call.callee.name !== 'config_from_object') return undefined;
        if (name.value.startsWith('django.conf:')) {
          const django = djangoSettings(python, module, env);
          return django.known ? django.value.module : undefined;
        }
        const named = python.module(name.value.split(':')[0] ?? '');
        return named.known ? (named.value ?? undefined) : undefined;
      })();
      if (found !== undefined) settings.push(found);
      else unread.push({ kind: 'source', at: module.place(call), text: 'its settings could not be found' });
    }
  }
  return { settings, unread };
}
