import { type Fact, known, unknown } from '../../facts/fact.ts';
import { startOf } from '../python/application.ts';
import { doesNothing, runningOf } from '../python/running.ts';
import { joinPath } from '../source-tree.ts';
import { optionOf } from '../words.ts';
import { ANYWHERE, type Draft, http, type LaunchContext, portText, unknownLaunch } from './context.ts';
import { manage } from './django-manage.ts';
import { gunicorn } from './gunicorn.ts';
import type { EntryPoint, EntryStatus } from './launch.ts';
import { missingScript, pythonOf } from './python-programs.ts';
import { otherPythonServer, uvicorn } from './python-servers.ts';
import { celery, fastapi, flask } from './python-tools.ts';
import { streamlit } from './streamlit.ts';

/** `python -m x`, `python file.py`, `python -c …`. */
export function python(argv: readonly string[], context: LaunchContext): Draft {
  const rest = [...argv.slice(1)];
  while (rest[0]?.startsWith('-') && !/^-(m|c)/.test(rest[0])) {
    // -W and -X take a value; all others stand alone (-u, -O, -B, -I).
    if (/^-[WX]$/.test(rest[0])) rest.shift();
    rest.shift();
  }
  const first = rest[0] ?? '';
  if (first.startsWith('-m')) {
    const module = first === '-m' ? rest[1] : first.slice(2);
    return module === undefined
      ? unknownLaunch('python', 'python', 'no module is named')
      : moduleRun(module, [module, ...rest.slice(first === '-m' ? 2 : 1)], context);
  }
  if (first.startsWith('-c')) return unknownLaunch('python', 'python', 'code on the command line is not read');
  if (first === '')
    return {
      ...unknownLaunch('python', 'python', 'starts an interactive interpreter'),
      listen: known([]),
      role: 'task',
    };
  return scriptRun(first, rest, context);
}

const MODULES: Readonly<Record<string, (argv: readonly string[], context: LaunchContext) => Draft>> = {
  uvicorn,
  gunicorn,
  'gunicorn.app.wsgiapp': gunicorn,
  flask,
  fastapi,
  celery,
  hypercorn: (argv, context) => otherPythonServer('hypercorn', argv, context),
  daphne: (argv, context) => otherPythonServer('daphne', argv, context),
  granian: (argv, context) => otherPythonServer('granian', argv, context),
  waitress: (argv, context) => otherPythonServer('waitress-serve', argv, context),
  streamlit,
};

function moduleRun(module: string, argv: readonly string[], context: LaunchContext): Draft {
  const known1 = Object.hasOwn(MODULES, module) ? MODULES[module] : undefined;
  if (known1) return known1(argv, context);
  if (module === 'http.server') {
    const port = argv.slice(1).find((word) => /^\d+$/.test(word) || word.startsWith('$'));
    return {
      program: 'http.server',
      language: 'python',
      listen: known([
        http(
          known(optionOf(argv, '-b', '--bind') ?? ANYWHERE),
          port === undefined ? known(8000) : portText(port, context),
        ),
      ]),
      mode: known('development'),
      role: 'web',
      notes: [],
    };
  }
  if (/^(pytest|unittest|pip|alembic|compileall|venv|mypy|ruff|black|coverage)$/.test(module))
    return {
      program: module,
      language: 'python',
      listen: known([]),
      mode: known('production'),
      role: module === 'alembic' ? 'migration' : 'task',
      notes: [],
    };
  const app = pythonOf(context);
  const found = app.module(module);
  const base = { written: module, kind: 'module' as const };
  if (!found.known && !/folder without __init__/.test(found.why))
    return { ...unknownLaunch('python', 'python', found.why), entry: { ...base, status: found } };
  const main = app.module(`${module}.__main__`);
  if (found.known && found.value && !found.value.path.endsWith('__init__.py'))
    return run(app, found.value.path, base, context);
  if (main.known && main.value) return run(app, main.value.path, base, context);
  if (found.known && found.value === null)
    return {
      ...unknownLaunch('python', 'python', `there is no module ${module}`),
      entry: {
        ...base,
        status: known<EntryStatus>({
          found: false,
          missing: 'module',
          text: `there is no module ${module} below ${app.path.roots.map((root) => root || '.').join(', ')}`,
          near: app.modulesNear(module),
        }),
      },
    };
  if (main.known && main.value === null && found.known && found.value) {
    const status = known<EntryStatus>(
      {
        found: false,
        missing: 'entry-point',
        text: `package ${module} has no __main__.py, so python -m ${module} stops`,
        near: [],
      },
      { kind: 'source', at: startOf(found.value), text: `package ${module}` },
    );
    return {
      ...unknownLaunch('python', 'python', `package ${module} has no __main__`),
      entry: { ...base, file: found.value.path, status },
    };
  }
  return {
    ...unknownLaunch('python', 'python', `what python -m ${module} runs is not known`),
    entry: { ...base, status: unknown('not found for certain') },
  };
}

function scriptRun(file: string, argv: readonly string[], context: LaunchContext): Draft {
  const path = joinPath(context.cwd, file);
  const base = { written: file, kind: 'file' as const };
  if (file.includes('$')) return unknownLaunch('python', 'python', `${file} depends on a variable`);
  const look = context.tree.look(path);
  if (look === 'unknown')
    return {
      ...unknownLaunch('python', 'python', `whether ${path} exists is not known`),
      entry: { ...base, status: unknown(`whether ${path} exists is not known`) },
    };
  if (/(^|\/)manage\.py$/.test(file)) return manage(path, look === 'file', argv, context, base);
  if (look === 'directory') return joined(look, path, base, context);
  if (look === 'absent') return missingScript(path, base, context);
  return run(pythonOf(context, context.cwd, path), path, base, context);
}

function joined(
  _look: 'directory',
  path: string,
  base: Pick<EntryPoint, 'written' | 'kind'>,
  context: LaunchContext,
): Draft {
  const main = `${path}/__main__.py`;
  return context.tree.look(main) === 'file'
    ? run(pythonOf(context, path), main, base, context)
    : unknownLaunch('python', 'python', `${path} is a folder`);
}

function run(
  app: ReturnType<typeof pythonOf>,
  path: string,
  base: Pick<EntryPoint, 'written' | 'kind'>,
  context: LaunchContext,
): Draft {
  const main = app.program.load(path);
  if (!main)
    return {
      ...unknownLaunch('python', 'python', `${path} cannot be read`),
      entry: { ...base, file: path, status: unknown(`${path} cannot be read`) },
    };
  const running = runningOf(app, main, context.env);
  const at = startOf(main);
  if (!running) {
    const status: Fact<EntryStatus> = doesNothing(main, app)
      ? known<EntryStatus>(
          {
            found: false,
            missing: 'entry-point',
            text: `${path} only defines things: run as a script it ends at once`,
            near: [],
          },
          { kind: 'source', at, text: 'nothing here starts a server' },
        )
      : known<EntryStatus>({ found: true, at });
    return {
      ...unknownLaunch('python', 'python', 'no call that starts a server was recognised'),
      entry: { ...base, file: path, status },
    };
  }
  return {
    program: 'python',
    language: 'python',
    entry: { ...base, file: path, status: known<EntryStatus>({ found: true, at }) },
    listen: running.listen,
    mode: running.mode,
    role: 'web',
    notes: running.listen.known ? [] : [running.listen.why],
  };
}
