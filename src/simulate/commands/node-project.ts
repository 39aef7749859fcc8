import { type Fact, known } from '../../facts/fact.ts';
import { type Change, change } from '../change.ts';
import { DEFAULT_PATH } from '../command-lookup.ts';
import type { Call, Failure, Outcome, World } from '../command-model.ts';
import { failed } from '../command-model.ts';
import { simulated, withFields } from '../image.ts';
import { joinPath } from '../node.ts';
import type { ImageState } from '../state.ts';
import { because, denied, kindAt, ownerOf, parentOf, textAt } from './paths.ts';

/** package.json of a folder of the image, as far as it can be read. */
export interface Manifest {
  readonly name?: string;
  readonly scripts: ReadonlyMap<string, string>;
  readonly dependencies: ReadonlySet<string>;
  readonly devDependencies: ReadonlySet<string>;
  readonly workspaces: boolean;
  readonly packageManager?: string;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const parsedTexts = new Map<string, Record<string, unknown>>();

/** Parsed JSON of a file of the image; undefined where its text is not known or is not JSON. */
export function jsonAt(state: ImageState, path: string): Record<string, unknown> | undefined {
  const text = textAt(state, path);
  if (text === undefined) return undefined;
  const known = parsedTexts.get(text);
  if (known) return known;
  try {
    const data: unknown = JSON.parse(text.replace(/^\uFEFF/, ''));
    if (!isRecord(data)) return undefined;
    if (parsedTexts.size > 40) parsedTexts.clear();
    parsedTexts.set(text, data);
    return data;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

const names = (value: unknown): ReadonlySet<string> => new Set(isRecord(value) ? Object.keys(value) : []);

/** `absent`: certainly no package.json; `unknown`: it may be there, or cannot be read. */
export function readManifest(state: ImageState, folder: string): Manifest | 'absent' | 'unknown' {
  const path = joinPath(folder, 'package.json');
  const kind = kindAt(state, path);
  if (kind === 'absent') return 'absent';
  const data = kind === 'file' ? jsonAt(state, path) : undefined;
  if (!data) return 'unknown';
  const scripts = isRecord(data['scripts']) ? Object.entries(data['scripts']) : [];
  return {
    ...(typeof data['name'] === 'string' ? { name: data['name'] } : {}),
    scripts: new Map(scripts.filter((entry): entry is [string, string] => typeof entry[1] === 'string')),
    dependencies: names(data['dependencies']),
    devDependencies: names(data['devDependencies']),
    workspaces: data['workspaces'] !== undefined,
    ...(typeof data['packageManager'] === 'string' ? { packageManager: data['packageManager'] } : {}),
  };
}

/** Whether an install leaves out development dependencies: by flag, or by NODE_ENV=production. Unknown when NODE_ENV is. */
export function omitsDev(
  call: Call,
  flags: readonly string[],
  manager: 'npm' | 'pnpm' | 'yarn' | 'bun',
): boolean | undefined {
  let omit: boolean | undefined;
  const mode = call.env.get('NODE_ENV');
  if (mode?.known) omit = mode.value === 'production';
  else if (mode === undefined) omit = call.envOpen ? undefined : false;
  if (manager === 'bun') omit = false;
  for (let i = 0; i < flags.length; i++) {
    const flag = flags[i] ?? '';
    const value = flag.includes('=') ? flag.slice(flag.indexOf('=') + 1) : flags[i + 1];
    if (/^--(omit)(=|$)/.test(flag) && value === 'dev') omit = true;
    else if (/^--include(=|$)/.test(flag) && value === 'dev') return false;
    else if (/^--only(=|$)/.test(flag) && /^prod/.test(value ?? '')) omit = true;
    else if (/^(--production|--prod|-P)(=true)?$/.test(flag)) omit = true;
    else if (/^(--production|--prod)=false$/.test(flag) || flag === '--dev' || flag === '-D') omit = false;
  }
  return omit;
}

export function fileFailure(
  call: Call,
  state: ImageState,
  kind: 'lockfile-missing' | 'manifest-missing',
  path: string,
  text: string,
  says: string,
): Failure {
  return {
    kind,
    at: call.at,
    subject: path,
    text,
    because: [...because(state, path), call.reason],
    says,
    detail: { path, command: call.name },
  };
}

/** A folder certainly has none of these files: the path of the first, else undefined. */
export function noneOf(state: ImageState, folder: string, files: readonly string[]): string | undefined {
  return files.every((file) => kindAt(state, joinPath(folder, file)) === 'absent')
    ? joinPath(folder, files[0] ?? '')
    : undefined;
}

/** The nearest folder, from `folder` upwards, with one of these files for certain; undefined where that cannot be told. */
export function nearestWith(state: ImageState, folder: string, files: readonly string[]): string | null | undefined {
  for (let at = folder; ; at = parentOf(at)) {
    const kinds = files.map((file) => kindAt(state, joinPath(at, file)));
    if (kinds.includes('file')) return at;
    if (kinds.some((kind) => kind !== 'absent')) return undefined;
    if (at === '/') return null;
  }
}

/** Creates node_modules as an installer does: its content is not known, its `.bin` holds what the lock file says. */
export function fillModules(
  result: Change,
  call: Call,
  folder: string,
  bins: ReadonlySet<string> | undefined,
  fresh: boolean,
): void {
  const modules = joinPath(folder, 'node_modules');
  const own = ownerOf(call);
  if (fresh) result.remove(modules);
  result.fill(modules, `${call.name} installs packages in it`, own);
  if (!bins) return;
  if (fresh) result.remove(`${modules}/.bin`);
  result.mkdir(`${modules}/.bin`, own);
  for (const bin of bins)
    result.write(`${modules}/.bin/${bin}`, { ...own, mode: 0o755, noFollow: true, replace: true });
}

/** Ways in which an install into a folder certainly fails for want of rights. */
export function notWritable(call: Call, state: ImageState, folder: string): readonly Failure[] {
  const modules = joinPath(folder, 'node_modules');
  const failure = kindAt(state, modules) === 'absent' ? denied(call, state, modules, call.name) : undefined;
  return failure ? [{ ...failure, says: 'EACCES' }] : [];
}

/** Runs `name` of a package's scripts, with its pre and post scripts, in the package's folder and with its tools on PATH. */
export function runScript(
  call: Call,
  state: ImageState,
  world: World,
  folder: string,
  manifest: Manifest,
  name: string,
  more: string,
): Outcome | undefined {
  const chain = [`pre${name}`, name, `post${name}`].filter((item) => manifest.scripts.has(item));
  let now = state;
  let last: Outcome | undefined;
  const effects: string[] = [];
  for (const item of chain) {
    const text = `${manifest.scripts.get(item) ?? ''}${item === name ? more : ''}`;
    last = runWithTools(call, now, world, folder, text, manifest);
    effects.push(...last.effects);
    if (last.exit.status !== 'succeeds') return { ...last, effects };
    now = last.state;
  }
  return last ? { ...last, effects } : undefined;
}

/** Runs a command line with `node_modules/.bin` of a folder and of those above it on PATH. */
export function runWithTools(
  call: Call,
  state: ImageState,
  world: World,
  folder: string,
  text: string,
  manifest?: Manifest,
): Outcome {
  const folders: string[] = [];
  for (let at = folder; ; at = parentOf(at)) {
    folders.push(joinPath(at, 'node_modules/.bin'));
    if (at === '/') break;
  }
  const before = simulated(state).env;
  const old = call.env.get('PATH') ?? before.get('PATH') ?? known(DEFAULT_PATH);
  const path: Fact<string> = old.known ? { ...old, value: [...folders, old.value].join(':') } : old;
  const prepared = manifest && old.known ? withoutTools(state, call, folders, old.value.split(':'), manifest) : state;
  const inner = withFields(prepared, { env: new Map([...before, ['PATH', path]]) });
  const env = new Map([...call.env, ['PATH', path] as const]);
  const outcome = world.runShell(text, call, inner, { cwd: known(folder), env });
  const restore = (image: ImageState) => withFields(image, { env: before });
  const exit =
    outcome.exit.status === 'fails'
      ? { ...outcome.exit, failures: outcome.exit.failures.map((item) => nameTool(item, manifest, state, folder)) }
      : outcome.exit;
  return {
    ...outcome,
    exit,
    state: restore(outcome.state),
    ...(outcome.repaired ? { repaired: restore(outcome.repaired) } : {}),
  };
}

/** Tools whose package has another name. */
const PACKAGE_OF: Readonly<Record<string, string>> = {
  tsc: 'typescript',
  ng: '@angular/cli',
  nest: '@nestjs/cli',
  'vue-cli-service': '@vue/cli-service',
  'run-s': 'npm-run-all',
  'run-p': 'npm-run-all',
  'svelte-kit': '@sveltejs/kit',
  tailwindcss: '@tailwindcss/cli',
  remix: '@remix-run/dev',
  'react-router': '@react-router/dev',
};

/** Says that tools of development dependencies that no node_modules holds are not on PATH either: no distribution brings
 * them, so a folder of the base image that is not known in full does not hold them. */
function withoutTools(
  state: ImageState,
  call: Call,
  folders: readonly string[],
  path: readonly string[],
  manifest: Manifest,
): ImageState {
  let now = state;
  for (const name of manifest.devDependencies) {
    if (manifest.dependencies.has(name)) continue;
    const tools = [
      name.replace(/^@[^/]*\//, ''),
      ...Object.keys(PACKAGE_OF).filter((tool) => PACKAGE_OF[tool] === name),
    ];
    for (const tool of tools) {
      if (!folders.every((folder) => kindAt(state, joinPath(folder, tool)) === 'absent')) continue;
      const [reason = call.reason] = state.tree.lookup(joinPath(folders[0] ?? '/', tool)).because;
      for (const folder of path) {
        const found = now.tree.lookup(joinPath(folder, tool), { follow: false });
        const untouched = !found.known && found.because.every((item) => item.kind === 'base-image');
        if (untouched) now = change(now, reason).remove(joinPath(folder, tool)).state;
      }
    }
  }
  return now;
}

/** A missing tool that the manifest lists for development was left out by the install, not forgotten. */
function nameTool(failure: Failure, manifest: Manifest | undefined, state: ImageState, folder: string): Failure {
  if (failure.kind !== 'command-missing' || !manifest) return failure;
  const tool = failure.subject;
  const owner = PACKAGE_OF[tool] ?? tool;
  if (!manifest.devDependencies.has(owner) || manifest.dependencies.has(owner)) return failure;
  const modules = joinPath(folder, 'node_modules');
  const installed = kindAt(state, modules) !== 'absent';
  if (!installed) return failure;
  return {
    ...failure,
    kind: 'dev-dependency-absent',
    text: `\`${tool}\` is not in the image: ${owner} is a development dependency, and the install left those out`,
    detail: { ...failure.detail, tool, package: owner },
  };
}

export function scriptMissing(call: Call, state: ImageState, folder: string, name: string, says: string): Outcome {
  return failed(
    state,
    [
      {
        kind: 'script-missing',
        at: call.at,
        subject: name,
        text: `${call.name} stops: ${joinPath(folder, 'package.json')} has no script ${name}`,
        because: [...state.tree.lookup(joinPath(folder, 'package.json')).because, call.reason],
        says,
        detail: { script: name, folder },
      },
    ],
    { repaired: state },
  );
}
