import { parse } from 'smol-toml';
import { LineIndex } from '../../text/line-index.ts';
import { linePlace, type Place } from '../../text/place.ts';
import { isRecord } from '../node/package-json.ts';
import { folderOf, joinPath, type SourceTree } from '../source-tree.ts';
import { lockOf } from './python-lock.ts';
import { normalName, parseRequirement } from './python-requirement.ts';

export interface PythonRequirement {
  /** Normalised: lower case, `-` for `_` and `.`. */
  readonly name: string;
  /** Version clause as written (`>=1.2,<2`), empty for any. */
  readonly clause: string;
  readonly extras: readonly string[];
  /** Empty: installed always. Else the group or extra it belongs to (`dev`, `test`). */
  readonly group: string;
  readonly hashed: boolean;
  readonly at: Place;
}

/** What a project's Python manifests declare. */
export interface PythonManifest {
  readonly folder: string;
  readonly tool: 'uv' | 'poetry' | 'pdm' | 'hatch' | 'pipenv' | 'setuptools' | 'pip' | 'unknown';
  readonly files: readonly string[];
  readonly name?: string;
  readonly requiresPython?: string;
  readonly requirements: readonly PythonRequirement[];
  /** Console scripts: name → `module:function`. */
  readonly scripts: ReadonlyMap<string, string>;
  /** Lock file beside it, with what it pins. */
  readonly lock?: {
    readonly file: string;
    readonly kind: 'uv' | 'poetry' | 'pipenv' | 'pdm';
    readonly versions: ReadonlyMap<string, string>;
  };
  /** The project itself is a package that an install puts on the path. */
  readonly isPackage: boolean;
  readonly problems: readonly { readonly file: string; readonly text: string }[];
}

/** Reads pyproject.toml, requirements*.txt, Pipfile, setup.py (as text) and lock files of one folder; undefined when there are none. */
export function readPythonManifest(tree: SourceTree, folder: string): PythonManifest | undefined {
  const draft: { -readonly [K in keyof PythonManifest]: PythonManifest[K] } & {
    requirements: PythonRequirement[];
    scripts: Map<string, string>;
    files: string[];
    problems: { file: string; text: string }[];
  } = { folder, tool: 'unknown', files: [], requirements: [], scripts: new Map(), isPackage: false, problems: [] };
  const toml = (name: string): Record<string, unknown> | undefined => {
    const path = joinPath(folder, name);
    const text = tree.text(path);
    if (text === undefined) return undefined;
    draft.files.push(tree.origin(path));
    try {
      const data = parse(text.replace(/^\uFEFF/, ''));
      return isRecord(data) ? data : undefined;
    } catch (error) {
      draft.problems.push({
        file: tree.origin(path),
        text: error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error),
      });
      return undefined;
    }
  };
  const project = toml('pyproject.toml');
  if (project) pyproject(tree, draft, project);
  const pipfile = toml('Pipfile');
  if (pipfile) {
    draft.tool = 'pipenv';
    tables(tree, draft, 'Pipfile', pipfile['packages'], '');
    tables(tree, draft, 'Pipfile', pipfile['dev-packages'], 'dev');
  }
  for (const name of tree.names(folder))
    if (/^requirements([-_.].*)?\.(txt|in)$/.test(name))
      requirementsFile(tree, draft, joinPath(folder, name), /dev|test|lint|docs/.test(name) ? 'dev' : '', new Set());
  const setup = joinPath(folder, 'setup.py');
  if (tree.look(setup) === 'file' || tree.look(joinPath(folder, 'setup.cfg')) === 'file') {
    draft.isPackage = true;
    if (draft.tool === 'unknown') draft.tool = 'setuptools';
    draft.files.push(tree.origin(setup));
  }
  if (draft.files.length === 0 && draft.problems.length === 0) return undefined;
  if (draft.tool === 'unknown' && draft.requirements.length > 0) draft.tool = 'pip';
  const lock = lockOf(tree, folder);
  return lock ? { ...draft, lock } : draft;
}

type Draft = Parameters<typeof pyproject>[1];

