import { type Fact, known, type Reason, unknown } from '../../facts/fact.ts';
import type { Listen } from '../launch/launch.ts';
import { externalBase } from '../program/ancestry.ts';
import type { CallSite, Module } from '../program/module.ts';
import { describe, type Environment, textOf, type Value, variableOf, variants } from '../program/value.ts';
import type { PythonApplication } from './application.ts';
import { argument, hasSpread } from './arguments.ts';

interface Starter {
  readonly match: RegExp;
  readonly host: readonly [name: string, position: number | undefined, standard: string];
  readonly port: readonly [name: string, position: number | undefined, standard: number];
  /** Position of the application or its import string. */
  readonly app?: number;
  /** The receiver is the application. */
  readonly method?: true;
  readonly development?: true;
}

const STARTERS: readonly Starter[] = [
  { match: /^uvicorn(\.main)?\.run$/, host: ['host', undefined, '127.0.0.1'], port: ['port', undefined, 8000], app: 0 },
  { match: /^uvicorn(\.config)?\.Config$/, host: ['host', 1, '127.0.0.1'], port: ['port', 2, 8000], app: 0 },
  {
    match: /^(flask(\.app)?\.Flask|quart(\.app)?\.Quart)\(\)\.run$/,
    host: ['host', 0, '127.0.0.1'],
    port: ['port', 1, 5000],
    method: true,
    development: true,
  },
  { match: /^flask_socketio\.SocketIO\(\)\.run$/, host: ['host', 1, '127.0.0.1'], port: ['port', 2, 5000], app: 0 },
  { match: /^waitress\.serve$/, host: ['host', undefined, '0.0.0.0'], port: ['port', undefined, 8080], app: 0 },
  { match: /^aiohttp\.web\.run_app$/, host: ['host', undefined, '0.0.0.0'], port: ['port', undefined, 8080], app: 0 },
  { match: /^sanic(\.app)?\.Sanic\(\)\.run$/, host: ['host', 0, '127.0.0.1'], port: ['port', 1, 8000], method: true },
  { match: /^bottle\.(run|Bottle\(\)\.run)$/, host: ['host', undefined, '127.0.0.1'], port: ['port', undefined, 8080] },
  { match: /^prometheus_client\.start_(http|wsgi)_server$/, host: ['addr', 1, '0.0.0.0'], port: ['port', 0, 0] },
];

export interface Running {
  readonly listen: Fact<readonly Listen[]>;
  readonly mode: Fact<'production' | 'development'>;
  /** The application object, where the starter is given one; or the import string it is given. */
  readonly app?: Value;
  readonly module?: Module;
}

/** What running a module as the main one starts: `uvicorn.run(...)`, `app.run(...)`, an HTTP server. Undefined: no starter was found. */
export function runningOf(python: PythonApplication, main: Module, env: Environment): Running | undefined {
  const { program } = python;
  const modules = program.reach([main]);
  const found: { site: CallSite; starter: Starter; module: Module }[] = [];
  for (const module of modules) {
    for (const site of module.calls) {
      const { callee } = site.call;
      if (callee.k !== 'member' && callee.k !== 'name') continue;
      if (!/^(run|Config|serve|run_app|start_http_server|start_wsgi_server)$/.test(callee.name) && callee.k !== 'name')
        continue;
      // `if __name__ == "__main__"` in a module that is imported does not run.
      if (module !== main && /__name__/.test(site.doubtful ?? '')) continue;
      for (const value of variants(program.evaluate(callee, site.scope))) {
        const name = nameOf(python, value);
        const starter = name === undefined ? undefined : STARTERS.find((candidate) => candidate.match.test(name));
        if (starter) found.push({ site, starter, module });
      }
    }
  }
  const main1 = found.filter(({ starter }) => !starter.match.source.includes('prometheus'));
  if (main1.length === 0) return undefined;
  const sockets = found.map(({ site, starter, module }) => socket(python, site, starter, module, env));
  const distinct = new Set(
    sockets.map((listen) =>
      JSON.stringify([listen.host, listen.port].map((fact) => (fact.known ? fact.value : fact.why))),
    ),
  );
  const [first] = main1;
  if (!first) return undefined;
  const at: Reason = { kind: 'source', at: first.module.place(first.site.call), text: 'starts the server here' };
  const debug = found.some(
    ({ site }) => switchedOn(python, site, 'reload', env) || switchedOn(python, site, 'debug', env),
  );
  const given =
    first.starter.method && first.site.call.callee.k === 'member'
      ? first.site.call.callee.object
      : first.starter.app === undefined
        ? undefined
        : (argument(first.site.call, 'app', first.starter.app)?.value ?? undefined);
  return {
    listen:
      main1.length > 1 && distinct.size > 1
        ? unknown('several servers may be started', at)
        : known(main1.length > 1 ? sockets.slice(0, 1) : sockets, at),
    mode:
      debug || found.some(({ starter }) => starter.development) ? known('development', at) : known('production', at),
    ...(given ? { app: program.evaluate(given, first.site.scope) } : {}),
    module: first.module,
  };
}

