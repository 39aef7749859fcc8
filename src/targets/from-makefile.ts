import { baseName, folderOf, joinRepoPath } from '../compose/repo-path.ts';
import type { Repo } from '../repo/repo.ts';
import { type Collector, collectCommands } from './command-requests.ts';

const WHOLE = /^(?:GNU)?[Mm]akefile$/;
const PART = /\.mk$|^Makefile\./;
const MAX_BYTES = 500_000;
const MAX_DEPTH = 8;

/** Builds in the recipes of the repository's Makefiles, each line a shell of its own, in the Makefile's folder. Files that it
 * includes belong to it: they run in its folder and with its variables. */
export function collectMakefiles(collector: Collector, paths: readonly string[]): void {
  const { repo } = collector;
  const parts = paths.filter((path) => PART.test(baseName(path)));
  const whole = paths
    .filter((path) => WHOLE.test(baseName(path)))
    .map((file) => ({ file, files: withIncludes(repo, file, parts) }));
  const callers = new Map<string, string>();
  for (const { file, files } of whole)
    for (const called of calledByPath(files, folderOf(file))) callers.set(called, folderOf(file));
  const included = new Set(whole.flatMap(({ file, files }) => [...files.keys()].filter((path) => path !== file)));
  for (const { file, files } of whole) {
    collectMake(collector, files, [callers.get(file) ?? folderOf(file)]);
  }
  for (const file of parts) {
    const text = makeText(repo, file);
    if (included.has(file) || text === undefined) continue;
    // Who includes it, and so where it runs, is mostly not known.
    const folders = new Set([callers.get(file) ?? folderOf(file), folderOf(file), '']);
    collectMake(collector, new Map([[file, text]]), [...folders]);
  }
}

/** Makefiles that recipes run by their path, in the folder of the caller: `make -f build/Makefile`. */
function calledByPath(files: ReadonlyMap<string, string>, folder: string): readonly string[] {
  const texts = [...files.values()];
  if (!texts.some((text) => /\s-f[ =]/.test(text))) return [];
  const variables = makeVariables(texts.join('\n'));
  return texts.flatMap((text) =>
    [...text.matchAll(/^\t[^\n]*(?:\bmake|\$[({]MAKE[)}])[^\n;&|]*?\s-f[ =]?(\S+)/gm)].flatMap(
      (call) => joinRepoPath(folder, expandMake(call[1] ?? '', variables, 0)) ?? [],
    ),
  );
}

function makeText(repo: Repo, file: string): string | undefined {
  const entry = repo.entry(file);
  return entry === undefined || entry.size > MAX_BYTES ? undefined : repo.text(file)?.replaceAll('\r\n', '\n');
}

/** A Makefile and what it includes, by path. Make looks for them from where it runs. */
function withIncludes(repo: Repo, file: string, parts: readonly string[]): ReadonlyMap<string, string> {
  const out = new Map<string, string>();
  const folder = folderOf(file);
  const visit = (path: string, depth: number): void => {
    const text = out.has(path) || depth > MAX_DEPTH ? undefined : makeText(repo, path);
    if (text === undefined) return;
    out.set(path, text);
    if (!/^[ \t]*[-s]?include\s/m.test(text)) return;
    const variables = makeVariables(text);
    for (const line of text.replaceAll('\\\n', ' ').matchAll(/^[ \t]*[-s]?include[ \t]+([^#\n]+)/gm))
      for (const word of expandMake(line[1] ?? '', variables, 0)
        .trim()
        .split(/\s+/)) {
        const said = joinRepoPath(folder, word);
        if (said === undefined || word.includes('$')) continue;
        const fits = new RegExp(`^${said.split('*').map(escaped).join('[^/]*')}$`);
        const found = said.includes('*') ? parts.filter((part) => fits.test(part)) : [said];
        for (const part of found) visit(part, depth + 1);
      }
  };
  visit(file, 0);
  return out;
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

function collectMake(collector: Collector, files: ReadonlyMap<string, string>, folders: readonly string[]): void {
  if (![...files.values()].some((text) => /docker|podman|compose/.test(text))) return;
  const variables = makeVariables([...files.values()].join('\n'));
  for (const [file, text] of files) collectRecipes(collector, { file, text, variables, folders });
}

interface Recipes {
  readonly file: string;
  readonly text: string;
  readonly variables: ReadonlyMap<string, string>;
  readonly folders: readonly string[];
}

function collectRecipes(collector: Collector, { file, text, variables, folders }: Recipes): void {
  const rows = text.split('\n');
  let target = '';
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] ?? '';
    const rule = /^([A-Za-z0-9_./%-][^:=#]*):(?!=)/.exec(row);
    if (rule !== null) target = (rule[1] ?? '').trim();
    if (!row.startsWith('\t')) continue;
    const line = i + 1;
    let recipe = row.slice(1);
    while (recipe.endsWith('\\') && i + 1 < rows.length) recipe = `${recipe.slice(0, -1)} ${(rows[++i] ?? '').trim()}`;
    for (const command of [recipe.replace(/^[@+-]+/, ''), ...callArguments(recipe)])
      collectCommands(collector, {
        source: 'makefile',
        name: `make ${target}`,
        text: expandMake(command, variables, 0),
        placeOf: () => ({ file, line, column: 1, endLine: line, endColumn: 1 }),
        folders,
        ownFolder: folders[0] ?? '',
      });
  }
}

/** The arguments of `$(call name,…)`: a whole command may be one of them. */
function callArguments(recipe: string): readonly string[] {
  return [...recipe.matchAll(/\$\(call\s+[^,()]+,((?:[^()]|\([^()]*\))*)\)/g)].flatMap((call) =>
    (call[1] ?? '').split(/,(?![^()]*\))/).filter((argument) => /^\s*\$[({]\w+[)}]\s*$/.test(argument)),
  );
}

function makeVariables(text: string): ReadonlyMap<string, string> {
  const out = new Map<string, string>();
  for (const match of text
    .replaceAll('\\\n', ' ')
    .matchAll(
      /^(?:export\s+|override\s+|[ \t]+(?=[\w.-]+[ \t]*\+=))?([A-Za-z_][\w.-]*)\s*(\?=|:=|::=|\+=|=)[^\S\n]*([^\n#]*)/gm,
    )) {
    const [, name = '', operator = '=', value = ''] = match;
    if (operator === '?=' && out.has(name)) continue;
    out.set(name, operator === '+=' ? `${out.get(name) ?? ''} ${value.trim()}` : value.trim());
  }
  return out;
}

/** Replaces `$(NAME)`, `${NAME}` and `$$`; functions and unset names become a shell variable that nothing sets. */
function expandMake(text: string, variables: ReadonlyMap<string, string>, depth: number): string {
  if (depth > 8) return text;
  return text.replace(
    /\$\$|\$\(([^()]*(?:\([^()]*\)[^()]*)*)\)|\$\{([^{}]*)\}|\$([@<^*])/g,
    (all, round?: string, curly?: string) => {
      if (all === '$$') return depth === 0 ? '$' : '$$';
      const name = (round ?? curly ?? '').trim();
      if (name === 'CURDIR' || name === 'PWD') return '.';
      if (name === 'MAKE') return 'make';
      const program = /^shell\s+(?:which|command\s+-v|type\s+-p)\s+([\w-]+)/.exec(name)?.[1];
      if (program !== undefined) return program;
      const value = variables.get(name);
      return value === undefined ? '${_UNKNOWN_MAKE}' : expandMake(value, variables, depth + 1);
    },
  );
}