function pyproject(
  tree: SourceTree,
  draft: {
    tool: PythonManifest['tool'];
    name?: string;
    requiresPython?: string;
    isPackage: boolean;
    folder: string;
    requirements: PythonRequirement[];
    scripts: Map<string, string>;
    files: string[];
    problems: { file: string; text: string }[];
  },
  data: Record<string, unknown>,
): void {
  const tool = isRecord(data['tool']) ? data['tool'] : {};
  const project = isRecord(data['project']) ? data['project'] : {};
  const poetry = isRecord(tool['poetry']) ? tool['poetry'] : undefined;
  const look = (name: string) => tree.look(joinPath(draft.folder, name)) === 'file';
  draft.tool =
    look('uv.lock') || tool['uv'] !== undefined
      ? 'uv'
      : poetry || look('poetry.lock')
        ? 'poetry'
        : tool['pdm'] !== undefined || look('pdm.lock')
          ? 'pdm'
          : tool['hatch'] !== undefined
            ? 'hatch'
            : tool['setuptools'] !== undefined
              ? 'setuptools'
              : 'unknown';
  if (typeof project['name'] === 'string') draft.name = project['name'];
  if (typeof project['requires-python'] === 'string') draft.requiresPython = project['requires-python'];
  const uv = isRecord(tool['uv']) ? tool['uv'] : {};
  draft.isPackage = isRecord(data['build-system']) && uv['package'] !== false && poetry?.['package-mode'] !== false;
  list(tree, draft, project['dependencies'], '');
  const extras = isRecord(project['optional-dependencies']) ? project['optional-dependencies'] : {};
  for (const [group, items] of Object.entries(extras)) list(tree, draft, items, group);
  const groups = isRecord(data['dependency-groups']) ? data['dependency-groups'] : {};
  for (const [group, items] of Object.entries(groups)) list(tree, draft, items, group);
  list(tree, draft, uv['dev-dependencies'], 'dev');
  if (isRecord(project['scripts']))
    for (const [name, target] of Object.entries(project['scripts']))
      if (typeof target === 'string') draft.scripts.set(name, target);
  if (!poetry) return;
  if (typeof poetry['name'] === 'string') draft.name ??= poetry['name'];
  tables(tree, draft, 'pyproject.toml', poetry['dependencies'], '');
  tables(tree, draft, 'pyproject.toml', poetry['dev-dependencies'], 'dev');
  if (isRecord(poetry['group']))
    for (const [group, value] of Object.entries(poetry['group']))
      if (isRecord(value)) tables(tree, draft, 'pyproject.toml', value['dependencies'], group);
  if (isRecord(poetry['scripts']))
    for (const [name, target] of Object.entries(poetry['scripts']))
      if (typeof target === 'string') draft.scripts.set(name, target);
}

function placeOf(tree: SourceTree, path: string, needle: string): Place {
  const text = tree.text(path) ?? '';
  const at = text.search(
    new RegExp(
      `(^|["'\\s])${needle.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll('-', '[-_.]')}(?=$|["'\\s<>=!~;\\[,(@])`,
      'im',
    ),
  );
  return at < 0
    ? linePlace(tree.origin(path), 1)
    : linePlace(tree.origin(path), new LineIndex(text).position(at + (/^\s/.test(text[at] ?? '') ? 1 : 0)).line);
}

function list(tree: SourceTree, draft: Draft, items: unknown, group: string): void {
  if (!Array.isArray(items)) return;
  for (const item of items) {
    const found = typeof item === 'string' ? parseRequirement(item) : undefined;
    if (found)
      draft.requirements.push({
        ...found,
        group,
        hashed: false,
        at: placeOf(tree, joinPath(draft.folder, 'pyproject.toml'), found.name),
      });
  }
}

function tables(tree: SourceTree, draft: Draft, file: string, items: unknown, group: string): void {
  if (!isRecord(items)) return;
  for (const [name, value] of Object.entries(items)) {
    const version =
      typeof value === 'string'
        ? value
        : isRecord(value) && typeof value['version'] === 'string'
          ? value['version']
          : '';
    if (name === 'python' && file === 'pyproject.toml') {
      draft.requiresPython ??= version;
      continue;
    }
    const extras =
      isRecord(value) && Array.isArray(value['extras'])
        ? value['extras'].filter((extra): extra is string => typeof extra === 'string')
        : [];
    const optional = isRecord(value) && value['optional'] === true;
    draft.requirements.push({
      name: normalName(name),
      clause: version === '*' ? '' : version,
      extras,
      group: optional ? group || 'optional' : group,
      hashed: false,
      at: placeOf(tree, joinPath(draft.folder, file), name),
    });
  }
}

/** requirements.txt with `-r`, `-c`, `-e`, hashes and continued lines. */
function requirementsFile(tree: SourceTree, draft: Draft, path: string, group: string, seen: Set<string>): void {
  const text = tree.text(path);
  if (text === undefined || seen.has(path)) return;
  seen.add(path);
  draft.files.push(tree.origin(path));
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  for (let i = 0; i < lines.length; i++) {
    const start = i + 1;
    let line = (lines[i] ?? '').replace(/(^|\s)#.*$/, '');
    while (line.endsWith('\\') && i + 1 < lines.length)
      line = line.slice(0, -1) + (lines[++i] ?? '').replace(/(^|\s)#.*$/, '');
    const trimmed = line.trim();
    const include = /^(?:-r|--requirement)[\s=]*(\S+)/.exec(trimmed)?.[1];
    if (include !== undefined) {
      requirementsFile(tree, draft, joinPath(folderOf(path), include), group, seen);
      continue;
    }
    if (trimmed === '' || trimmed.startsWith('-')) continue;
    const found = parseRequirement(trimmed.replace(/\s--hash=\S+/g, ''));
    if (found && !draft.requirements.some((other) => other.name === found.name && other.group === group))
      draft.requirements.push({
        ...found,
        group,
        hashed: /--hash=/.test(trimmed),
        at: linePlace(tree.origin(path), start),
      });
  }
}

/** Import names (lower case) that requirements may bring: the name itself with `_`, and well-known others. */
export function importNames(manifest: PythonManifest): Set<string> {
  const out = new Set<string>();
  for (const { name } of [
    ...manifest.requirements,
    ...[...(manifest.lock?.versions.keys() ?? [])].map((name) => ({ name })),
  ]) {
    out.add(name.replaceAll('-', '_'));
    out.add(name.replaceAll('-', ''));
    out.add(name.split('-')[0] ?? name);
    out.add(name.replace(/^(python|py|django)-?/, '').replaceAll('-', '_'));
  }
  return out;
}
