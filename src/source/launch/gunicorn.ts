import { type Fact, known, unknown } from '../../facts/fact.ts';
import { textOf } from '../program/value.ts';
import { joinPath } from '../source-tree.ts';
import { optionOf, splitCommands } from '../words.ts';
import {
  ANYWHERE,
  bindText,
  type Draft,
  http,
  type LaunchContext,
  optionText,
  portText,
  variable,
  variableIn,
} from './context.ts';
import type { Listen } from './launch.ts';
import { positional, pythonOf } from './python-programs.ts';

const LOCAL = '127.0.0.1';

const GUNICORN_FLAGS = new Set([
  '--reload',
  '--preload',
  '--daemon',
  '-D',
  '--capture-output',
  '--check-config',
  '--print-config',
  '--spew',
  '--reuse-port',
  '--no-sendfile',
  '--disable-redirect-access-to-syslog',
  '--proxy-protocol',
  '-R',
  '--enable-stdio-inheritance',
  '--initgroups',
  '--log-syslog',
  '--suppress-ragged-eofs',
  '--strip-header-spaces',
  '--statsd-dogstatsd',
  '-h',
  '--help',
  '-v',
  '--version',
]);

/** gunicorn. Options of the command win over `GUNICORN_CMD_ARGS`, those over the config file; default 127.0.0.1:8000, or 0.0.0.0:$PORT when PORT is set. */
export function gunicorn(argv: readonly string[], context: LaunchContext): Draft {
  const notes: string[] = [];
  const extra = variable(context, 'GUNICORN_CMD_ARGS');
  const more = extra?.known ? (splitCommands(extra.value)?.[0]?.words ?? []) : [];
  if (extra && !extra.known) notes.push('GUNICORN_CMD_ARGS is not known');
  const all = [argv[0] ?? 'gunicorn', ...more, ...argv.slice(1)];
  const chdir = optionOf(all, '--chdir');
  const cwd = chdir === undefined ? context.cwd : joinPath(context.cwd, chdir);
  const config = configFile(all, context);
  if (config && !config.known) notes.push(config.why);
  const settings = config?.known && config.value !== null ? pythonOf(context, cwd) : undefined;
  const module = settings && config?.known && config.value !== null ? settings.program.load(config.value) : undefined;
  const setting = (name: string) => {
    const value = module && settings ? settings.program.language.member(settings.program, module, name) : undefined;
    return value === undefined ? undefined : { value, text: textOf(value, context.env) };
  };
  const binds = all.flatMap((word, index) =>
    word === '-b' || word === '--bind'
      ? [all[index + 1] ?? '']
      : /^--bind=/.test(word)
        ? [word.slice(7)]
        : /^-b./.test(word)
          ? [word.slice(2).replace(/^=/, '')]
          : [],
  );
  const written = setting('bind');
  let listen: Fact<readonly Listen[]>;
  if (binds.length > 0)
    listen = known(
      binds.map((bind) => ({
        ...bindText(bind, context, ANYWHERE, 8000),
        ...(variableIn(bind) === undefined ? {} : { portVariable: variableIn(bind) as string }),
      })),
    );
  else if (written)
    listen = written.text.known
      ? known([bindText(written.text.value, context, ANYWHERE, 8000)], ...written.text.because)
      : unknown(`bind in the config file ${written.text.why}`, ...written.text.because);
  else if (config && !config.known) listen = unknown(config.why);
  else {
    const port = variable(context, 'PORT');
    listen = port
      ? known([http(known(ANYWHERE), port.known ? portText(port.value, context) : port, 'PORT')])
      : known([http(known(LOCAL), known(8000))]);
  }
  const configured = setting('wsgi_app');
  const app = positional(argv, GUNICORN_FLAGS) ?? (configured?.text.known ? configured.text.value : undefined);
  const expanded = app === undefined ? undefined : optionText(app, context);
  const workers = optionOf(all, '-w', '--workers');
  const count =
    workers === undefined
      ? (setting('workers')?.text ?? variable(context, 'WEB_CONCURRENCY') ?? known('1'))
      : optionText(workers, context);
  const paths = optionOf(all, '--pythonpath');
  const python = pythonOf(
    paths === undefined
      ? context
      : { ...context, pythonRoots: [...context.pythonRoots, ...paths.split(',').map((path) => joinPath(cwd, path))] },
    cwd,
  );
  return {
    program: 'gunicorn',
    language: 'python',
    ...(expanded?.known ? { entry: python.entry(expanded.value, 'application') } : {}),
    listen,
    mode:
      all.includes('--reload') || (setting('reload')?.text.known && setting('reload')?.text.because.length === 0)
        ? known('development')
        : known('production'),
    workers: count.known
      ? /^\d+$/.test(count.value)
        ? known(Number(count.value))
        : unknown('the number of workers is computed')
      : count,
    role: 'web',
    notes: expanded && !expanded.known ? [...notes, expanded.why] : notes,
  };
}

function configFile(argv: readonly string[], context: LaunchContext): Fact<string | null> | undefined {
  const written = optionOf(argv, '-c', '--config');
  if (written !== undefined) {
    const text = optionText(written.replace(/^file:/, ''), context);
    if (!text.known) return text;
    if (text.value.startsWith('python:')) {
      const module = pythonOf(context).module(text.value.slice(7));
      return module.known
        ? module.value
          ? known(module.value.path)
          : unknown(`the config module ${text.value.slice(7)} was not found`)
        : module;
    }
    const path = joinPath(context.cwd, text.value);
    return context.tree.look(path) === 'file' ? known(path) : unknown(`the config file ${text.value} was not found`);
  }
  const standard = joinPath(context.cwd, 'gunicorn.conf.py');
  const look = context.tree.look(standard);
  if (look === 'file') return known(standard);
  return look === 'unknown' ? unknown('whether there is a gunicorn.conf.py is not known') : undefined;
}
