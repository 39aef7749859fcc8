import { type Fact, known, unknown } from '../../facts/fact.ts';
import type { NodeApplication } from '../node/application.ts';
import { sourceOfBuilt } from '../node/built.ts';
import { dotenvFiles, fromDotenv } from '../node/dotenv.ts';
import { joinPath } from '../source-tree.ts';
import { optionOf } from '../words.ts';
import { ANYWHERE, type Draft, http, type LaunchContext, unknownLaunch } from './context.ts';
import { type EntryPoint, type EntryStatus, OWN_NAME } from './launch.ts';

export function nodeOf(context: LaunchContext, folder: string = context.cwd): NodeApplication {
  return context.programs.node(folder);
}

const VALUED = new Set([
  '-r',
  '--require',
  '--import',
  '--loader',
  '--experimental-loader',
  '-C',
  '--conditions',
  '--env-file',
  '--max-old-space-size',
  '-P',
  '--project',
  '--watch-path',
  '--title',
  '--input-type',
  '-w',
  '--watch',
  '-e',
  '--ext',
  '-x',
  '--exec',
  '--tsconfig',
  '--delay',
  '--signal',
]);

/** `node file`, `tsx file`, `ts-node file`, `nodemon file`, `bun run file`. */
export function node(program: string, argv: readonly string[], context: LaunchContext): Draft {
  const development =
    program === 'nodemon' ||
    program === 'ts-node-dev' ||
    argv.some((word) => /^--(watch|inspect(-brk)?)(=|$)/.test(word)) ||
    (program === 'tsx' && argv[1] === 'watch');
  let file: string | undefined;
  for (let i = 1; i < argv.length; i++) {
    const word = argv[i] ?? '';
    if (word === 'watch' && program === 'tsx') continue;
    if (word === 'run' && program === 'bun') continue;
    // `node --watch file`: the flag has no value there; nodemon's has.
    if (word === '--watch' && program !== 'nodemon') continue;
    if (!word.startsWith('-')) {
      file = word;
      break;
    }
    if (/^(-e|-p|--eval|--print)$/.test(word) && program === 'node')
      return unknownLaunch('node', 'node', 'code on the command line is not read');
    if (VALUED.has(word)) i++;
  }
  const exec = program === 'nodemon' ? optionOf(argv, '--exec', '-x') : undefined;
  if (file === undefined)
    return unknownLaunch(program, 'node', exec === undefined ? 'no file is named' : `nodemon runs ${exec}`);
  if (file.includes('$')) return unknownLaunch(program, 'node', `${file} depends on a variable`);
  const draft = script(program, file, context);
  return development ? { ...draft, mode: known('development') } : draft;
}

function script(program: string, file: string, context: LaunchContext): Draft {
  const path = joinPath(context.cwd, file);
  const found = nodeFile(path, context);
  const entry: EntryPoint = {
    written: file,
    kind: 'file',
    ...(found.file === undefined ? {} : { file: found.file }),
    status: found.status,
  };
  const special = frameworkOutput(file, context, entry);
  if (special) return special;
  if (found.file === undefined)
    return { ...unknownLaunch(program, 'node', found.status.known ? `there is no ${path}` : found.status.why), entry };
  const app = nodeOf(context, folderAbove(found.file, context));
  const listen = withFiles(app, found.file, context);
  return {
    program,
    language: 'node',
    entry,
    listen,
    mode: known('production'),
    role: listen.known ? 'web' : 'unknown',
    notes: listen.known ? [] : [listen.why],
  };
}

/** Where it listens, when a port that the environment does not set may stand in a file of variables that the code loads. */
function withFiles(app: NodeApplication, file: string, context: LaunchContext): ReturnType<NodeApplication['listen']> {
  const listen = app.listen(file, context.env);
  if (!listen.known) return listen;
  const names = listen.value.flatMap(({ portVariable }) => (portVariable === undefined ? [] : [portVariable]));
  if (names.every((name) => context.env.has(name))) return listen;
  const files = dotenvFiles(app.program, app.reach(file), context.env);
  const given = names.flatMap((name) => {
    const value = fromDotenv(context.tree, context.cwd, files, name, context.env);
    return value === undefined ? [] : [[name, value] as const];
  });
  return given.length === 0 ? listen : app.listen(file, new Map([...context.env, ...given]));
}

/** The nearest folder above a file that has a package.json. */
export function folderAbove(file: string, context: LaunchContext): string {
  let folder = file.slice(0, Math.max(0, file.lastIndexOf('/')));
  while (folder !== '' && context.tree.look(joinPath(folder, 'package.json')) !== 'file')
    folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/')));
  return folder;
}

