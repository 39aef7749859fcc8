import { known, unknown } from '../../facts/fact.ts';
import { joinPath } from '../source-tree.ts';
import { optionOf } from '../words.ts';
import {
  ANYWHERE,
  type Draft,
  http,
  type LaunchContext,
  optionText,
  portText,
  unknownLaunch,
  variableIn,
} from './context.ts';
import type { EntryPoint } from './launch.ts';
import { fromVariable, positional, pythonOf } from './python-programs.ts';

const LOCAL = '127.0.0.1';

/** `flask run`: `FLASK_APP`, else wsgi.py or app.py; `FLASK_RUN_HOST` and `FLASK_RUN_PORT`. */
export function flask(argv: readonly string[], context: LaunchContext): Draft {
  const app = optionOf(argv, '--app', '-A') ?? fromVariable(context, 'FLASK_APP');
  const command = argv
    .slice(1)
    .find((word, index) => !word.startsWith('-') && !/^(--app|-A|-e|--env-file)$/.test(argv[index] ?? ''));
  const python = pythonOf(context);
  const standard = ['wsgi.py', 'app.py'].find((name) => context.tree.look(joinPath(context.cwd, name)) === 'file');
  const written = app ?? standard;
  let entry: EntryPoint | undefined;
  if (written !== undefined && !written.includes('$')) {
    const [module = '', attribute] = written.split(':');
    const dotted = module.replace(/\.py$/, '').replace(/^\.\//, '').replaceAll('/', '.');
    entry = flaskEntry(python, dotted, attribute, written);
  }
  if (command !== undefined && command !== 'run') {
    const migrate = command === 'db' || command === 'init-db';
    return {
      program: 'flask',
      language: 'python',
      ...(entry ? { entry } : {}),
      listen: known([]),
      mode: known('production'),
      role: migrate ? 'migration' : 'task',
      notes: [],
    };
  }
  const host = optionOf(argv, '--host', '-h') ?? fromVariable(context, 'FLASK_RUN_HOST');
  const port = optionOf(argv, '--port', '-p') ?? fromVariable(context, 'FLASK_RUN_PORT');
  return {
    program: 'flask',
    language: 'python',
    ...(entry ? { entry } : {}),
    listen: known([
      http(
        host === undefined ? known(LOCAL) : optionText(host, context),
        port === undefined ? known(5000) : portText(port, context),
        variableIn(port),
      ),
    ]),
    // `flask run` always starts Werkzeug's development server.
    mode: known('development'),
    role: 'web',
    notes: written === undefined ? ['FLASK_APP is not set and there is no app.py or wsgi.py'] : [],
  };
}

function flaskEntry(
  python: ReturnType<typeof pythonOf>,
  dotted: string,
  attribute: string | undefined,
  written: string,
): EntryPoint {
  if (attribute !== undefined) return { ...python.entry(`${dotted}:${attribute}`, undefined), written };
  const tried = ['app', 'application'].map((name) => python.entry(dotted, name));
  const factories = ['create_app', 'make_app'].map((name) => python.entry(dotted, name, true));
  const found = [...tried, ...factories].find((entry) => entry.status.known && entry.status.value.found);
  const first = tried[0];
  if (found) return { ...found, written };
  // Any other Flask object of the module would do: only a missing module is certain.
  if (first?.status.known && !first.status.value.found && first.status.value.missing === 'attribute')
    return { ...first, written, status: unknown('any Flask object of the module is taken') };
  return first ? { ...first, written } : { written, kind: 'module', status: unknown('not found') };
}

const FASTAPI_FILES = ['main.py', 'app.py', 'api.py', 'app/main.py', 'app/app.py', 'app/api.py'];

/** `fastapi run` (0.0.0.0:8000) and `fastapi dev` (127.0.0.1:8000). */
export function fastapi(argv: readonly string[], context: LaunchContext): Draft {
  const development = argv[1] === 'dev';
  const flags = new Set(['--reload', '--no-reload', '--proxy-headers', '--no-proxy-headers']);
  const written = positional(argv, flags, 1);
  const entrypoint = optionOf(argv, '-e', '--entrypoint');
  const file = written ?? FASTAPI_FILES.find((name) => context.tree.look(joinPath(context.cwd, name)) === 'file');
  const attribute = optionOf(argv, '--app');
  let entry: EntryPoint | undefined;
  if (entrypoint !== undefined) entry = pythonOf(context).entry(entrypoint, undefined);
  else if (file !== undefined && !file.includes('$')) entry = fastapiEntry(file, attribute, context);
  const host = optionOf(argv, '--host');
  const port = optionOf(argv, '--port');
  const set = context.env.get('PORT');
  return {
    program: 'fastapi',
    language: 'python',
    ...(entry ? { entry } : {}),
    listen: known([
      http(
        host === undefined ? known(development ? LOCAL : ANYWHERE) : optionText(host, context),
        port === undefined
          ? set
            ? unknown('newer versions of fastapi-cli read PORT')
            : known(8000)
          : portText(port, context),
        variableIn(port),
      ),
    ]),
    mode: known(development || argv.includes('--reload') ? 'development' : 'production'),
    role: 'web',
    notes: [],
  };
}

function fastapiEntry(file: string, attribute: string | undefined, context: LaunchContext): EntryPoint {
  const path = joinPath(context.cwd, file);
  const look = context.tree.look(path);
  const target =
    look === 'directory'
      ? ['main.py', 'app.py', 'api.py', '__init__.py']
          .map((name) => joinPath(path, name))
          .find((name) => context.tree.look(name) === 'file')
      : path;
  if (target === undefined || context.tree.look(target) !== 'file') {
    if (look === 'unknown')
      return { written: file, kind: 'file', status: unknown(`whether ${path} exists is not known`) };
    return {
      written: file,
      kind: 'file',
      status: known({ found: false, missing: 'file', text: `there is no ${path}`, near: [] }),
    };
  }
  // The command walks up while folders have __init__.py and imports from the first that has none.
  let root = target.slice(0, Math.max(0, target.lastIndexOf('/')));
  const parts = [(target.split('/').at(-1) ?? '').replace(/\.py$/, '')];
  while (root !== '' && root !== '/' && context.tree.look(`${root}/__init__.py`) === 'file') {
    parts.unshift(root.split('/').at(-1) ?? '');
    root = root.slice(0, Math.max(0, root.lastIndexOf('/')));
  }
  const python = pythonOf(context, root);
  const entry = python.entry(parts.filter((part) => part !== '__init__').join('.'), attribute ?? 'app');
  if (attribute === undefined && entry.status.known && !entry.status.value.found)
    return { ...entry, written: file, status: unknown('any FastAPI object of the module is taken') };
  return { ...entry, written: file };
}

/** celery: worker and beat listen nowhere, flower on 5555. */
export function celery(argv: readonly string[], context: LaunchContext): Draft {
  const app = optionOf(argv, '-A', '--app') ?? fromVariable(context, 'CELERY_APP');
  const command = argv
    .slice(1)
    .find((word) =>
      /^(worker|beat|flower|events|status|inspect|control|call|purge|multi|result|report|migrate)$/.test(word),
    );
  const queues = optionOf(argv, '-Q', '--queues');
  const folder = optionOf(argv, '--workdir');
  const python = pythonOf(context, folder === undefined ? context.cwd : joinPath(context.cwd, folder));
  const entry = app === undefined || app.includes('$') ? undefined : celeryEntry(python, app);
  const concurrency = optionOf(argv, '-c', '--concurrency');
  const port = optionOf(argv, '--port');
  const base = {
    program: 'celery',
    language: 'python' as const,
    ...(entry ? { entry } : {}),
    mode: known('production' as const),
    ...(queues === undefined ? {} : { queues: queues.split(',') }),
    notes: [],
  };
  if (command === 'flower')
    return {
      ...base,
      listen: known([
        http(
          known(optionOf(argv, '--address') ?? ANYWHERE),
          port === undefined ? known(5555) : portText(port, context),
        ),
      ]),
      role: 'web',
    };
  if (command === 'worker')
    return {
      ...base,
      listen: known([]),
      ...(concurrency === undefined ? {} : { workers: portText(concurrency, context) }),
      role: 'worker',
    };
  if (command === 'beat') return { ...base, listen: known([]), role: 'scheduler' };
  return command === undefined
    ? { ...unknownLaunch('celery', 'python', 'no celery command was recognised'), ...(entry ? { entry } : {}) }
    : { ...base, listen: known([]), role: 'task' };
}

/** Celery takes `mod:attr`, `mod.attr`, or searches `mod` for `app` or `celery`, then `mod.celery`, then any Celery object. */
function celeryEntry(python: ReturnType<typeof pythonOf>, app: string): EntryPoint {
  if (app.includes(':')) return python.entry(app, undefined);
  const tried = [
    python.entry(app, 'app'),
    python.entry(app, 'celery'),
    python.entry(`${app}.celery`, 'app'),
    python.entry(`${app}.celery`, 'celery'),
  ];
  const found = tried.find((entry) => entry.status.known && entry.status.value.found);
  if (found) return { ...found, written: app };
  const dot = app.lastIndexOf('.');
  // A module of that name is what is loaded: its package would only be a folder above it.
  if (dot > 0 && tried[0]?.file === undefined) {
    const member = python.entry(`${app.slice(0, dot)}:${app.slice(dot + 1)}`, undefined);
    if (member.status.known && member.status.value.found) return { ...member, written: app };
  }
  const first = tried[0];
  if (first?.status.known && !first.status.value.found && first.status.value.missing === 'module')
    return { ...first, written: app };
  return {
    written: app,
    kind: 'module',
    ...(first?.file === undefined ? {} : { file: first.file }),
    status: first && !first.status.known ? first.status : unknown('any Celery object of the module is taken'),
  };
}
