import { change } from '../change.ts';
import { type Call, type CommandModel, type Outcome, succeeded } from '../command-model.ts';
import { joinPath } from '../node.ts';
import type { ImageState } from '../state.ts';
import { isRecord, jsonAt, readManifest, runScript } from './node-project.ts';
import { flagValue, quote, splitLine } from './npm.ts';
import { knownTexts } from './options.ts';
import { kindAt, ownerOf, textAt } from './paths.ts';

const EXTENSIONS = ['ts', 'js', 'mjs', 'cjs', 'mts', 'cts'];

/** Text of the first config file of a tool: `absent` when there certainly is none, undefined when it is not known. */
function configOf(state: ImageState, at: string, names: readonly string[]): string | 'absent' | undefined {
  let unknown = false;
  for (const name of names) {
    const path = joinPath(at, name);
    const kind = kindAt(state, path);
    if (kind === 'absent') continue;
    const text = textAt(state, path);
    if (text !== undefined) return text;
    unknown = true;
  }
  return unknown ? undefined : 'absent';
}

const configs = (stem: string): readonly string[] => EXTENSIONS.map((extension) => `${stem}.${extension}`);

/** Output folders of a build, relative to its folder; undefined: somewhere below it. */
type Outputs = readonly string[] | undefined;

function literal(text: string, key: string): string | 'none' | undefined {
  if (!new RegExp(`\\b${key}\\b`).test(text)) return 'none';
  return new RegExp(`\\b${key}\\s*:\\s*(['"\`])([^'"\`$]+)\\1`).exec(text)?.[2];
}

