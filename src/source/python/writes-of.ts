import type { ProcessSource } from '../source.ts';
import { pythonWrites, type WrittenPath } from './files-written.ts';

/** What the Python code that a process reaches writes; empty where none is known. */
export function writesOf(source: ProcessSource): readonly WrittenPath[] {
  const { entry, language } = source.launch;
  if (language !== 'python' || entry?.file === undefined) return [];
  const { program } = source.python();
  const module = program.load(entry.file);
  return module === undefined ? [] : pythonWrites(program, program.reach([module]), source.context.env);
}
