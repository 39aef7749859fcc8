import { known, unknown } from '../../facts/fact.ts';
import { joinPath } from '../source-tree.ts';
import { optionOf } from '../words.ts';
import {
  ANYWHERE,
  bindText,
  type Draft,
  http,
  type LaunchContext,
  optionText,
  portText,
  variableIn,
} from './context.ts';
import type { Listen } from './launch.ts';
import { fromVariable, positional, pythonOf } from './python-programs.ts';

const LOCAL = '127.0.0.1';

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
  if (name === 'hypercorn') {
    const bind = optionOf(argv, '-b', '--bind');
    const file = optionOf(argv, '-c', '--config');
    const unread = unknown(`${file ?? ''} may say where hypercorn listens`);
    listen =
      bind === undefined && file !== undefined
        ? http(unread, unread)
        : bindText(bind ?? `${LOCAL}:8000`, context, LOCAL, 8000);
  } else if (name === 'waitress-serve') {
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
