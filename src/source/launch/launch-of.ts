import { known, unknown } from '../../facts/fact.ts';
import type { Place } from '../../text/place.ts';
import { readPackageJson } from '../node/package-json.ts';
import { joinPath } from '../source-tree.ts';
import { type SimpleCommand, splitCommands } from '../words.ts';
import { type Draft, type LaunchContext, unknownLaunch } from './context.ts';
import type { EntryPoint, EntryStatus, Launch } from './launch.ts';
import { node, nodeTool } from './node-programs.ts';
import { python, streamlit } from './python-script.ts';
import { gunicorn, otherPythonServer, uvicorn } from './python-servers.ts';
import { celery, fastapi, flask } from './python-tools.ts';

interface Step {
  readonly text: string;
  readonly at?: Place;
}

/** What a process with this argument vector starts. Words may still hold `$VAR`: they are filled in from the context. */
export function launchOf(argv: readonly string[], context: LaunchContext): Launch {
  return follow(argv, context, [], 0);
}

const DEEPEST = 12;

function follow(argv: readonly string[], context: LaunchContext, through: readonly Step[], depth: number): Launch {
  const name = programName(argv[0] ?? '');
  const done = (draft: Draft): Launch => ({ ...draft, through, argv });
  if (argv.length === 0 || depth > DEEPEST)
    return done(
      unknownLaunch(name, 'other', argv.length === 0 ? 'there is no command' : 'the command leads back to itself'),
    );
  const unwrapped = unwrap(name, argv);
  if (unwrapped) {
    const env = new Map(context.env);
    for (const [key, value] of unwrapped.assignments) env.set(key, known(value));
    return follow(unwrapped.argv, { ...context, env }, [...through, { text: unwrapped.text }], depth + 1);
  }
  if (/^(sh|bash|ash|dash|zsh)$/.test(name)) return shell(argv, context, through, depth);
  const script = packageScript(name, argv, context);
  if (script)
    return script.missing
      ? done(script.missing)
      : line(
          script.line,
          script.context,
          [...through, { text: script.text, at: script.at }],
          depth + 1,
          script.context.cwd,
        );
  return done(dispatch(name, argv, context));
}

/** Last path component, without the version of `python3.12`. */
export function programName(word: string): string {
  const name = word.split('/').at(-1) ?? word;
  if (/^(python|pypy)[\d.]*$/.test(name)) return 'python';
  return /^nodejs$/.test(name) ? 'node' : name;
}

function dispatch(name: string, argv: readonly string[], context: LaunchContext): Draft {
  switch (name) {
    case 'uvicorn':
      return uvicorn(argv, context);
    case 'gunicorn':
      return gunicorn(argv, context);
    case 'hypercorn':
    case 'daphne':
    case 'granian':
    case 'waitress-serve':
      return otherPythonServer(name, argv, context);
    case 'flask':
      return flask(argv, context);
    case 'fastapi':
      return fastapi(argv, context);
    case 'celery':
      return celery(argv, context);
    case 'streamlit':
      return streamlit(argv, context);
    case 'python':
      return python(argv, context);
    case 'alembic':
    case 'aerich':
      return {
        program: name,
        language: 'python',
        listen: known([]),
        mode: known('production'),
        role: 'migration',
        notes: [],
      };
    case 'prisma':
    case 'typeorm':
    case 'sequelize':
    case 'sequelize-cli':
    case 'knex':
    case 'drizzle-kit':
      return {
        program: name,
        language: 'node',
        listen: known([]),
        mode: known('production'),
        role: argv.some((word) => /migrat|push|deploy/.test(word)) ? 'migration' : 'task',
        notes: [],
      };
    case 'rq':
    case 'arq':
    case 'dramatiq':
    case 'taskiq':
    case 'huey_consumer':
    case 'huey_consumer.py':
      return {
        program: name,
        language: 'python',
        listen: known([]),
        mode: known(argv.includes('--watch') || argv.includes('--reload') ? 'development' : 'production'),
        role: 'worker',
        notes: [],
      };
    case 'django-admin':
      return unknownLaunch(name, 'python', 'django-admin is not modelled');
    case 'node':
    case 'tsx':
    case 'ts-node':
    case 'ts-node-dev':
    case 'nodemon':
      return node(name, argv, context);
    case 'bun':
      return node('bun', argv, context);
    case 'nest':
      return argv[1] === 'start'
        ? nest(argv, context)
        : { program: 'nest', language: 'node', listen: known([]), mode: known('production'), role: 'task', notes: [] };
    case 'tsc':
    case 'tsup':
    case 'esbuild':
    case 'rollup':
    case 'jest':
    case 'vitest':
    case 'eslint':
    case 'prettier':
    case 'tsc-alias':
    case 'rimraf':
    case 'echo':
    case 'sleep':
    case 'true':
    case 'mkdir':
    case 'cp':
    case 'chmod':
    case 'chown':
    case 'rm':
    case 'cd':
      return {
        program: name,
        language: 'other',
        listen: known([]),
        mode: known('production'),
        role: 'task',
        notes: [],
      };
    default: {
      if (
        /^(next|vite|nuxt|nuxi|astro|webpack|ng|react-scripts|vue-cli-service)$/.test(name) &&
        /^(build|generate|export|test|lint|prepare)$/.test(argv[1] ?? '')
      )
        return {
          program: name,
          language: 'node',
          listen: known([]),
          mode: known('production'),
          role: 'task',
          notes: [],
        };
      return (
        nodeTool(name === 'nuxi' ? 'nuxt' : name, argv, context) ??
        unknownLaunch(name, 'other', `${name} is not modelled`)
      );
    }
  }
}

