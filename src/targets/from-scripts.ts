import { folderOf } from '../compose/repo-path.ts';
import { LineIndex } from '../text/line-index.ts';
import { type Collector, collectCommands } from './command-requests.ts';

/** Builds in a shell script. It may be run from the root or from its own folder. */
export function collectShellScript(collector: Collector, file: string, text: string): void {
  const lines = new LineIndex(text);
  const own = folderOf(file);
  collectCommands(collector, {
    source: 'script',
    name: file,
    text,
    placeOf: (offset) => lines.place(file, { start: offset, end: offset }),
    folders: own === '' ? [''] : ['', own],
    ownFolder: own,
  });
}

/** Builds in the recipes of a Makefile, each line a shell of its own, in the Makefile's folder. */
export function collectMakefile(collector: Collector, file: string, text: string): void {
  if (!/docker|podman|compose/.test(text)) return;
  const variables = makeVariables(text);
  const own = folderOf(file);
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
    collectCommands(collector, {
      source: 'makefile',
      name: `make ${target}`,
      text: expandMake(recipe.replace(/^[@+-]+/, ''), variables, 0),
      placeOf: () => ({ file, line, column: 1, endLine: line, endColumn: 1 }),
      folders: [own],
      ownFolder: own,
    });
  }
}

function makeVariables(text: string): ReadonlyMap<string, string> {
  const out = new Map<string, string>();
  for (const match of text
    .replaceAll('\\\n', ' ')
    .matchAll(/^(?:export\s+|override\s+)?([A-Za-z_][\w.-]*)\s*(\?=|:=|::=|\+=|=)[^\S\n]*([^\n#]*)/gm)) {
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
      const value = variables.get(name);
      return value === undefined ? '${_UNKNOWN_MAKE}' : expandMake(value, variables, depth + 1);
    },
  );
}

/** Builds in the scripts of a package.json, run in its folder. */
export function collectPackageScripts(collector: Collector, file: string, text: string): void {
  if (!/docker|podman/.test(text)) return;
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return;
  }
  const scripts = typeof parsed === 'object' && parsed !== null && 'scripts' in parsed ? parsed.scripts : undefined;
  if (typeof scripts !== 'object' || scripts === null) return;
  const lines = new LineIndex(text);
  const own = folderOf(file);
  const from = Math.max(0, text.indexOf('"scripts"'));
  for (const [name, script] of Object.entries(scripts)) {
    if (typeof script !== 'string') continue;
    const start = Math.max(from, text.indexOf(JSON.stringify(name), from));
    const end = text.indexOf('\n', start);
    collectCommands(collector, {
      source: 'package-script',
      name: `npm run ${name}`,
      text: script,
      placeOf: () => lines.place(file, { start, end: end === -1 ? text.length : end }),
      folders: [own],
      ownFolder: own,
    });
  }
}

/** Commands in the code of a document for people: fenced blocks, indented blocks and inline code. */
export function collectDocument(collector: Collector, file: string, text: string): void {
  if (!/docker|podman|compose/.test(text)) return;
  const lines = new LineIndex(text);
  const own = folderOf(file);
  const folders = own === '' ? [''] : [own, ''];
  const read = (code: string, offset: number) =>
    collectCommands(collector, {
      source: 'docs',
      name: file,
      text: code,
      placeOf: (inner) => lines.place(file, { start: offset + inner, end: offset + inner }),
      folders,
      ownFolder: own,
    });
  for (const block of text.matchAll(/^[ \t]*(```+|~~~+)([^\n]*)\n([\s\S]*?)^[ \t]*\1/gm)) {
    const body = block[3] ?? '';
    if (/docker|podman|compose/.test(body))
      read(
        body.replace(/^[ \t]*(?:\$>|[$>#%]) /gm, (prompt) => ' '.repeat(prompt.length)),
        block.index + block[0].indexOf('\n') + 1,
      );
  }
  for (const code of text.matchAll(/(?<!`)`([^`\n]*(?:docker|podman)[^`\n]*)`(?!`)/g))
    read(code[1] ?? '', code.index + 1);
  for (const row of text.matchAll(/^(?: {4}|\t)\$? ?((?:sudo )?docker[ -][^\n]*)$/gm))
    read(row[1] ?? '', row.index + row[0].indexOf('docker'));
}
