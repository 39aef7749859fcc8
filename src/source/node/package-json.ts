import { LineIndex } from '../../text/line-index.ts';
import type { Place } from '../../text/place.ts';
import { joinPath, type SourceTree } from '../source-tree.ts';

/** What package.json says, as far as it is well-formed; values of the wrong type are left out. */
export interface PackageJson {
  readonly file: string;
  readonly folder: string;
  readonly name?: string;
  readonly type: 'module' | 'commonjs';
  readonly main?: string;
  readonly scripts: ReadonlyMap<string, string>;
  readonly dependencies: ReadonlyMap<string, string>;
  readonly devDependencies: ReadonlyMap<string, string>;
  readonly optionalDependencies: ReadonlyMap<string, string>;
  readonly peerDependencies: ReadonlyMap<string, string>;
  readonly bin: ReadonlyMap<string, string>;
  readonly engines: ReadonlyMap<string, string>;
  /** `pnpm@9.1.0`. */
  readonly packageManager?: string;
  /** Globs of workspace folders, from package.json or pnpm-workspace.yaml. */
  readonly workspaces: readonly string[];
  /** The place of `"key": …` in a section, else of the section, else the start. */
  place(section: string, key?: string): Place;
}

/** Reads `folder/package.json`; undefined when there is none or it is not JSON. */
export function readPackageJson(tree: SourceTree, folder: string): PackageJson | undefined {
  const path = joinPath(folder, 'package.json');
  const text = tree.text(path);
  if (text === undefined) return undefined;
  const data = parseObject(text);
  if (!data) return undefined;
  const file = tree.origin(path);
  const lines = new LineIndex(text);
  const bin = data['bin'];
  const workspaces = data['workspaces'];
  const listed = Array.isArray(workspaces)
    ? workspaces
    : isRecord(workspaces) && Array.isArray(workspaces['packages'])
      ? workspaces['packages']
      : [];
  return {
    file,
    folder,
    ...(typeof data['name'] === 'string' ? { name: data['name'] } : {}),
    type: data['type'] === 'module' ? 'module' : 'commonjs',
    ...(typeof data['main'] === 'string' ? { main: data['main'] } : {}),
    scripts: texts(data['scripts']),
    dependencies: texts(data['dependencies']),
    devDependencies: texts(data['devDependencies']),
    optionalDependencies: texts(data['optionalDependencies']),
    peerDependencies: texts(data['peerDependencies']),
    bin:
      typeof bin === 'string' && typeof data['name'] === 'string'
        ? new Map([[data['name'].replace(/^@[^/]*\//, ''), bin]])
        : texts(bin),
    engines: texts(data['engines']),
    ...(typeof data['packageManager'] === 'string' ? { packageManager: data['packageManager'] } : {}),
    workspaces: [...listed.filter((item): item is string => typeof item === 'string'), ...pnpmWorkspaces(tree, folder)],
    place(section, key) {
      const start = text.search(new RegExp(`"${literal(section)}"\\s*:`));
      const inner =
        start >= 0 && key !== undefined ? text.slice(start).search(new RegExp(`"${literal(key)}"\\s*:`)) : -1;
      const at = inner >= 0 ? start + inner : Math.max(0, start);
      const end = text.indexOf('\n', at);
      return lines.place(file, { start: at, end: end < 0 ? text.length : end });
    },
  };
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const data: unknown = JSON.parse(text.replace(/^\uFEFF/, ''));
    return isRecord(data) ? data : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function texts(value: unknown): ReadonlyMap<string, string> {
  if (!isRecord(value)) return new Map();
  return new Map(Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}

function pnpmWorkspaces(tree: SourceTree, folder: string): string[] {
  const text = tree.text(joinPath(folder, 'pnpm-workspace.yaml'));
  if (text === undefined) return [];
  const list = /^packages:\s*\n((?:[ \t]*(?:-[^\n]*|#[^\n]*)?\n?)*)/m.exec(text)?.[1] ?? '';
  return [...list.matchAll(/^[ \t]*-\s*['"]?([^'"#\n]+?)['"]?\s*(?:#.*)?$/gm)].map((match) => match[1] ?? '');
}

function literal(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}
