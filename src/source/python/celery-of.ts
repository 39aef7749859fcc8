import type { ProcessSource } from '../source.ts';
import { type CeleryFacts, celeryFacts } from './celery.ts';

/** Celery as the code that a process reaches sets it up; undefined: no Python code of it is known. */
export function celeryOf(source: ProcessSource): CeleryFacts | undefined {
  const { entry, language } = source.launch;
  if (language !== 'python' || entry?.file === undefined) return undefined;
  const { program } = source.python();
  const module = program.load(entry.file);
  return module === undefined ? undefined : celeryFacts(program, program.reach([module]), source.context.env);
}
