import type { Change } from '../change.ts';
import type { Call, Failure } from '../command-model.ts';
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
