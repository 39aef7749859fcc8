import { joinPath, type SourceTree } from '../source-tree.ts';
import type { PythonManifest } from './python-manifest.ts';
import { normalName } from './python-requirement.ts';

/** The lock file of a folder with what it pins. */
export function lockOf(tree: SourceTree, folder: string): PythonManifest['lock'] {
  for (const [name, kind] of [
    ['uv.lock', 'uv'],
    ['poetry.lock', 'poetry'],
    ['pdm.lock', 'pdm'],
  ] as const) {
    const path = joinPath(folder, name);
    const text = tree.text(path);
    if (text === undefined) continue;
    const versions = new Map<string, string>();
    // Lock files are written by tools in one shape: a scan is twenty times as fast as a TOML parser.
    for (const match of text.matchAll(/^\[\[package\]\]\r?\nname = "([^"]+)"\r?\nversion = "([^"]+)"/gm))
      versions.set(normalName(match[1] ?? ''), match[2] ?? '');
    return { file: tree.origin(path), kind, versions };
  }
  const path = joinPath(folder, 'Pipfile.lock');
  const text = tree.text(path);
  if (text === undefined) return undefined;
  const versions = new Map<string, string>();
  for (const match of text.matchAll(/"([\w.-]+)":\s*\{[^{}]*?"version":\s*"==([^"]+)"/g))
    versions.set(normalName(match[1] ?? ''), match[2] ?? '');
  return { file: tree.origin(path), kind: 'pipenv', versions };
}