function nodeFile(path: string, context: LaunchContext): { file?: string; status: Fact<EntryStatus> } {
  const { tree } = context;
  const at = (file: string) =>
    known<EntryStatus>({ found: true, at: { file: tree.origin(file), line: 1, column: 1, endLine: 1, endColumn: 1 } });
  for (const candidate of [path, `${path}.js`, `${path}.json`, `${path}/index.js`])
    if (tree.look(candidate) === 'file') return { file: candidate, status: at(candidate) };
  const source = sourceOfBuilt(tree, path, folderAbove(path, context) || context.cwd);
  if (source !== undefined) return { file: source, status: unknown(`${path} is built from ${source}`) };
  if (tree.look(path) === 'directory') return { status: unknown(`${path} is a folder`) };
  const parent = path.slice(0, Math.max(0, path.lastIndexOf('/')));
  if (tree.look(path) === 'unknown') return { status: unknown(`whether ${path} exists is not known`) };
  // A build folder that is not in the tree at all comes from a build step.
  if (parent !== '' && parent !== context.cwd && tree.look(parent) === 'absent')
    return { status: unknown(`${parent} may come from a build`) };
  return {
    status: known<EntryStatus>({
      found: false,
      missing: 'file',
      text: `there is no ${path}`,
      near: tree
        .names(parent)
        .filter((name) => /\.[mc]?[jt]s$/.test(name))
        .slice(0, 8),
    }),
  };
}

/** Servers that frameworks build: their port and host come from variables. */
function frameworkOutput(file: string, context: LaunchContext, entry: EntryPoint): Draft | undefined {
  const base = {
    language: 'node' as const,
    entry,
    mode: known('production' as const),
    role: 'web' as const,
    notes: [],
  };
  if (/(^|\/)\.output\/server\/index\.mjs$/.test(file)) {
    const port = context.env.get('NITRO_PORT') ?? context.env.get('PORT');
    const host = context.env.get('NITRO_HOST') ?? context.env.get('HOST');
    return {
      ...base,
      program: 'nuxt',
      listen: known([http(host ?? known(ANYWHERE), port ? portNumber(port) : known(3000), 'PORT')]),
    };
  }
  if (
    usesPackage(context, 'next') &&
    /(^|\/)server\.js$/.test(file) &&
    context.tree.text(joinPath(context.cwd, file)) === undefined
  ) {
    const host = context.env.get('HOSTNAME');
    const port = context.env.get('PORT');
    const listenHost = host ?? standaloneHost(context);
    return {
      ...base,
      program: 'next',
      listen: known([http(listenHost, port ? portNumber(port) : known(3000), 'PORT')]),
    };
  }
  if (usesPackage(context, '@sveltejs/adapter-node') && /^(\.\/)?build(\/index\.js)?\/?$/.test(file)) {
    const port = context.env.get('PORT');
    return {
      ...base,
      program: 'sveltekit',
      listen: known([http(context.env.get('HOST') ?? known(ANYWHERE), port ? portNumber(port) : known(3000), 'PORT')]),
    };
  }
  if (usesPackage(context, '@astrojs/node') && /(^|\/)dist\/server\/entry\.mjs$/.test(file)) {
    const port = context.env.get('PORT');
    return {
      ...base,
      program: 'astro',
      listen: known([
        http(
          context.env.get('HOST') ?? unknown('the adapter configuration decides'),
          port ? portNumber(port) : known(4321),
          'PORT',
        ),
      ]),
    };
  }
  return undefined;
}

/** Next.js 14 and later: `server.listen(port, process.env.HOSTNAME || '0.0.0.0')` in the server.js of the standalone output. */
function standaloneHost(context: LaunchContext): Fact<string> {
  const range =
    /"next"\s*:\s*"([^"]*)"/.exec(context.tree.text(joinPath(context.cwd, 'package.json')) ?? '')?.[1] ?? '';
  const major = range === 'latest' ? 14 : Number(/^[\^~>=\s]*(\d+)\./.exec(range)?.[1] ?? Number.NaN);
  return major >= 14
    ? known(OWN_NAME)
    : unknown('Docker sets HOSTNAME to the name of the container, and the standalone server listens on it');
}

export function portNumber(fact: Fact<string>): Fact<number> {
  if (!fact.known) return fact;
  return /^\d+$/.test(fact.value) ? { ...fact, value: Number(fact.value) } : unknown(`${fact.value} is not a port`);
}

export function usesPackage(context: LaunchContext, name: string): boolean {
  return context.tree.text(joinPath(context.cwd, 'package.json'))?.includes(`"${name}"`) === true;
}