function nest(argv: readonly string[], context: LaunchContext): Draft {
  const draft = node('nest', ['node', 'src/main.ts'], context);
  return {
    ...draft,
    program: 'nest',
    mode: known(argv.some((word) => /^--(watch|debug)$/.test(word) || word === '-w') ? 'development' : 'production'),
  };
}

interface Unwrapped {
  readonly argv: readonly string[];
  readonly text: string;
  readonly assignments: ReadonlyMap<string, string>;
}

/** Steps through programs that run another one. */
function unwrap(name: string, argv: readonly string[]): Unwrapped | undefined {
  const none = new Map<string, string>();
  const from = (index: number, text = name): Unwrapped | undefined =>
    argv.length > index ? { argv: argv.slice(index), text, assignments: none } : undefined;
  const skipOptions = (valued: RegExp, start = 1): number => {
    let i = start;
    while (argv[i]?.startsWith('-')) {
      if (argv[i] === '--') return i + 1;
      i += valued.test(argv[i] ?? '') && !argv[i]?.includes('=') ? 2 : 1;
    }
    return i;
  };
  const afterDashes = () => {
    const at = argv.indexOf('--');
    return at > 0 ? from(at + 1) : undefined;
  };
  switch (name) {
    case 'exec':
    case 'nohup':
    case 'time':
      return from(1);
    case 'tini':
      return from(skipOptions(/^(-p|-e)$/));
    case 'catatonit':
    case 'dumb-init':
      return from(skipOptions(/^(-r|--rewrite)$/));
    case 'gosu':
    case 'su-exec':
      return from(2, `${name} ${argv[1] ?? ''}`);
    case 'setpriv':
      return from(skipOptions(/^--(?!init-groups|clear-groups|no-new-privs|keep-groups|reset-env)[\w-]+$/));
    case 'nice':
      return from(skipOptions(/^-n$/));
    case 'timeout':
      return from(skipOptions(/^(-s|-k|--signal|--kill-after)$/) + 1);
    case 'env': {
      const env = new Map<string, string>();
      let i = skipOptions(/^(-u|-C|--unset|--chdir)$/);
      for (; /^[A-Za-z_]\w*=/.test(argv[i] ?? ''); i++)
        env.set((argv[i] ?? '').split('=')[0] ?? '', (argv[i] ?? '').slice((argv[i] ?? '').indexOf('=') + 1));
      return argv.length > i ? { argv: argv.slice(i), text: 'env', assignments: env } : undefined;
    }
    case 'cross-env':
    case 'cross-env-shell': {
      const env = new Map<string, string>();
      let i = 1;
      for (; /^[A-Za-z_]\w*=/.test(argv[i] ?? ''); i++)
        env.set((argv[i] ?? '').split('=')[0] ?? '', (argv[i] ?? '').slice((argv[i] ?? '').indexOf('=') + 1));
      return argv.length > i ? { argv: argv.slice(i), text: name, assignments: env } : undefined;
    }
    case 'poetry':
    case 'pipenv':
    case 'pdm':
    case 'rye':
      return argv[1] === 'run' ? from(skipOptions(/^$/, 2), `${name} run`) : undefined;
    case 'uv':
      return argv[1] === 'run'
        ? from(
            skipOptions(
              /^(--(with|extra|group|python|project|directory|env-file|package|index|only-group|no-group)|-p|-w)$/,
              2,
            ),
            'uv run',
          )
        : undefined;
    case 'hatch':
      return argv[1] === 'run' ? from(2, 'hatch run') : undefined;
    case 'opentelemetry-instrument':
      return from(skipOptions(/^--(?!version)[\w_-]+$/));
    case 'ddtrace-run':
      return from(skipOptions(/^$/));
    case 'newrelic-admin':
      return argv[1] === 'run-program' ? from(2) : undefined;
    case 'doppler':
    case 'infisical':
    case 'op':
    case 'chamber':
      return afterDashes();
    case 'dotenv':
    case 'dotenvx':
    case 'env-cmd':
    case 'dotenv-cli':
      return afterDashes() ?? from(skipOptions(/^(-e|-f|--file|-r|--rc-file|-c)$/, argv[1] === 'run' ? 2 : 1));
    case 'npx':
    case 'bunx':
    case 'pnpx':
      return from(skipOptions(/^(-p|--package|-c|--call)$/), name);
    case 'pnpm':
    case 'yarn':
    case 'npm':
      return argv[1] === 'exec' || argv[1] === 'dlx' ? from(skipOptions(/^$/, 2), `${name} ${argv[1]}`) : undefined;
    case 'corepack':
      return from(1);
    case 'pm2-runtime':
    case 'pm2-docker': {
      const target = argv.find((word, index) => index > 0 && !word.startsWith('-') && word !== 'start');
      return target !== undefined && /\.[mc]?[jt]s$/.test(target) && !/ecosystem|pm2|config/.test(target)
        ? { argv: ['node', target], text: name, assignments: none }
        : undefined;
    }
    default:
      return undefined;
  }
}

