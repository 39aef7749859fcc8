import { type Fact, known } from '../facts/fact.ts';
import type { Place } from '../text/place.ts';
import type { LaunchContext } from './launch/context.ts';
import type { Launch } from './launch/launch.ts';
import { nodeWrites } from './node/files-written.ts';
import type { Module } from './program/module.ts';
import type { Program } from './program/program.ts';
import { pythonWrites } from './python/files-written.ts';
import { optionOf } from './words.ts';

/** A file or folder that a process writes while it starts: where it cannot, it ends. */
export interface StartWrite {
  /** Relative to the working directory unless absolute. */
  readonly path: Fact<string>;
  /** `folder`: it is made when it is not there. `file`: it is made or opened for writing. */
  readonly kind: 'file' | 'folder';
  /** Who writes it: `os.makedirs`, `celery beat keeps its schedule there`. */
  readonly text: string;
  /** Where the code says so; undefined when the command line does, or the program itself. */
  readonly at?: Place;
}

/** What the command line makes programs write: the schedule of celery's beat, the pid and log files of gunicorn. */
export function commandWrites({ program, argv }: Launch): readonly StartWrite[] {
  const file = (path: string, text: string): StartWrite => ({ path: known(path), kind: 'file', text });
  if (program === 'celery') {
    const beat = argv.includes('beat') || argv.some((word) => /^(-B|--beat)$/.test(word));
    // Any other scheduler keeps its schedule elsewhere, mostly in a database.
    if (!beat || optionOf(argv, '-S', '--scheduler') !== undefined) return [];
    const path = optionOf(argv, '-s', '--schedule', '--schedule-filename') ?? 'celerybeat-schedule';
    return path.includes('$') ? [] : [file(path, 'celery beat keeps its schedule in it')];
  }
  if (program !== 'gunicorn') return [];
  const names = ['--pid', '-p', '--access-logfile', '--error-logfile', '--log-file'];
  return names.flatMap((name) => {
    const path = optionOf(argv, name);
    return path === undefined || path === '-' || path.includes('$') || path.startsWith('/dev/')
      ? []
      : [file(path, `gunicorn opens it (${name})`)];
  });
}

/** What the code of a Python program writes while its modules are loaded. */
export function pythonStartWrites(
  program: Program,
  entries: readonly Module[],
  context: LaunchContext,
): readonly StartWrite[] {
  const modules = program.reach(entries, true);
  const all = pythonWrites(program, modules, context.env);
  const writes = all
    .filter(({ atStart, kind }) => atStart && kind !== 'temporary')
    .map(
      ({ path, kind, through, at }): StartWrite => ({
        path,
        kind: kind === 'folder' ? 'folder' : 'file',
        text: `${through} when the module is loaded`,
        at,
      }),
    );
  // `Base.metadata.create_all(bind=engine)` connects, and SQLite makes its file then.
  const engines = all.filter(({ kind, through }) => kind === 'database' && through === 'SQLite');
  const create = modules.flatMap((module) =>
    module.calls.filter(
      ({ call, scope, caught, doubtful }) =>
        call.callee.k === 'member' &&
        call.callee.name === 'create_all' &&
        scope.fn === undefined &&
        !caught &&
        doubtful === undefined,
    ),
  )[0];
  const [engine] = engines;
  if (create === undefined || engine === undefined || engines.length > 1) return writes;
  return [
    ...writes,
    { path: engine.path, kind: 'file', text: 'create_all makes the database when the module is loaded', at: engine.at },
  ];
}

/** The same of a JavaScript program. */
export function nodeStartWrites(program: Program, entry: Module, context: LaunchContext): readonly StartWrite[] {
  return nodeWrites(program, program.reach([entry], true), context.env);
}
