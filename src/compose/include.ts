import { type ComposeEnvironment, missingByDesign, readEnvFiles } from './environment.ts';
import { isRemote } from './extends.ts';
import { EMPTY, type FileRequest, type LoadState, loadFile, MAX_DEPTH } from './loader.ts';
import { merge } from './merge.ts';
import { at, type Entry, entriesOf, itemsOf, type Mapping, type Node, textOf, withBase } from './node.ts';
import { folderOf, joinRepoPath } from './repo-path.ts';
import { sameValue } from './same-value.ts';
import { displayText, hasUnknown } from './unknown-text.ts';

const SECTIONS = ['services', 'volumes', 'networks', 'secrets', 'configs', 'models'] as const;

/** Adds the resources of every included project to a file's own. A name that both define differently is refused. */
export function applyIncludes(state: LoadState, request: FileRequest, tree: Mapping): Mapping {
  const entry = tree.entries.get('include');
  if (entry === undefined) return tree;
  const entries = new Map(tree.entries);
  entries.delete('include');
  if (entry.value.kind !== 'seq') {
    state.problems.push({ kind: 'include', effect: 'refused', at: entry.value.at, text: 'include must be a list' });
    return { ...tree, entries };
  }
  for (const item of entry.value.items) {
    const included = load(state, request, item);
    if (included !== undefined) importResources(state, entries, included, item);
  }
  return { ...tree, entries };
}

function load(state: LoadState, request: FileRequest, item: Node): Mapping | undefined {
  const written = textOf(item) === undefined ? texts(at(item, 'path')) : [item];
  const paths = written.map((node) => resolve(request, node));
  const [first] = paths;
  const bad = written.find((_node, index) => paths[index] === undefined);
  if (bad !== undefined || first === undefined) {
    state.gap(item.at, `an included file cannot be known: ${displayText(textOf(bad) ?? '')}`);
    return undefined;
  }
  if (request.chain.includes(first) || request.chain.length > MAX_DEPTH) {
    state.problems.push({ kind: 'include', effect: 'refused', at: item.at, text: `${first} includes itself` });
    return undefined;
  }
  const directory = at(item, 'project_directory');
  const projectDirectory = directory === undefined ? folderOf(first) : resolve(request, directory);
  if (projectDirectory === undefined) {
    state.gap(item.at, 'the project directory of an include cannot be known');
    return undefined;
  }
  const environment = included(state, request, item, projectDirectory);
  let tree: Mapping = EMPTY;
  for (const file of paths) {
    if (file === undefined) continue;
    const next: FileRequest = {
      file,
      at: item.at,
      environment,
      projectDirectory,
      chain: [...request.chain, request.file, first],
    };
    tree = loadFile(state, next, tree);
  }
  return withBase(tree, projectDirectory) as Mapping;
}

function included(state: LoadState, request: FileRequest, item: Node, folder: string): ComposeEnvironment {
  const written = texts(at(item, 'env_file'));
  const files: string[] = [];
  for (const node of written) {
    const file = resolve(request, node);
    if (file === undefined) continue;
    if (state.repo.entry(file) === undefined && missingByDesign(state.repo, file) === undefined) {
      state.problems.push({
        kind: 'missing-file',
        effect: 'refused',
        at: node.at,
        text: `the env file ${file} does not exist`,
      });
    } else files.push(file);
  }
  if (written.length === 0) files.push(folder === '' ? '.env' : `${folder}/.env`);
  const read = readEnvFiles(state.repo, files, request.environment.values);
  state.problems.push(...read.problems);
  return request.environment.extended(read.values);
}

function texts(node: Node | undefined): readonly Node[] {
  if (node === undefined) return [];
  return (node.kind === 'seq' ? itemsOf(node) : [node]).filter((item) => textOf(item) !== undefined);
}

function resolve(request: FileRequest, node: Node): string | undefined {
  const text = textOf(node);
  if (text === undefined || hasUnknown(text) || isRemote(text)) return undefined;
  return joinRepoPath(node.base ?? request.projectDirectory, text);
}

function importResources(state: LoadState, entries: Map<string, Entry>, source: Mapping, item: Node): void {
  for (const section of SECTIONS) {
    const from = source.entries.get(section);
    if (from === undefined) continue;
    const own = entries.get(section);
    const joined = new Map(own === undefined ? [] : entriesOf(own.value));
    for (const [name, resource] of entriesOf(from.value)) {
      const existing = joined.get(name);
      if (existing === undefined) joined.set(name, resource);
      else if (!sameValue(existing.value, resource.value)) {
        const text = `${section}.${name} conflicts with the one at ${existing.key.file}:${existing.key.line}`;
        state.problems.push({ kind: 'include', effect: 'refused', at: item.at, text });
        // What newer releases do, and what the rest of the model is to know of both.
        joined.set(name, { key: existing.key, value: merge(resource.value, existing.value, [section, 'x'], []) });
      }
    }
    const like = own?.value.kind === 'map' ? own.value : from.value;
    entries.set(section, { key: own?.key ?? from.key, value: { ...(like as Mapping), entries: joined } });
  }
}
