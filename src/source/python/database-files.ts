import type { Place } from '../../text/place.ts';
import { entryOf } from '../program/entry-of.ts';
import type { Module } from '../program/module.ts';
import { textOf } from '../program/value.ts';
import type { ProcessSource } from '../source.ts';
import { joinPath } from '../source-tree.ts';
import { djangoOf } from './django-of.ts';
import { pathText, pythonWrites } from './files-written.ts';

/** A file in which a program keeps a database of its own (SQLite). */
export interface DatabaseFile {
  /** Relative to the working directory unless absolute. */
  readonly path: string;
  /** Who opens it: `sqlite3.connect`, `DATABASES of Django`. */
  readonly through: string;
  readonly at: Place;
}

/** Databases of SQLite that the code reached from the entry opens, at paths that are known; Python only. */
export function databaseFiles(source: ProcessSource): readonly DatabaseFile[] {
  const { entry, language } = source.launch;
  if (language !== 'python' || entry?.file === undefined) return [];
  const { program } = source.python();
  const module = program.load(entry.file);
  if (module === undefined) return [];
  const { env } = source.context;
  const opened = pythonWrites(program, program.reach([module]), env).flatMap(({ kind, path, through, at }) =>
    kind === 'database' && path.known ? [{ path: path.value, through, at }] : [],
  );
  const settings = djangoOf(source);
  const databases = settings.known ? settings.value?.value('DATABASES') : undefined;
  const main = databases === undefined ? undefined : entryOf(program, databases, 'default');
  const reason = settings.known ? settings.value?.reason('DATABASES') : undefined;
  const [engine, name] = ['ENGINE', 'NAME'].map((key) =>
    main === undefined ? undefined : entryOf(program, main, key),
  );
  if (engine === undefined || name === undefined || reason === undefined || !('at' in reason)) return opened;
  const said = textOf(engine, env);
  const plain = pathText(program, name, env);
  const path = plain.known ? plain.value : settings.known ? belowBase(settings.value?.module) : undefined;
  if (!said.known || !/^django\.(?:contrib\.gis\.)?db\.backends\.(?:sqlite3|spatialite)$/.test(said.value))
    return opened;
  return path === undefined ? opened : [...opened, { path, through: 'DATABASES of Django', at: reason.at }];
}

/** `BASE_DIR / "db.sqlite3"`, as startproject writes it: the folder is so many above the module itself. */
function belowBase(module: Module | undefined): string | undefined {
  const text = module?.text ?? '';
  const [, parents = ''] = /^BASE_DIR\s*=\s*Path\(__file__\)\.resolve\(\)((?:\.parent)+)\s*$/m.exec(text) ?? [];
  const [, dirs = ''] =
    /^BASE_DIR\s*=\s*((?:os\.path\.dirname\()+)os\.path\.abspath\(__file__\)\)+\s*$/m.exec(text) ?? [];
  const up = parents.split('.parent').length - 1 || dirs.split('dirname(').length - 1;
  const [, file] =
    /['"]NAME['"]\s*:\s*(?:str\()?(?:BASE_DIR\s*\/\s*|os\.path\.join\(\s*BASE_DIR\s*,\s*)['"]([\w./-]+)['"]/.exec(
      text,
    ) ?? [];
  if (module === undefined || up === 0 || file === undefined) return undefined;
  return joinPath(`/${module.path}`, `${'../'.repeat(up)}${file}`);
}
