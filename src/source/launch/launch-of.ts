import { known, unknown } from '../../facts/fact.ts';
import type { Place } from '../../text/place.ts';
import { joinPath } from '../source-tree.ts';
import { type SimpleCommand, splitCommands } from '../words.ts';
import { type Draft, type LaunchContext, unknownLaunch } from './context.ts';
import { gunicorn } from './gunicorn.ts';
import type { Launch } from './launch.ts';
import { node } from './node-programs.ts';
import { nodeTool } from './node-tools.ts';
import { packageScript } from './package-script.ts';
import { python } from './python-script.ts';
import { otherPythonServer, uvicorn } from './python-servers.ts';
import { celery, fastapi, flask } from './python-tools.ts';
import { streamlit } from './streamlit.ts';
import { unwrap } from './unwrap.ts';

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
    const programs = command === commands.at(-1) ? context.programs : context.programs.apart();
    return follow(command.words, { ...context, cwd, env: inner, programs }, through, depth + 1);
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
