import { type Fact, known, unknown } from '../../facts/fact.ts';
import { textOf } from '../program/value.ts';
import { type PythonApplication, searchPath } from '../python/application.ts';
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

const LOCAL = '127.0.0.1';

/** The Python program a process would import from, with the context's extra folders. */
export function pythonOf(context: LaunchContext, cwd: string = context.cwd, scriptFile?: string): PythonApplication {
  const set = variable(context, 'PYTHONPATH');
  const path = searchPath(cwd, set?.known ? set.value : undefined, scriptFile);
  const roots = [...path.roots, ...context.pythonRoots.filter((root) => !path.roots.includes(root))];
  return context.programs.python(roots);
}

/** First word that is neither an option nor the value of one. */
export function positional(argv: readonly string[], flags: ReadonlySet<string>, skip = 0): string | undefined {
  let left = skip;
  for (let i = 1; i < argv.length; i++) {
    const word = argv[i] ?? '';
    if (word === '--') continue;
    if (!word.startsWith('-')) {
      if (left === 0) return word;
      left--;
    } else if (!word.includes('=') && !flags.has(word) && (word.startsWith('--') || word.length === 2)) i++;
  }
  return undefined;
}

const UVICORN_FLAGS = new Set([
  '--reload',
  '--factory',
  '--proxy-headers',
  '--no-proxy-headers',
  '--access-log',
  '--no-access-log',
  '--use-colors',
  '--no-use-colors',
  '--server-header',
  '--no-server-header',
  '--date-header',
  '--no-date-header',
  '--version',
  '--help',
  '--debug',
]);

/** uvicorn (`UVICORN_*` variables stand for options). Defaults: 127.0.0.1:8000. */
export function uvicorn(argv: readonly string[], context: LaunchContext): Draft {
  const option = (name: string) =>
    optionOf(argv, `--${name}`) ?? fromVariable(context, `UVICORN_${name.toUpperCase().replaceAll('-', '_')}`);
  const app = positional(argv, UVICORN_FLAGS) ?? fromVariable(context, 'UVICORN_APP');
  const folder = option('app-dir');
  const python = pythonOf(context, folder === undefined ? context.cwd : joinPath(context.cwd, folder));
  const host = option('host');
  const port = option('port');
  const uds = option('uds');
  const reload = argv.includes('--reload') || argv.includes('--debug');
  const listen: Listen =
    uds !== undefined
      ? { host: known(uds), port: known(0), protocol: 'unix' }
      : {
          ...http(
            host === undefined ? known(LOCAL) : optionText(host, context),
            port === undefined ? known(8000) : portText(port, context),
            variableIn(port),
          ),
          protocol: optionOf(argv, '--ssl-keyfile') === undefined ? 'http' : 'https',
        };
  const workers = option('workers') ?? fromVariable(context, 'WEB_CONCURRENCY');
  const expanded = app === undefined ? undefined : optionText(app, context);
  return {
    program: 'uvicorn',
    language: 'python',
    ...(expanded?.known ? { entry: python.entry(expanded.value, undefined, argv.includes('--factory')) } : {}),
    listen: known([listen]),
    mode: known(reload ? 'development' : 'production'),
    ...(workers === undefined ? {} : { workers: portText(workers, context) }),
    role: 'web',
    notes: expanded && !expanded.known ? [expanded.why] : [],
  };
}

export function fromVariable(context: LaunchContext, name: string): string | undefined {
  const fact = variable(context, name);
  if (!fact) return undefined;
  return fact.known ? fact.value : `$${name}`;
}

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

/** hypercorn, daphne, granian, waitress-serve: their defaults differ. */
export function otherPythonServer(name: string, argv: readonly string[], context: LaunchContext): Draft {
  const python = pythonOf(context);
  const flags = new Set([
    '--reload',
    '--debug',
    '--access-log',
    '--no-access-log',
    '--proxy-headers',
    '--no-tls',
    '--call',
    '--ws',
    '--no-ws',
    '--factory',
    '--log',
    '--no-log',
  ]);
  const app = positional(argv, flags);
  const expanded = app === undefined ? undefined : optionText(app, context);
  let listen: Listen;
  if (name === 'hypercorn') listen = bindText(optionOf(argv, '-b', '--bind') ?? `${LOCAL}:8000`, context, LOCAL, 8000);
  else if (name === 'waitress-serve') {
    const both = optionOf(argv, '--listen');
    const port = optionOf(argv, '--port');
    listen =
      both !== undefined
        ? bindText(both.replace('*', ANYWHERE), context, ANYWHERE, 8080)
        : http(
            known(optionOf(argv, '--host') ?? ANYWHERE),
            port === undefined ? known(8080) : portText(port, context),
            variableIn(port),
          );
  } else {
    const prefix = name === 'granian' ? 'GRANIAN_' : undefined;
    const host =
      (name === 'daphne' ? optionOf(argv, '-b', '--bind') : optionOf(argv, '--host')) ??
      (prefix ? fromVariable(context, `${prefix}HOST`) : undefined);
    const port = optionOf(argv, '-p', '--port') ?? (prefix ? fromVariable(context, `${prefix}PORT`) : undefined);
    listen = http(
      host === undefined ? known(LOCAL) : optionText(host, context),
      port === undefined ? known(8000) : portText(port, context),
      variableIn(port),
    );
  }
  const endpoints = name === 'daphne' && optionOf(argv, '-e', '--endpoint') !== undefined;
  return {
    program: name,
    language: 'python',
    ...(expanded?.known
      ? {
          entry: python.entry(
            expanded.value.replace(/^(asgi|wsgi):(?=\w+[.:])/, ''),
            name === 'granian' ? 'app' : name === 'waitress-serve' ? undefined : 'app',
            argv.includes('--factory') || argv.includes('--call'),
          ),
        }
      : {}),
    listen: endpoints ? unknown('daphne listens on endpoints that are not modelled') : known([listen]),
    mode: known(argv.includes('--reload') ? 'development' : 'production'),
    role: 'web',
    notes: endpoints ? ['daphne listens on endpoints that are not modelled'] : [],
  };
}
