import { type Fact, known } from '../../facts/fact.ts';
import type { ProcessSource } from '../source.ts';
import { type DjangoSettings, djangoSettings, isDjangoEntry } from './django-settings.ts';

/** The settings of the Django project that a process runs; known undefined: it runs none. */
export function djangoOf(source: ProcessSource): Fact<DjangoSettings | undefined> {
  const { entry, language } = source.launch;
  if (language !== 'python' || entry?.file === undefined) return known(undefined);
  const python = source.python();
  const module = python.program.load(entry.file);
  if (module === undefined || !isDjangoEntry(module)) return known(undefined);
  return djangoSettings(python, module, source.context.env);
}
