import type { Call, Failure } from '../command-model.ts';
import { joinPath } from '../node.ts';
import type { ImageState } from '../state.ts';
import { configNames, configOf } from './node-build-config.ts';
import { jsonAt, noneOf } from './node-project.ts';
import { flagValue } from './npm-line.ts';
import { because, kindAt, parentOf } from './paths.ts';

interface Missing {
  readonly path: string;
  /** A part of what the tool prints. */
  readonly says: string;
}

type Input = (state: ImageState, at: string, words: readonly string[]) => Missing | undefined;

const missing = (path: string, says: string): Missing => ({ path, says });

/** Without a file on the command line tsc takes the nearest tsconfig.json; without one it prints its help and ends with 1. */
function tsc(state: ImageState, at: string, words: readonly string[]): Missing | undefined {
  const project = flagValue(words, '--project', '-p');
  if (project !== undefined) {
    const path = joinPath(at, project);
    return kindAt(state, path) === 'absent' ? missing(path, 'TS5058') : undefined;
  }
  if (words.some((word) => /^(-b|--build|--init|--showConfig)$/.test(word) || /\.[mc]?[jt]sx?$/.test(word)))
    return undefined;
  for (let folder = at; ; folder = parentOf(folder)) {
    if (kindAt(state, joinPath(folder, 'tsconfig.json')) !== 'absent') return undefined;
    if (folder === '/') return missing(joinPath(at, 'tsconfig.json'), 'The TypeScript Compiler');
  }
}

function nest(state: ImageState, at: string, words: readonly string[]): Missing | undefined {
  if (words.some((word) => word.startsWith('-'))) return undefined;
  if (kindAt(state, joinPath(at, 'nest-cli.json')) === 'file') {
    const config = jsonAt(state, joinPath(at, 'nest-cli.json'));
    if (config === undefined || JSON.stringify(config).includes('tsConfigPath') || config['monorepo'] === true)
      return undefined;
  }
  return ['tsconfig.json', 'tsconfig.build.json'].every((name) => kindAt(state, joinPath(at, name)) === 'absent')
    ? missing(joinPath(at, 'tsconfig.json'), 'Could not find TypeScript configuration file')
    : undefined;
}

/** The page that a build starts from, unless the config says that it starts elsewhere. */
function vite(state: ImageState, at: string, words: readonly string[]): Missing | undefined {
  if (words.some((word) => word !== '--' && !/^(--mode|-m|production|development|staging|--base)(=|$)/.test(word)))
    return undefined;
  const config = configOf(state, at, configNames('vite.config'));
  if (config === undefined) return undefined;
  const elsewhere =
    /\b(root|input|lib|ssr|build\.rollup)\b|rollupOptions|rolldownOptions|sveltekit|reactRouter|remix|tanstack|laravel|qwik|solidStart|nitro|vinxi|crx|electron|mergeConfig|builder|single-spa/;
  if (config !== 'absent' && elsewhere.test(config)) return undefined;
  const path = joinPath(at, 'index.html');
  return kindAt(state, path) === 'absent' ? missing(path, 'index.html') : undefined;
}

/** Required by react-scripts before it starts (`checkRequiredFiles`). */
function reactScripts(state: ImageState, at: string): Missing | undefined {
  const page = joinPath(at, 'public/index.html');
  if (kindAt(state, page) === 'absent') return missing(page, 'Could not find a required file');
  const none = noneOf(
    state,
    at,
    ['js', 'jsx', 'ts', 'tsx', 'mjs', 'cjs'].map((ending) => `src/index.${ending}`),
  );
  return none === undefined ? undefined : missing(none, 'Could not find a required file');
}

function angular(state: ImageState, at: string): Missing | undefined {
  for (let folder = at; ; folder = parentOf(folder)) {
    for (const name of ['angular.json', '.angular.json'])
      if (kindAt(state, joinPath(folder, name)) !== 'absent') return undefined;
    if (folder === '/') return missing(joinPath(at, 'angular.json'), 'outside a workspace');
  }
}

function next(state: ImageState, at: string, words: readonly string[]): Missing | undefined {
  if (words.some((word) => !word.startsWith('-'))) return undefined;
  const none = noneOf(state, at, ['app', 'pages', 'src/app', 'src/pages']);
  return none === undefined ? undefined : missing(none, "Couldn't find any `pages` or `app` directory");
}

/** Where prisma looks for its schema; package.json or prisma.config may name another place. */
function prisma(state: ImageState, at: string, words: readonly string[]): Missing | undefined {
  const given = flagValue(words, '--schema');
  if (given !== undefined) {
    const path = joinPath(at, given);
    return kindAt(state, path) === 'absent' ? missing(path, 'Could not load') : undefined;
  }
  if (words.some((word) => /^--config/.test(word))) return undefined;
  const manifest = jsonAt(state, joinPath(at, 'package.json'));
  if (manifest === undefined || manifest['prisma'] !== undefined) return undefined;
  const configs = [...configNames('prisma.config'), ...configNames('.config/prisma')];
  if (noneOf(state, at, configs) === undefined) return undefined;
  const none = noneOf(state, at, ['prisma/schema.prisma', 'schema.prisma', 'prisma/schema']);
  return none === undefined ? undefined : missing(none, 'Could not find Prisma Schema');
}

const INPUTS: Readonly<Record<string, Input>> = {
  tsc,
  'vue-tsc': tsc,
  nest,
  vite,
  'react-scripts': reactScripts,
  ng: angular,
  next,
  prisma,
};

/** The failure of a build tool whose configuration or first file is certainly not in the image. `words`: without the verb. */
export function inputFailure(call: Call, state: ImageState, at: string, words: readonly string[]): Failure | undefined {
  const found = INPUTS[call.name]?.(state, at, words);
  if (found === undefined) return undefined;
  return {
    kind: 'build-input-missing',
    at: call.at,
    subject: found.path,
    text: `${call.name} stops: there is no ${found.path} in the image at this point`,
    because: [...because(state, found.path), call.reason],
    says: found.says,
    detail: { path: found.path, command: call.name },
  };
}
