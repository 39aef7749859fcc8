import { projectFile, readTsconfig } from '../../source/node/tsconfig.ts';
import type { Call } from '../command-model.ts';
import { joinPath } from '../node.ts';
import type { ImageState } from '../state.ts';
import { configNames, configOf, literalOf } from './node-build-config.ts';
import { isRecord, jsonAt } from './node-project.ts';
import { flagValue, splitLine } from './npm-line.ts';
import { kindAt, textAt } from './paths.ts';

/** Folders that a build writes, relative to its folder or absolute; undefined: not known which. */
export type Outputs = readonly string[] | undefined;

type Builder = (state: ImageState, at: string, words: readonly string[], call: Call) => Outputs;

function vite(state: ImageState, at: string, words: readonly string[]): Outputs {
  const line = splitLine(words, /^(--outDir|--config|-c|--mode|-m|--base|--logLevel|-l|--ssr|--assetsDir)$/);
  const given = flagValue(line.flags, '--outDir');
  if (given !== undefined) return [given];
  // `vite build web` takes another folder as the root.
  if (line.verb !== '') return undefined;
  const config = flagValue(line.flags, '--config', '-c');
  const text = configOf(state, at, config === undefined ? configNames('vite.config') : [config]);
  if (text === undefined) return undefined;
  if (text === 'absent') return ['dist'];
  if (/sveltekit\(/.test(text)) return ['build', '.svelte-kit'];
  if (/reactRouter\(|remix\(|vitePlugin as remix/.test(text)) return ['build'];
  if (/laravel\(|tanstackStart\(|nitro\(|vinxi|qwik|solidStart|mergeConfig|\b(?:root|dir)\s*:|configFile/.test(text))
    return undefined;
  const out = literalOf(text, 'outDir');
  return out === 'none' ? ['dist'] : out === undefined ? undefined : [out];
}

/** `tsc`, and `tsc --build` with all projects that it refers to. */
function tsc(state: ImageState, at: string, words: readonly string[]): Outputs {
  const line = splitLine(words, /^(--project|-p|--outDir|--target|--module)$/);
  if (line.flags.includes('--clean')) return undefined;
  if (line.flags.includes('--noEmit') || line.flags.includes('--dry')) return [];
  const given = flagValue(line.flags, '--outDir');
  if (given !== undefined) return [given];
  const builds = line.flags.some((flag) => flag === '-b' || flag === '--build');
  const named = builds
    ? [line.verb, ...line.names].filter((name) => name !== '')
    : [flagValue(line.flags, '--project', '-p') ?? '.'];
  const outputs = (named.length === 0 ? ['.'] : named).map((name) =>
    projectOutputs(state, projectFile(joinPath(at, name)), builds, 0),
  );
  return outputs.some((one) => one === undefined) ? undefined : outputs.flatMap((one) => one ?? []);
}

const DEEPEST = 10;

/** Folders that a project writes and, in a build, those it refers to; undefined: not known which. */
function projectOutputs(state: ImageState, file: string, builds: boolean, depth: number): Outputs {
  const config = readTsconfig((path) => textAt(state, path), file);
  if (config === undefined || depth > DEEPEST) return undefined;
  const { outDir, noEmit } = config.options;
  // A file of references alone has no sources of its own.
  const nothing = noEmit === true || (config.files?.length === 0 && config.include === undefined);
  if (!nothing && (typeof outDir !== 'string' || outDir.includes('$'))) return undefined;
  const own = nothing ? [] : [String(outDir)];
  const others = builds ? config.references.map((one) => projectOutputs(state, one, true, depth + 1)) : [];
  return others.some((one) => one === undefined) ? undefined : [...own, ...others.flatMap((one) => one ?? [])];
}

function nest(state: ImageState, at: string, words: readonly string[]): Outputs {
  if (/"(?:projects|monorepo|webpack\w*)"\s*:/.test(textAt(state, joinPath(at, 'nest-cli.json')) ?? ''))
    return undefined;
  if (words.some((word) => /^(--path|-p|--config|-c|--webpack.*)(=|$)/.test(word))) return undefined;
  const special = textAt(state, joinPath(at, 'tsconfig.build.json')) ?? '';
  return tsc(state, at, ['-p', /outDir/.test(special) ? 'tsconfig.build.json' : 'tsconfig.json']);
}

/** Every outputPath that the workspace's build options and their configurations name: which configuration runs is not asked. */
function angular(state: ImageState, at: string, words: readonly string[]): Outputs {
  const given = flagValue(words, '--output-path');
  if (given !== undefined) return [given];
  const workspace = jsonAt(state, joinPath(at, 'angular.json'));
  if (!workspace || !isRecord(workspace['projects'])) return undefined;
  const outputs: string[] = [];
  for (const [name, project] of Object.entries(workspace['projects'])) {
    const architect = isRecord(project) ? (project['architect'] ?? project['targets']) : undefined;
    const build = isRecord(architect) ? architect['build'] : undefined;
    if (!isRecord(build)) continue;
    const configurations = isRecord(build['configurations']) ? Object.values(build['configurations']) : [];
    let named = false;
    for (const options of [build['options'], ...configurations]) {
      const path = isRecord(options) ? options['outputPath'] : undefined;
      if (path === undefined) continue;
      const text = isRecord(path) ? path['base'] : path;
      if (typeof text !== 'string') return undefined;
      named = named || options === build['options'];
      outputs.push(text);
    }
    if (!named) outputs.push(`dist/${name}`);
  }
  return outputs.length > 0 ? outputs : undefined;
}

/** `build`, or where BUILD_PATH of the environment or of an `.env` file says. */
function reactScripts(state: ImageState, at: string, _: readonly string[], call: Call): Outputs {
  const set = call.env.get('BUILD_PATH');
  if (set) return set.known ? [set.value] : undefined;
  const outputs: string[] = [];
  for (const name of ['.env.production.local', '.env.local', '.env.production', '.env']) {
    const path = joinPath(at, name);
    const kind = kindAt(state, path);
    if (kind === 'absent') continue;
    const text = textAt(state, path);
    if (text === undefined) return undefined;
    const value = /^\s*(?:export\s+)?BUILD_PATH\s*=\s*(.*)$/m
      .exec(text)?.[1]
      ?.trim()
      .replace(/^(['"])(.*)\1$/, '$2');
    if (value === undefined || value === '') continue;
    if (value.includes('$')) return undefined;
    outputs.push(value);
  }
  return outputs.length > 0 ? outputs : call.envOpen ? undefined : ['build'];
}

/** CRACO is react-scripts with a config that may change anything. */
function craco(state: ImageState, at: string, words: readonly string[], call: Call): Outputs {
  const text = configOf(state, at, configNames('craco.config'));
  return text === undefined || (text !== 'absent' && /\b(?:output|paths|appBuild)\b/.test(text))
    ? undefined
    : reactScripts(state, at, words, call);
}

/** The folder that a flag or a literal of the config names, else the tool's own. */
function outDirOf(stem: readonly string[], key: string, fallback: string, flags: readonly string[]): Builder {
  return (state, at, words) => {
    const given = flagValue(words, ...flags);
    if (given !== undefined) return [given];
    const text = configOf(state, at, stem);
    if (text === undefined) return undefined;
    const out = text === 'absent' ? 'none' : literalOf(text, key);
    return out === undefined ? undefined : [out === 'none' ? fallback : out];
  };
}

/** Fixed folders, unless the config has a word that moves them. */
function fixed(stem: string, moved: RegExp, outputs: readonly string[]): Builder {
  return (state, at) => {
    const text = configOf(state, at, configNames(stem));
    return text === undefined || (text !== 'absent' && moved.test(text)) ? undefined : outputs;
  };
}

function parcel(state: ImageState, at: string, words: readonly string[]): Outputs {
  const given = flagValue(words, '--dist-dir');
  if (given !== undefined) return [given];
  const manifest = jsonAt(state, joinPath(at, 'package.json'));
  return manifest === undefined || ['targets', 'main', 'module', 'browser'].some((key) => manifest[key] !== undefined)
    ? undefined
    : ['dist'];
}

function esbuild(words: readonly string[]): Outputs {
  const folder = flagValue(words, '--outdir');
  const file = flagValue(words, '--outfile');
  return folder !== undefined ? [folder] : file?.includes('/') ? [file.slice(0, file.lastIndexOf('/'))] : undefined;
}

function webpack(words: readonly string[]): Outputs {
  const out = flagValue(words, '--output-path', '-o');
  return out === undefined ? undefined : [out];
}

const notKnown: Builder = () => undefined;
const nuxt = fixed('nuxt.config', /buildDir|output|distDir|preset|rootDir/, ['.output', '.nuxt', 'dist']);
const vue = outDirOf(['vue.config.js', 'vue.config.ts'], 'outputDir', 'dist', ['--dest']);

/** Builders by their command: which verb builds, and where the output lands. */
export const BUILDERS: ReadonlyMap<string, { readonly verbs?: RegExp; readonly outputs: Builder }> = new Map<
  string,
  { verbs?: RegExp; outputs: Builder }
>([
  ['vite', { verbs: /^build$/, outputs: vite }],
  ['tsc', { outputs: tsc }],
  ['vue-tsc', { outputs: tsc }],
  ['astro', { verbs: /^build$/, outputs: outDirOf(configNames('astro.config'), 'outDir', 'dist', ['--outDir']) }],
  ['nuxt', { verbs: /^(build|generate)$/, outputs: nuxt }],
  ['nuxi', { verbs: /^(build|generate)$/, outputs: nuxt }],
  ['ng', { verbs: /^(build|b)$/, outputs: angular }],
  ['react-scripts', { verbs: /^build$/, outputs: reactScripts }],
  ['craco', { verbs: /^build$/, outputs: craco }],
  ['vue-cli-service', { verbs: /^build$/, outputs: vue }],
  ['gatsby', { verbs: /^build$/, outputs: () => ['public', '.cache'] }],
  ['parcel', { verbs: /^build$/, outputs: parcel }],
  [
    'remix',
    {
      verbs: /^(vite:)?build$/,
      outputs: fixed('remix.config', /BuildDirectory|BuildPath/, ['build', 'public/build']),
    },
  ],
  ['react-router', { verbs: /^build$/, outputs: fixed('react-router.config', /buildDirectory/, ['build']) }],
  ['nest', { verbs: /^build$/, outputs: nest }],
  ['tsup', { outputs: outDirOf(configNames('tsup.config'), 'outDir', 'dist', ['--out-dir', '-d']) }],
  ['esbuild', { outputs: (_, __, words) => esbuild(words) }],
  ['webpack', { outputs: (_, __, words) => webpack(words) }],
  ['webpack-cli', { outputs: notKnown }],
  ['rollup', { outputs: notKnown }],
  ['next', { verbs: /^build$/, outputs: () => [] }],
]);
