import { at, entriesOf, itemsOf, type Mapping, type Node, textOf } from '../compose/node.ts';
import { baseName, folderOf } from '../compose/repo-path.ts';
import type { Repo } from '../repo/repo.ts';
import { yamlDocuments } from './yaml-file.ts';

/** Names that Compose takes by itself, in its order. */
const BASES = ['compose.yaml', 'compose.yml', 'docker-compose.yml', 'docker-compose.yaml'];
const OVERRIDES = [
  'compose.override.yml',
  'compose.override.yaml',
  'docker-compose.override.yml',
  'docker-compose.override.yaml',
];

/** A file that looks like a compose file by name and content. */
export interface ComposeFile {
  readonly file: string;
  readonly folder: string;
  readonly root: Mapping;
}

export function findComposeFiles(repo: Repo, paths: readonly string[]): readonly ComposeFile[] {
  return paths.flatMap((file): ComposeFile[] => {
    if (!/compose[^/]*\.ya?ml$/i.test(baseName(file)) && !/(?:^|\/)docker-stack[^/]*\.ya?ml$/.test(file)) return [];
    // Rancher 1 keeps its own keys for the services of a compose file in a file with this name.
    if (file.startsWith('.github/workflows/') || /^rancher-compose/i.test(baseName(file))) return [];
    const root = yamlDocuments(repo, file).find((document): document is Mapping => document.kind === 'map');
    if (root === undefined || at(root, 'jobs') !== undefined || at(root, 'kind') !== undefined) return [];
    const composes = ['services', 'include', 'volumes', 'networks'].some((key) => root.entries.has(key));
    return composes ? [{ file, folder: folderOf(file), root }] : [];
  });
}

/** What `docker compose` without `-f` takes in a folder. */
export function defaultFiles(repo: Repo, folder: string): readonly string[] {
  const path = (name: string) => (folder === '' ? name : `${folder}/${name}`);
  const base = BASES.map(path).find((file) => repo.entry(file) !== undefined);
  if (base === undefined) return [];
  const override = OVERRIDES.map(path).find((file) => repo.entry(file) !== undefined);
  return override === undefined ? [base] : [base, override];
}

/** The words that tell a compose file from its neighbours: empty for a base. */
export function distinguishingWord(file: string): string {
  return baseName(file)
    .replace(/\.ya?ml$/i, '')
    .replace(/^docker-compose|^compose/i, '')
    .replace(/[._-]*(?:docker-)?compose$/i, '')
    .replace(/^[._-]+/, '');
}

/** Whether a file only makes sense on top of a base: a service without image and build, or a name that only the base defines. */
export function extendsBase(file: Mapping, base: Mapping): string | undefined {
  const own = entriesOf(at(file, 'services'));
  const below = entriesOf(at(base, 'services'));
  for (const [name, entry] of own) {
    const complete = ['image', 'build', 'extends', 'provider'].some((key) => at(entry.value, key) !== undefined);
    if (!complete && below.has(name)) return `${name} has neither image nor build here; the base has`;
    for (const needed of dependencyNames(at(entry.value, 'depends_on'))) {
      if (!own.has(needed) && below.has(needed)) return `${name} depends on ${needed}, which only the base defines`;
    }
    for (const key of ['networks', 'volumes'] as const) {
      for (const used of usedNames(key, at(entry.value, key))) {
        if (
          at(file, key, used) === undefined &&
          entriesOf(at(file, key)).has(used) === false &&
          entriesOf(at(base, key)).has(used)
        ) {
          return `${name} uses ${used}, which only the base defines`;
        }
      }
    }
  }
  return undefined;
}

function dependencyNames(node: Node | undefined): readonly string[] {
  return node?.kind === 'map' ? [...node.entries.keys()] : itemsOf(node).flatMap((item) => textOf(item) ?? []);
}

function usedNames(key: 'networks' | 'volumes', node: Node | undefined): readonly string[] {
  if (key === 'networks') return dependencyNames(node).filter((name) => name !== 'default');
  return itemsOf(node).flatMap((item) => {
    const source = textOf(item)?.split(':')[0];
    return source !== undefined && /^[A-Za-z0-9][\w.-]+$/.test(source) && textOf(item)?.includes(':') === true
      ? [source]
      : [];
  });
}

/** Files that others take in by `include` or `extends`. */
export function referencedFiles(
  files: readonly ComposeFile[],
  resolve: (folder: string, path: string) => string | undefined,
): ReadonlySet<string> {
  const out = new Set<string>();
  const add = (folder: string, node: Node | undefined) => {
    const text = textOf(node);
    const path = text === undefined ? undefined : resolve(folder, text);
    if (path !== undefined) out.add(path);
  };
  for (const { folder, root } of files) {
    for (const item of itemsOf(at(root, 'include'))) {
      add(folder, item);
      const path = at(item, 'path');
      for (const inner of path?.kind === 'seq' ? path.items : [path]) add(folder, inner);
    }
    for (const [, entry] of entriesOf(at(root, 'services'))) add(folder, at(entry.value, 'extends', 'file'));
  }
  return out;
}