function vite(state: ImageState, at: string, words: readonly string[]): Outputs {
  const line = splitLine(words, /^(--outDir|--config|-c|--mode|-m|--base|--logLevel|-l|--ssr|--assetsDir)$/);
  const given = flagValue(line.flags, '--outDir');
  if (given !== undefined) return [given];
  const config = flagValue(line.flags, '--config', '-c');
  const text = configOf(state, at, config === undefined ? configs('vite.config') : [config]);
  if (text === undefined) return undefined;
  if (text === 'absent') return ['dist'];
  if (/sveltekit\(/.test(text)) return ['build', '.svelte-kit'];
  if (/reactRouter\(|remix\(|vitePlugin as remix/.test(text)) return ['build'];
  if (/laravel\(|tanstackStart\(|nitro\(|vinxi|qwik|solidStart|mergeConfig|\broot\s*:|configFile/.test(text))
    return undefined;
  const out = literal(text, 'outDir');
  return out === 'none' ? ['dist'] : out === undefined ? undefined : [out];
}

function tsc(state: ImageState, at: string, words: readonly string[]): Outputs {
  const line = splitLine(words, /^(--project|-p|--outDir|--target|--module|--build|-b)$/);
  if (line.flags.includes('--noEmit')) return [];
  const given = flagValue(line.flags, '--outDir');
  if (given !== undefined) return [given];
  if (line.flags.some((flag) => flag === '-b' || flag === '--build')) return undefined;
  const file = flagValue(line.flags, '--project', '-p') ?? 'tsconfig.json';
  const text = textAt(state, joinPath(at, /\.json$/.test(file) ? file : `${file}/tsconfig.json`));
  if (text === undefined) return undefined;
  if (/"noEmit"\s*:\s*true/.test(text)) return [];
  const out = /"outDir"\s*:\s*"([^"]+)"/.exec(text)?.[1];
  const folder = /\//.test(file) ? file.slice(0, file.lastIndexOf('/')) : '.';
  return out === undefined ? undefined : [joinPath(`/${folder}`, out).slice(1)];
}

function angular(state: ImageState, at: string, words: readonly string[]): Outputs {
  const given = flagValue(words, '--output-path');
  if (given !== undefined) return [given];
  const workspace = jsonAt(state, joinPath(at, 'angular.json'));
  if (!workspace) return undefined;
  const outputs: string[] = [];
  for (const project of Object.values(isRecord(workspace['projects']) ? workspace['projects'] : {})) {
    const architect = isRecord(project) ? (project['architect'] ?? project['targets']) : undefined;
    const build = isRecord(architect) ? architect['build'] : undefined;
    const options = isRecord(build) && isRecord(build['options']) ? build['options'] : {};
    const path = options['outputPath'];
    const text = isRecord(path) ? path['base'] : path;
    outputs.push(typeof text === 'string' ? text : 'dist');
  }
  return outputs.length > 0 ? outputs : ['dist'];
}

function outDirOf(stem: readonly string[], key: string, fallback: string, flag: readonly string[]) {
  return (state: ImageState, at: string, words: readonly string[]): Outputs => {
    const given = flagValue(words, ...flag);
    if (given !== undefined) return [given];
    const text = configOf(state, at, stem);
    if (text === undefined) return undefined;
    const out = text === 'absent' ? 'none' : literal(text, key);
    return out === undefined ? undefined : [out === 'none' ? fallback : out];
  };
}

type Builder = (state: ImageState, at: string, words: readonly string[]) => Outputs;

const BUILDERS: ReadonlyMap<string, { readonly verbs?: RegExp; readonly outputs: Builder }> = new Map<
  string,
  { verbs?: RegExp; outputs: Builder }
>([
  ['vite', { verbs: /^build$/, outputs: vite }],
  ['tsc', { outputs: tsc }],
  ['vue-tsc', { outputs: tsc }],
  ['astro', { verbs: /^build$/, outputs: outDirOf(configs('astro.config'), 'outDir', 'dist', ['--outDir']) }],
  ['nuxt', { verbs: /^(build|generate)$/, outputs: () => ['.output', '.nuxt', 'dist'] }],
  ['nuxi', { verbs: /^(build|generate)$/, outputs: () => ['.output', '.nuxt', 'dist'] }],
  ['ng', { verbs: /^(build|b)$/, outputs: angular }],
  ['react-scripts', { verbs: /^build$/, outputs: () => ['build'] }],
  ['craco', { verbs: /^build$/, outputs: () => ['build'] }],
  [
    'vue-cli-service',
    { verbs: /^build$/, outputs: outDirOf(['vue.config.js', 'vue.config.ts'], 'outputDir', 'dist', ['--dest']) },
  ],
  ['gatsby', { verbs: /^build$/, outputs: () => ['public', '.cache'] }],
  ['parcel', { verbs: /^build$/, outputs: (_, __, words) => [flagValue(words, '--dist-dir') ?? 'dist'] }],
  ['remix', { verbs: /^(vite:)?build$/, outputs: () => ['build', 'public/build'] }],
  ['react-router', { verbs: /^build$/, outputs: () => ['build'] }],
  [
    'nest',
    {
      verbs: /^build$/,
      outputs: (state, at) =>
        tsc(state, at, [
          '-p',
          kindAt(state, joinPath(at, 'tsconfig.build.json')) === 'file' &&
          /outDir/.test(textAt(state, joinPath(at, 'tsconfig.build.json')) ?? '')
            ? 'tsconfig.build.json'
            : 'tsconfig.json',
        ]),
    },
  ],
  ['tsup', { outputs: outDirOf(configs('tsup.config'), 'outDir', 'dist', ['--out-dir', '-d']) }],
  [
    'esbuild',
    {
      outputs: (_, __, words) => {
        const out = flagValue(words, '--outdir');
        const file = flagValue(words, '--outfile');
        return out !== undefined ? [out] : file?.includes('/') ? [file.slice(0, file.lastIndexOf('/'))] : undefined;
      },
    },
  ],
  [
    'webpack',
    {
      outputs: (_, __, words) => {
        const out = flagValue(words, '--output-path', '-o');
        return out === undefined ? undefined : [out];
      },
    },
  ],
  ['webpack-cli', { outputs: () => undefined }],
  ['rollup', { outputs: () => undefined }],
  ['next', { verbs: /^build$/, outputs: () => [] }],
]);

/** A front-end or TypeScript build: where its output lands. */
export const nodeBuild: CommandModel = (call, state) => {
  const words = knownTexts(call.argv.slice(1));
  const builder = BUILDERS.get(call.name);
  if (!words || !builder || !call.cwd.known) return undefined;
  const verb = words.find((item) => !item.startsWith('-')) ?? '';
  if (words.some((item) => /^(--version|-v|--help|-h)$/.test(item))) return succeeded(state);
  if (builder.verbs && !builder.verbs.test(verb)) return softBuild(call, state, verb);
  const at = call.cwd.value;
  if (call.name === 'next') return next(call, state, at);
  const line = builder.verbs ? words.slice(words.indexOf(verb) + 1) : words;
  const buildPath = call.name === 'react-scripts' ? call.env.get('BUILD_PATH') : undefined;
  const outputs = buildPath ? (buildPath.known ? [buildPath.value] : undefined) : builder.outputs(state, at, line);
  const result = change(state, call.reason);
  if (outputs === undefined) {
    result.fill(at, `${call.name} writes its output, where is not known`, ownerOf(call));
    return succeeded(result.state, [`builds: where the output lands is not known`]);
  }
  for (const output of outputs) result.fill(joinPath(at, output), `${call.name} builds into it`, ownerOf(call));
  if (call.name === 'vite') {
    // The manifest of the output: an index.html is there when the project has one.
    const [out] = outputs;
    if (out !== undefined && kindAt(state, joinPath(at, 'index.html')) === 'file')
      result.write(joinPath(at, `${out}/index.html`), ownerOf(call));
  }
  return succeeded(
    result.state,
    outputs.map((output) => `creates ${joinPath(at, output)} (assumed: ${call.name} ${verb})`.replace(' )', ')')),
  );
};

function softBuild(call: Call, state: ImageState, verb: string): Outcome | undefined {
  return /^(lint|telemetry|info|check|sync|prepare|typecheck|test)$/.test(verb) && call.cwd.known
    ? succeeded(change(state, call.reason).fill(call.cwd.value, `${call.name} ${verb} may write files`).state)
    : undefined;
}

/** next build: `.next`, `standalone` in it and `out` only when next.config asks for them. */
function next(call: Call, state: ImageState, at: string): Outcome {
  const text = configOf(state, at, configs('next.config'));
  const result = change(state, call.reason);
  const own = ownerOf(call);
  const folder = text === undefined || text === 'absent' ? 'none' : literal(text, 'distDir');
  if (text === undefined || folder === undefined) {
    result.fill(at, 'next build writes its output, where is not known', own);
    return succeeded(result.state, ['builds: where the output lands is not known']);
  }
  const dist = joinPath(at, folder === 'none' ? '.next' : folder);
  result.fill(dist, 'next build builds into it', own);
  const output = text === 'absent' ? 'none' : literal(text, 'output');
  if (output === 'standalone') {
    result.fill(`${dist}/standalone`, 'next build puts the traced application in it', own);
    result.write(`${dist}/standalone/server.js`, own);
    result.fill(`${dist}/static`, 'next build builds into it', own);
  } else if (
    output === 'none' &&
    !/\bwith[A-Z]\w*\(|require\(|\.\.\.|import\s+(?!type)/.test(text.replace(/import type[^\n]*/g, ''))
  )
    result.remove(`${dist}/standalone`);
  if (output === 'export' || output === undefined) result.fill(joinPath(at, 'out'), 'next build exports into it', own);
  result.write(joinPath(at, 'next-env.d.ts'), own);
  return succeeded(result.state, [`creates ${dist} (assumed: next build)`]);
}

/** Checkers and test runners write nothing that an image needs; they are assumed to pass. */
export const nodeCheck: CommandModel = (call, state) => {
  if (!call.cwd.known) return undefined;
  const result = change(state, call.reason);
  for (const folder of ['coverage', '.eslintcache', 'test-results'])
    result.assumeBelow(joinPath(call.cwd.value, folder), `${call.name} may write it`);
  return { state: result.state, exit: { status: 'unknown', why: `${call.name} may find fault` }, effects: [] };
};

/** prisma generate: a client in node_modules, or where the schema says. */
export const prisma: CommandModel = (call, state) => {
  if (!call.cwd.known) return undefined;
  const result = change(state, call.reason).fill(
    joinPath(call.cwd.value, 'node_modules'),
    'prisma generates its client in it',
  );
  result.fill(call.cwd.value, 'prisma may generate its client where the schema says');
  return succeeded(result.state, ['generates the Prisma client']);
};

/** rimraf and del-cli. */
export const rimraf: CommandModel = (call, state) => {
  const words = knownTexts(call.argv.slice(1));
  if (!words || !call.cwd.known || words.some((item) => /[*?{]/.test(item))) return undefined;
  const result = change(state, call.reason);
  for (const item of words) if (!item.startsWith('-')) result.remove(joinPath(call.cwd.value, item));
  return succeeded(result.state, [`removes ${words.join(', ')}`]);
};

/** cross-env NAME=value command. */
export const crossEnv: CommandModel = (call, state, world) => {
  const words = knownTexts(call.argv.slice(1));
  if (!words) return undefined;
  const from = words.findIndex((item) => !/^[A-Za-z_]\w*=/.test(item));
  if (from === -1) return succeeded(state);
  const text = [
    ...words.slice(0, from).map((item) => item.replace(/=(.*)$/s, (_, value: string) => `=${quote(value)}`)),
    ...words.slice(from).map(quote),
  ].join(' ');
  return world.runShell(text, call, state);
};

/** npm-run-all, run-s, run-p: scripts one after another. */
export const runAll: CommandModel = (call, state, world) => {
  const words = knownTexts(call.argv.slice(1));
  if (!words || !call.cwd.known || words.some((item) => /[*{]/.test(item))) return undefined;
  const manifest = readManifest(state, call.cwd.value);
  if (typeof manifest === 'string') return undefined;
  let now = state;
  const effects: string[] = [];
  for (const name of words.filter((item) => !item.startsWith('-'))) {
    const outcome = runScript(call, now, world, call.cwd.value, manifest, name, '');
    if (!outcome || outcome.exit.status !== 'succeeds') return outcome;
    effects.push(...outcome.effects);
    now = outcome.state;
  }
  return succeeded(now, effects);
};
