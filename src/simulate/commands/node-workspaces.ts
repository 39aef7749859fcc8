import { change } from '../change.ts';
import { type Call, type Outcome, succeeded, type World } from '../command-model.ts';
import { joinPath } from '../node.ts';
import type { ImageState } from '../state.ts';
import { isRecord, jsonAt, type Manifest, readManifest } from './node-project.ts';
import { runScript } from './node-scripts.ts';
import { kindAt, parentOf, textAt } from './paths.ts';

/** A package of a repository of several. */
export interface Workspace {
  readonly folder: string;
  readonly manifest: Manifest;
}

const DEEPEST = 4;

/** The packages that a root manifest (or pnpm-workspace.yaml) names, the root not among them; undefined where they are not all known. */
export function workspacesOf(state: ImageState, root: string): readonly Workspace[] | undefined {
  const patterns = patternsOf(state, root);
  if (patterns === undefined) return undefined;
  const folders = new Set<string>();
  for (const pattern of patterns.filter((one) => !one.startsWith('!'))) {
    const found = expand(state, root, pattern.replace(/^\.\//, '').replace(/\/$/, '').split('/'));
    if (found === undefined) return undefined;
    for (const folder of found) folders.add(folder);
  }
  for (const pattern of patterns.filter((one) => one.startsWith('!')))
    for (const folder of expand(state, root, pattern.slice(1).replace(/^\.\//, '').split('/')) ?? [])
      folders.delete(folder);
  folders.delete(root);
  const out: Workspace[] = [];
  for (const folder of folders) {
    const manifest = readManifest(state, folder);
    if (manifest === 'unknown') return undefined;
    if (manifest !== 'absent') out.push({ folder, manifest });
  }
  return out;
}

/** The nearest folder upwards that says where packages lie. */
export function workspaceRoot(state: ImageState, from: string): string | undefined {
  for (let at = from; ; at = parentOf(at)) {
    if (patternsOf(state, at) !== undefined) return at;
    if (at === '/') return undefined;
  }
}

function patternsOf(state: ImageState, root: string): readonly string[] | undefined {
  const yaml = joinPath(root, 'pnpm-workspace.yaml');
  if (kindAt(state, yaml) === 'file') {
    const text = textAt(state, yaml);
    return text === undefined ? undefined : listed(text);
  }
  const manifest = jsonAt(state, joinPath(root, 'package.json'));
  const said = manifest?.['workspaces'];
  const list = isRecord(said) ? said['packages'] : said;
  return Array.isArray(list) && list.every((one) => typeof one === 'string') ? list : undefined;
}

/** The list under `packages:`; empty when there is none. */
function listed(text: string): readonly string[] | undefined {
  const lines = text.split(/\r?\n/);
  const start = lines.findIndex((line) => /^packages\s*:/.test(line));
  if (start < 0) return [];
  if (/^packages\s*:\s*[^\s#]/.test(lines[start] ?? '')) return undefined;
  const out: string[] = [];
  for (const line of lines.slice(start + 1)) {
    const item = /^\s*-\s*(['"]?)([^'"#\s]+)\1\s*(#.*)?$/.exec(line)?.[2];
    if (item !== undefined) out.push(item);
    else if (/^\S/.test(line) && !line.startsWith('#')) break;
  }
  return out;
}

/** Folders that a pattern means; undefined where a folder on the way is not known in full. */
function expand(
  state: ImageState,
  at: string,
  [first, ...rest]: readonly string[],
  depth = 0,
): readonly string[] | undefined {
  if (first === undefined || first === '' || first === '.') return [at];
  if (!first.includes('*')) return expand(state, joinPath(at, first), rest, depth);
  if (first !== '*' && first !== '**') return undefined;
  const kind = kindAt(state, at);
  if (kind === 'absent') return [];
  const list = kind === 'directory' ? state.tree.list(at) : undefined;
  if (!list?.known || !list.value.complete) return undefined;
  const out: string[] = first === '**' ? [at] : [];
  for (const name of list.value.names) {
    const below = joinPath(at, name);
    if (name === 'node_modules' || name.startsWith('.') || kindAt(state, below) !== 'directory') continue;
    const found =
      first === '**'
        ? depth < DEEPEST
          ? expand(state, below, ['**'], depth + 1)
          : undefined
        : expand(state, below, rest, depth);
    if (found === undefined) return undefined;
    out.push(...found);
  }
  return out;
}

/** The packages that filters of pnpm or turbo choose, with those they need where `deep` or a filter says so; undefined for filters that are not
 * read (git ranges, patterns). In the order in which they are built. */
export function chosen(
  all: readonly Workspace[],
  root: string,
  filters: readonly string[],
  deep: boolean,
): readonly Workspace[] | undefined {
  const picked = new Set<Workspace>();
  for (const filter of filters) {
    const [, name, more] = /^\{?(\.{0,2}[\w@./-]*?)\}?(\.\.\.|\^\.\.\.)?$/.exec(filter) ?? [];
    if (name === undefined || name === '' || more === '^...') return undefined;
    const path = name.startsWith('./') ? joinPath(root, name) : undefined;
    const found = all.filter(({ folder, manifest }) =>
      path === undefined ? manifest.name === name || manifest.name?.replace(/^@[^/]*\//, '') === name : folder === path,
    );
    for (const one of found)
      for (const each of deep || more !== undefined ? closure(all, one) : [one]) picked.add(each);
  }
  return ordered(filters.length === 0 ? all : [...picked], all);
}

function closure(all: readonly Workspace[], start: Workspace, seen = new Set<Workspace>()): ReadonlySet<Workspace> {
  if (seen.has(start)) return seen;
  seen.add(start);
  for (const one of needsOf(all, start)) closure(all, one, seen);
  return seen;
}

const needsOf = (all: readonly Workspace[], { manifest }: Workspace): readonly Workspace[] =>
  all.filter(
    ({ manifest: { name } }) =>
      name !== undefined && (manifest.dependencies.has(name) || manifest.devDependencies.has(name)),
  );

function ordered(some: readonly Workspace[], all: readonly Workspace[]): readonly Workspace[] {
  const out = new Set<Workspace>();
  const visit = (one: Workspace, open: ReadonlySet<Workspace>): void => {
    if (out.has(one) || open.has(one)) return;
    for (const need of needsOf(all, one)) visit(need, new Set([...open, one]));
    if (some.includes(one)) out.add(one);
  };
  for (const one of some) visit(one, new Set());
  return [...out];
}

/** Runs a script in each of these packages that has it; what an unknown command in one may do stays in its folder. */
export function runInEach(
  call: Call,
  state: ImageState,
  world: World,
  packages: readonly Workspace[],
  script: string,
  more: string,
): Outcome {
  let now = state;
  const effects: string[] = [];
  let why: string | undefined;
  for (const { folder, manifest } of packages) {
    if (!manifest.scripts.has(script)) continue;
    const outcome = runScript(call, now, world, folder, manifest, script, more);
    if (outcome === undefined) {
      now = change(now, call.reason).fill(folder, `${script} of ${folder} may write files`).state;
      why ??= `what ${script} of ${folder} does is not known`;
      continue;
    }
    effects.push(...outcome.effects);
    if (outcome.exit.status === 'fails') return { ...outcome, effects };
    if (outcome.exit.status === 'unknown') why ??= outcome.exit.why;
    now = outcome.state;
  }
  return why === undefined ? succeeded(now, effects) : { state: now, exit: { status: 'unknown', why }, effects };
}