function nameOf(python: PythonApplication, value: Value): string | undefined {
  if (value.t === 'bound' && value.object.t === 'instance' && value.object.made.t === 'class') {
    const base = externalBase(python.program, value.object.made);
    return base === undefined ? undefined : `${base}().${value.name}`;
  }
  return describe(value);
}

function switchedOn(python: PythonApplication, site: CallSite, name: string, env: Environment): boolean {
  const arg = argument(site.call, name);
  const text = arg ? textOf(python.program.evaluate(arg.value, site.scope), env) : undefined;
  return text?.known === true && /^(true|1|on|yes)$/i.test(text.value);
}

function socket(python: PythonApplication, site: CallSite, starter: Starter, module: Module, env: Environment): Listen {
  const at = module.place(site.call);
  const reason: Reason = { kind: 'source', at, text: 'listens here' };
  const read = ([name, position, standard]: readonly [string, number | undefined, string | number]): {
    fact: Fact<string>;
    variable?: string;
  } => {
    const arg = argument(site.call, name, position);
    if (!arg)
      return {
        fact: hasSpread(site.call)
          ? unknown(`${name} may be among the options passed on`, reason)
          : known(String(standard), { kind: 'default', at, text: `the default ${name} is ${standard}` }),
      };
    const value = python.program.evaluate(arg.value, site.scope);
    if (value.t === 'const' && value.value === null) return { fact: known(String(standard), reason) };
    const name1 = variableOf(value);
    return { fact: textOf(value, env), ...(name1 === undefined ? {} : { variable: name1 }) };
  };
  const host = read(starter.host);
  const port = read(starter.port);
  const doubt = site.doubtful !== undefined && !/__name__/.test(site.doubtful) ? site.doubtful : undefined;
  const number: Fact<number> = port.fact.known
    ? /^\d+$/.test(port.fact.value)
      ? known(Number(port.fact.value), reason, ...port.fact.because)
      : unknown('the port is not a number', reason)
    : port.fact;
  return {
    host: host.fact.known ? { ...host.fact, because: [reason, ...host.fact.because] } : host.fact,
    port: doubt === undefined ? number : unknown(`listens ${doubt}`, reason),
    protocol: 'http',
    at,
    ...(port.variable === undefined ? {} : { portVariable: port.variable }),
  };
}

/** Whether running a module does nothing: only imports, definitions and plain values. Undefined when that is not certain. */
export function doesNothing(main: Module, python: PythonApplication): boolean {
  if (main.tree.broken !== undefined) return false;
  const idle = main.tree.body.every((statement) => {
    switch (statement.k) {
      case 'import':
        return true;
      case 'def':
        return statement.fn.decorators.every((decorator) => decorator.k === 'call' && decorator.callee.k === 'member');
      case 'class':
        return statement.cls.decorators.length === 0;
      case 'expr':
        return (
          statement.value.k === 'const' ||
          (statement.value.k === 'call' &&
            statement.value.callee.k === 'member' &&
            /^(include_router|add_middleware|mount|register_blueprint|add_api_route|init_app)$/.test(
              statement.value.callee.name,
            ))
        );
      case 'assign':
        return (
          statement.value === undefined || statement.value.k === 'const' || isApplication(python, main, statement.value)
        );
      default:
        return false;
    }
  });
  if (!idle) return false;
  // An imported module could start something itself.
  return python.program
    .reach([main])
    .every(
      (module) =>
        module === main ||
        !/\.(run|serve|start|serve_forever|run_forever|main)\s*\(|\bmain\(\)|asyncio\./.test(module.text),
    );
}

function isApplication(
  python: PythonApplication,
  main: Module,
  expr: Parameters<PythonApplication['program']['evaluate']>[0],
): boolean {
  const name = describe(python.program.evaluate(expr, main.scope)) ?? '';
  return /^(fastapi\.(FastAPI|APIRouter)|flask\.(Flask|Blueprint)|starlette\.applications\.Starlette|quart\.Quart|logging\.getLogger)\(\)$/.test(
    name,
  );
}
