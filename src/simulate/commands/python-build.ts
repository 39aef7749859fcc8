import { parse } from 'smol-toml';
import type { Call, Failure } from '../command-model.ts';
import { joinPath } from '../node.ts';
import type { ImageState } from '../state.ts';
import { isRecord } from './node-project.ts';
import { because, kindAt, textAt } from './paths.ts';

/** What building a project needs and the image does not have. `strict`: every version of the tool stops for it. */
export interface Lacking {
  readonly path: string;
  readonly text: string;
  readonly says: string;
  readonly strict: boolean;
}

type Data = Record<string, unknown>;

const record = (value: unknown): Data => (isRecord(value) ? value : {});

/** pyproject.toml of a folder of the image; undefined where it is not known or cannot be read. */
export function projectAt(state: ImageState, folder: string): Data | undefined {
  const text = textAt(state, joinPath(folder, 'pyproject.toml'));
  if (text === undefined) return undefined;
  try {
    return record(parse(text.replace(/^\uFEFF/, '')));
  } catch (error) {
    if (error instanceof Error) return undefined;
    throw error;
  }
}

/** The project of a folder as something to be built: what its back end asks for and is certainly not there. Measured on 2026-11-21
 * with Poetry 1.8 and 2.5, uv 0.13, pip and the newest back ends: setuptools builds without readme and without packages, the others stop. */
export function lackingFor(state: ImageState, folder: string): Lacking | undefined {
  const data = projectAt(state, folder);
  if (data === undefined) return undefined;
  const backend = String(record(data['build-system'])['build-backend'] ?? 'setuptools.build_meta').split('.')[0];
  switch (backend) {
    case 'poetry':
      return lackingForPoetry(state, folder, data);
    case 'hatchling':
      return readme(state, folder, data, 'Readme file does not exist') ?? hatchling(state, folder, data);
    case 'uv_build': {
      const name = moduleName(data);
      const own = record(record(record(data['tool'])['uv'])['build-backend']);
      const found = readme(state, folder, data, 'README');
      if (found !== undefined || name === undefined || Object.keys(own).length > 0) return found;
      const path = joinPath(folder, `src/${name}/__init__.py`);
      return absent(state, path) ? lacking(path, 'its own package', 'Expected a Python module at') : undefined;
    }
    case 'flit_core':
    case 'pdm':
      return readme(state, folder, data, backend === 'pdm' ? 'Readme file not found' : 'does not exist');
    default:
      return undefined;
  }
}

/** Poetry builds with its own back end, whatever the project names; only for projects of that back end is it known how. */
export function lackingForPoetry(state: ImageState, folder: string, data: Data): Lacking | undefined {
  const poetry = record(record(data['tool'])['poetry']);
  if (poetry['package-mode'] === false) return undefined;
  const listed = poetry['packages'];
  if (Array.isArray(listed)) {
    for (const item of listed) {
      const { include, from, format } = record(item);
      if (typeof include !== 'string' || /[*?[]/.test(include) || format !== undefined) continue;
      const path = joinPath(folder, typeof from === 'string' ? `${from}/${include}` : include);
      if (absent(state, path)) return { ...lacking(path, 'a package that it lists', 'does not contain any element') };
    }
  }
  const found = readme(state, folder, data, 'README');
  if (found !== undefined) return { ...found, strict: false };
  const name = moduleName(data);
  if (listed !== undefined || name === undefined) return undefined;
  const places = [name, `${name}.py`, `src/${name}`, `src/${name}.py`].map((path) => joinPath(folder, path));
  if (!places.every((path) => absent(state, path))) return undefined;
  return { ...lacking(places[0] ?? folder, 'its own package', 'No file/folder found for package'), strict: false };
}

function hatchling(state: ImageState, folder: string, data: Data): Lacking | undefined {
  const project = record(data['project']);
  const hatch = record(record(data['tool'])['hatch']);
  const licence = record(project['license'])['file'];
  if (typeof licence === 'string' && absent(state, joinPath(folder, licence)))
    return lacking(joinPath(folder, licence), 'the licence that it names', 'License file does not exist');
  const version = record(hatch['version'])['path'];
  const dynamic = Array.isArray(project['dynamic']) && project['dynamic'].includes('version');
  if (dynamic && typeof version === 'string' && absent(state, joinPath(folder, version)))
    return lacking(joinPath(folder, version), 'the file that holds its version', 'file does not exist');
  // Anything said about what is built replaces the search for a package of the project's name.
  const name = moduleName(data);
  if (hatch['build'] !== undefined || name === undefined) return undefined;
  const places = [`${name}/__init__.py`, `src/${name}/__init__.py`, `${name}.py`].map((path) => joinPath(folder, path));
  const [first] = places;
  if (first === undefined || !places.every((path) => absent(state, path))) return undefined;
  const listed = state.tree.list(folder);
  if (!listed.known || !listed.value.complete) return undefined;
  const inside = listed.value.names.some((child) => !absent(state, joinPath(folder, `${child}/${name}`)));
  return inside ? undefined : lacking(first, 'its own package', 'Unable to determine which files to ship');
}

/** The readme that the project names, where it is not there. */
function readme(state: ImageState, folder: string, data: Data, says: string): Lacking | undefined {
  const own = record(data['project'])['readme'] ?? record(record(data['tool'])['poetry'])['readme'];
  const files = Array.isArray(own) ? own : [isRecord(own) ? own['file'] : own];
  for (const file of files) {
    if (typeof file !== 'string') continue;
    const path = joinPath(folder, file);
    if (absent(state, path)) return lacking(path, 'the readme that it names', says);
  }
  return undefined;
}

function lacking(path: string, what: string, says: string): Lacking {
  return { path, text: `${what}, ${path}, is not there`, says, strict: true };
}

function moduleName(data: Data): string | undefined {
  const name = record(data['project'])['name'] ?? record(record(data['tool'])['poetry'])['name'];
  return typeof name === 'string' ? name.replace(/[-.]+/g, '_').toLowerCase() : undefined;
}

function absent(state: ImageState, path: string): boolean {
  return kindAt(state, path) === 'absent';
}

/** The failure of a command that builds a project which is not wholly there. */
export function buildFailure(call: Call, state: ImageState, folder: string, lack: Lacking, hint = ''): Failure {
  const at = joinPath(folder, 'pyproject.toml');
  return {
    kind: 'package-source-missing',
    at: call.at,
    subject: lack.path,
    text: `${call.name} builds the project itself, and ${lack.text}${hint}`,
    because: [...because(state, lack.path), ...because(state, at).slice(0, 1), call.reason],
    says: lack.says,
    detail: { path: lack.path, folder, command: call.name },
  };
}
