import { type Fact, known, unknown } from '../../facts/fact.ts';
import { joinPath } from '../source-tree.ts';
import { optionOf } from '../words.ts';
import { ANYWHERE, type Draft, http, type LaunchContext, optionText, portText, variableIn } from './context.ts';
import { portNumber } from './node-programs.ts';
import { viteSettings } from './page-servers.ts';

interface Tool {
  readonly ports: readonly string[];
  readonly hosts: readonly string[];
  readonly port: number;
  readonly host: string;
  readonly portVariable?: string;
  readonly hostVariable?: string;
  readonly development: boolean;
  /** A configuration file may say otherwise. */
  readonly configured?: string;
}

const TOOLS: Readonly<Record<string, Tool>> = {
  'next dev': {
    ports: ['-p', '--port'],
    hosts: ['-H', '--hostname'],
    port: 3000,
    host: ANYWHERE,
    portVariable: 'PORT',
    development: true,
  },
  'next start': {
    ports: ['-p', '--port'],
    hosts: ['-H', '--hostname'],
    port: 3000,
    host: ANYWHERE,
    portVariable: 'PORT',
    development: false,
  },
  'vite dev': {
    ports: ['--port'],
    hosts: ['--host'],
    port: 5173,
    host: 'localhost',
    development: true,
    configured: 'vite.config',
  },
  'vite preview': {
    ports: ['--port'],
    hosts: ['--host'],
    port: 4173,
    host: 'localhost',
    development: true,
    configured: 'vite.config',
  },
  'react-scripts start': {
    ports: [],
    hosts: [],
    port: 3000,
    host: ANYWHERE,
    portVariable: 'PORT',
    hostVariable: 'HOST',
    development: true,
  },
  'ng serve': {
    ports: ['--port'],
    hosts: ['--host'],
    port: 4200,
    host: 'localhost',
    development: true,
    configured: 'angular.json',
  },
  'nuxt dev': {
    ports: ['-p', '--port'],
    hosts: ['-h', '--host'],
    port: 3000,
    host: 'localhost',
    portVariable: 'PORT',
    development: true,
    configured: 'nuxt.config',
  },
  'nuxt start': {
    ports: ['-p', '--port'],
    hosts: ['-h', '--host'],
    port: 3000,
    host: ANYWHERE,
    portVariable: 'PORT',
    development: false,
    configured: 'nuxt.config',
  },
  'astro dev': {
    ports: ['--port'],
    hosts: ['--host'],
    port: 4321,
    host: 'localhost',
    development: true,
    configured: 'astro.config',
  },
  'astro preview': {
    ports: ['--port'],
    hosts: ['--host'],
    port: 4321,
    host: 'localhost',
    development: true,
    configured: 'astro.config',
  },
  'remix-serve ': {
    ports: [],
    hosts: [],
    port: 3000,
    host: ANYWHERE,
    portVariable: 'PORT',
    hostVariable: 'HOST',
    development: false,
  },
  'react-router-serve ': {
    ports: [],
    hosts: [],
    port: 3000,
    host: ANYWHERE,
    portVariable: 'PORT',
    hostVariable: 'HOST',
    development: false,
  },
  'vue-cli-service serve': {
    ports: ['--port'],
    hosts: ['--host'],
    port: 8080,
    host: ANYWHERE,
    portVariable: 'PORT',
    development: true,
    configured: 'vue.config',
  },
  'http-server ': {
    ports: ['-p', '--port'],
    hosts: ['-a'],
    port: 8080,
    host: ANYWHERE,
    portVariable: 'PORT',
    development: false,
  },
  'webpack serve': {
    ports: ['--port'],
    hosts: ['--host'],
    port: 8080,
    host: 'localhost',
    development: true,
    configured: 'webpack.config',
  },
};

/** Dev servers and static servers that npm brings; undefined for others. */
export function nodeTool(name: string, argv: readonly string[], context: LaunchContext): Draft | undefined {
  if (name === 'serve') return serve(argv, context);
  const verb = argv[1]?.startsWith('-') ? undefined : argv[1];
  const tool =
    TOOLS[`${name} ${verb ?? ''}`] ??
    TOOLS[`${name} `] ??
    (name === 'vite' && (verb === undefined || verb === 'serve')
      ? TOOLS['vite dev']
      : name === 'next' && verb === undefined
        ? TOOLS['next dev']
        : undefined);
  if (!tool) return undefined;
  const read = name === 'vite' ? viteSettings(verb, argv, context) : undefined;
  const vite = read === 'unread' ? undefined : read;
  const configured =
    vite === undefined &&
    tool.configured !== undefined &&
    context.tree
      .names(context.cwd)
      .some((file) => file.startsWith(tool.configured ?? '') && (read === 'unread' || mentions(context, file)));
  const written = optionOf(argv, ...tool.ports);
  const hostOption = optionOf(argv, ...tool.hosts) ?? (argv.at(-1) === '--host' ? '' : undefined);
  const set = tool.portVariable === undefined ? undefined : context.env.get(tool.portVariable);
  const setHost = tool.hostVariable === undefined ? undefined : context.env.get(tool.hostVariable);
  const port: Fact<number> =
    written !== undefined
      ? portText(written, context)
      : set
        ? portNumber(set)
        : configured
          ? unknown(`${tool.configured ?? 'a configuration file'} may set it`)
          : vite?.port
            ? portNumber(vite.port)
            : known(tool.port);
  // A bare --host means all addresses.
  const host: Fact<string> =
    hostOption !== undefined
      ? hostOption === '' || hostOption.startsWith('-') || hostOption === 'true'
        ? known(ANYWHERE)
        : optionText(hostOption, context)
      : (setHost ??
        (configured
          ? unknown(`${tool.configured ?? 'a configuration file'} may set it`)
          : (vite?.host ?? known(tool.host))));
  const variable = variableIn(written) ?? (written === undefined ? tool.portVariable : undefined);
  return {
    program: name,
    language: 'node',
    listen: known([http(host, port, variable)]),
    mode: known(tool.development ? 'development' : 'production'),
    role: 'web',
    notes: [],
  };
}

function mentions(context: LaunchContext, file: string): boolean {
  return /\b(port|host|server|devServer)\b/.test(context.tree.text(joinPath(context.cwd, file)) ?? 'port');
}

/** `serve -s build -l 3000`: `-l` takes a port, host:port or tcp://host:port; PORT stands for it. */
function serve(argv: readonly string[], context: LaunchContext): Draft {
  const listen = optionOf(argv, '-l', '--listen', '-p', '--port');
  const set = context.env.get('PORT');
  const text = listen?.replace(/^tcp:\/\//, '');
  const port: Fact<number> =
    text === undefined ? (set ? portNumber(set) : known(3000)) : portText(/:([^:]*)$/.exec(text)?.[1] ?? text, context);
  const host = text !== undefined && /:\d+$/.test(text) ? text.replace(/:\d+$/, '') : ANYWHERE;
  return {
    program: 'serve',
    language: 'node',
    listen: known([http(known(host), port, variableIn(listen) ?? (listen === undefined ? 'PORT' : undefined))]),
    mode: known('production'),
    role: 'web',
    notes: [],
  };
}
