import { type Fact, known, unknown } from '../../facts/fact.ts';
import type { Place } from '../../text/place.ts';
import { atImport } from '../program/demands.ts';
import type { CallSite, Module } from '../program/module.ts';
import type { Program } from '../program/program.ts';
import { describe, type Environment, textOf, type Value } from '../program/value.ts';
import { argument } from './arguments.ts';

/** A file or folder that code writes to. */
export interface WrittenPath {
  /** As the program sees it; relative to its working directory unless absolute. */
  readonly path: Fact<string>;
  readonly kind: 'file' | 'folder' | 'database' | 'log' | 'temporary' | 'upload';
  /** `open`, `Path.mkdir`, `sqlite3.connect`, `FileHandler` … */
  readonly through: string;
  /** Done while modules are loaded: a failure ends the start. */
  readonly atImport: boolean;
  /** Done at start where the path is not there yet: behind `if not os.path.exists(…)`, or always. A failure ends the start. */
  readonly atStart: boolean;
  readonly at: Place;
}

/** Paths that Python modules write to. */
export function pythonWrites(program: Program, modules: readonly Module[], env: Environment): WrittenPath[] {
  const out: WrittenPath[] = [];
  for (const module of modules) {
    if (!/open\(|mkdir|makedirs|write_|sqlite|FileHandler|tempfile|shutil|upload/i.test(module.text)) continue;
    for (const site of module.calls) {
      const found = written(program, site, env);
      if (found)
        out.push({
          ...found,
          atImport: atImport(site.scope) && site.doubtful === undefined,
          atStart: atImport(site.scope) && !site.caught && onlyWhereAbsent(site.doubtful) && !opensLater(site),
          at: module.place(site.call),
        });
    }
  }
  return out;
}

/** `if not os.path.exists(folder)` is what the question is about. */
function onlyWhereAbsent(doubt: string | undefined): boolean {
  return (
    doubt === undefined ||
    (/^only if not [\w.]*\b(exists|isdir|isfile|is_dir|is_file)\(/.test(doubt) && !/ (and|or) /.test(doubt))
  );
}

/** An engine of SQLAlchemy connects when it is used, a handler with `delay` opens its file with the first line. */
function opensLater({ call }: CallSite): boolean {
  const name = call.callee.k === 'name' || call.callee.k === 'member' ? call.callee.name : '';
  return /^create_(async_)?engine$/.test(name) || argument(call, 'delay') !== undefined;
}

function written(
  program: Program,
  site: CallSite,
  env: Environment,
): Omit<WrittenPath, 'atImport' | 'atStart' | 'at'> | undefined {
  const { call, scope } = site;
  const { callee } = call;
  const last = callee.k === 'name' || callee.k === 'member' ? callee.name : '';
  const text = (position: number, name: string) => {
    const arg = argument(call, name, position);
    return arg ? pathText(program, program.evaluate(arg.value, scope), env) : unknown('no path was found');
  };
  const receiver = () =>
    callee.k === 'member'
      ? pathText(program, program.evaluate(callee.object, scope), env)
      : unknown('no path was found');
  if (
    !/^(open|mkdir|makedirs|write_text|write_bytes|touch|connect|create_engine|create_async_engine|FileHandler|RotatingFileHandler|TimedRotatingFileHandler|WatchedFileHandler|NamedTemporaryFile|TemporaryFile|TemporaryDirectory|mkstemp|mkdtemp|SpooledTemporaryFile|copy|copyfile|move|copytree)$/.test(
      last,
    )
  )
    return undefined;
  const name = describe(program.evaluate(callee, scope)) ?? '';
  if (name === 'open' || name === 'io.open' || name === 'aiofiles.open') {
    const mode = argument(call, 'mode', 1);
    const written = mode ? textOf(program.evaluate(mode.value, scope), env) : known('r');
    return written.known && /[wax+]/.test(written.value)
      ? { path: text(0, 'file'), kind: 'file', through: 'open' }
      : undefined;
  }
  if (/^os\.(mkdir|makedirs)$/.test(name)) return { path: text(0, 'name'), kind: 'folder', through: name };
  if (callee.k === 'member' && /^(mkdir|write_text|write_bytes|touch)$/.test(last))
    return { path: receiver(), kind: last === 'mkdir' ? 'folder' : 'file', through: `Path.${last}` };
  if (name === 'sqlite3.connect' || name === 'aiosqlite.connect') {
    const path = text(0, 'database');
    return path.known && /^(:memory:|file:.*mode=(ro|memory))/.test(path.value)
      ? undefined
      : { path, kind: 'database', through: name };
  }
  if (/^sqlalchemy\..*create(_async)?_engine$/.test(name)) {
    const url = text(0, 'url');
    const file = url.known ? /^sqlite(?:\+\w+)?:\/\/\/(.+?)(?:\?.*)?$/.exec(url.value)?.[1] : undefined;
    return file !== undefined && file !== ':memory:'
      ? { path: known(file, ...url.because), kind: 'database', through: 'SQLite' }
      : undefined;
  }
  if (/^logging\.(handlers\.)?\w*FileHandler$/.test(name))
    return { path: text(0, 'filename'), kind: 'log', through: name };
  if (/^tempfile\./.test(name))
    return argument(call, 'dir')
      ? { path: text(99, 'dir'), kind: 'temporary', through: name }
      : { path: known('/tmp'), kind: 'temporary', through: name };
  if (/^shutil\.(copy|copyfile|move|copytree)$/.test(name))
    return { path: text(1, 'dst'), kind: 'file', through: name };
  return undefined;
}

/** A path as text, put together from its parts. */
export function pathText(program: Program, value: Value, env: Environment): Fact<string> {
  if (value.t === 'joined') {
    const parts = value.parts.map((part) => pathText(program, part, env));
    const missing = parts.find((part) => !part.known);
    return (
      missing ??
      known(
        parts
          .map((part) => (part.known ? part.value : ''))
          .join('')
          .replace(/\/{2,}/g, '/'),
        ...parts.flatMap((part) => part.because),
      )
    );
  }
  return textOf(value, env);
}