/** `sh -c 'a && exec b'`: the last command counts, those before it are noted. A script file is not read here. */
function shell(argv: readonly string[], context: LaunchContext, through: readonly Step[], depth: number): Launch {
  const at = argv.findIndex((word) => /^-[a-z]*c[a-z]*$/.test(word));
  const text = at > 0 ? argv[at + 1] : undefined;
  if (text === undefined)
    return { ...unknownLaunch('sh', 'other', 'a script of the shell is read elsewhere'), through, argv };
  return line(text, context, [...through, { text: `${argv[0] ?? 'sh'} -c` }], depth + 1, context.cwd);
}

function line(text: string, context: LaunchContext, through: readonly Step[], depth: number, start: string): Launch {
  const commands = splitCommands(text);
  if (!commands || commands.length === 0)
    return {
      ...unknownLaunch('sh', 'other', `the shell line ${text.slice(0, 60)} is too involved`),
      through,
      argv: [text],
    };
  if (commands.slice(0, -1).some((command) => command.then === '|' || command.then === '&'))
    return { ...unknownLaunch('sh', 'other', 'several processes run at once'), through, argv: [text] };
  let cwd = start;
  const env = new Map(context.env);
  const before: Launch[] = [];
  const each = (command: SimpleCommand): Launch => {
    const inner = new Map(env);
    for (const [key, value] of command.assignments)
      inner.set(key, value.includes('$') ? unknown(`${key} is set from another variable`) : known(value));
    return follow(command.words, { ...context, cwd, env: inner }, through, depth + 1);
  };
  let last: Launch | undefined;
  for (const command of commands) {
    const [word, target] = command.words;
    if (word === undefined || /^(set|export|umask|ulimit|\.|source|trap)$/.test(word)) {
      const set =
        word === 'export' ? command.words.slice(1) : [...command.assignments].map(([key, value]) => `${key}=${value}`);
      for (const pair of set) {
        const at = pair.indexOf('=');
        const value = pair.slice(at + 1);
        if (at > 0)
          env.set(pair.slice(0, at), value.includes('$') ? unknown('set from another variable') : known(value));
      }
      continue;
    }
    if (word === 'cd') {
      cwd = target === undefined ? cwd : joinPath(cwd, target);
      continue;
    }
    if (/^(if|then|else|fi|while|do|done|for|case|esac|until|\{|\[|\[\[|!)$/.test(word))
      return { ...unknownLaunch('sh', 'other', 'the shell line has conditions or loops'), through, argv: [text] };
    if (last) before.push(last);
    last = each(command);
  }
  if (!last) return { ...unknownLaunch('sh', 'other', 'no command was found'), through, argv: [text] };
  return before.length > 0 ? { ...last, before: [...before, ...(last.before ?? [])] } : last;
}

interface ScriptStep {
  readonly line: string;
  readonly text: string;
  readonly at: Place;
  readonly context: LaunchContext;
  readonly missing?: Draft;
}

const BUILTIN =
  /^(install|i|ci|add|remove|rm|audit|publish|pack|cache|config|init|link|list|ls|outdated|prune|rebuild|update|up|version|why|store|deploy|import|fetch|workspaces?|set|help|create|x|exec|dlx|plugin|info|node)$/;

/** `npm run x`, `npm start`, `yarn x`, `pnpm x`, `bun run x`: the line of package.json. */
function packageScript(name: string, argv: readonly string[], context: LaunchContext): ScriptStep | undefined {
  if (!/^(npm|pnpm|yarn|yarnpkg|bun)$/.test(name)) return undefined;
  let folder = context.cwd;
  const words: string[] = [];
  const rest: string[] = [];
  for (let i = 1; i < argv.length; i++) {
    const word = argv[i] ?? '';
    if (word === '--') {
      rest.push(...argv.slice(i + 1));
      break;
    }
    if (/^(--prefix|-C|--cwd|--dir)$/.test(word)) folder = joinPath(context.cwd, argv[++i] ?? '');
    else if (/^(--prefix|--cwd|--dir)=/.test(word)) folder = joinPath(context.cwd, word.slice(word.indexOf('=') + 1));
    else if (/^(-w|--workspace|--filter|-F|-r|--recursive|--workspaces)(=|$)/.test(word)) return undefined;
    else if (words.length === 0 && word.startsWith('-')) continue;
    else if (name === 'npm' && word.startsWith('-')) continue;
    else if (words.length > 0 && !(words.length === 1 && /^(run|run-script)$/.test(words[0] ?? ''))) rest.push(word);
    else words.push(word);
  }
  const runs = /^(run|run-script)$/.test(words[0] ?? '');
  const script = runs ? words[1] : words[0] === 't' ? 'test' : words[0];
  if (script === undefined || (!runs && BUILTIN.test(script)) || (name === 'bun' && !runs)) return undefined;
  const manifest = readPackageJson(context.tree, folder);
  const text = `${name} ${words.join(' ')}`;
  if (!manifest) return undefined;
  const found = manifest.scripts.get(script);
  const inner = { ...context, cwd: folder };
  const standard =
    script === 'start' && context.tree.look(joinPath(folder, 'server.js')) === 'file' ? 'node server.js' : undefined;
  const chosen = found ?? standard;
  if (chosen === undefined) {
    // yarn and pnpm fall back to commands of node_modules/.bin.
    if (name !== 'npm' && !runs)
      return { line: [script, ...rest].join(' '), text, at: manifest.place('scripts'), context: inner };
    const entry: EntryPoint = {
      written: script,
      kind: 'script',
      file: manifest.file,
      status: known<EntryStatus>(
        {
          found: false,
          missing: 'script',
          text: `package.json has no script ${script}`,
          near: [...manifest.scripts.keys()].slice(0, 12),
        },
        { kind: 'source', at: manifest.place('scripts'), text: `there is no script ${script} here` },
      ),
    };
    return {
      line: '',
      text,
      at: manifest.place('scripts'),
      context: inner,
      missing: { ...unknownLaunch(name, 'node', `package.json has no script ${script}`), entry },
    };
  }
  return {
    line:
      rest.length > 0
        ? `${chosen} ${rest.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word}'`)).join(' ')}`
        : chosen,
    text,
    at: manifest.place('scripts', script),
    context: inner,
  };
}
