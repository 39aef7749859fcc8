import { folderOf } from '../compose/repo-path.ts';
import { type Collector, collectCommands } from './command-requests.ts';

/** A shell variable that nothing sets. */
const UNSET = '${_UNKNOWN_JUST}';

interface Recipe {
  readonly name: string;
  readonly lines: { readonly text: string; readonly line: number }[];
}

/** Builds in the recipes of a justfile: each line a shell of its own in the justfile's folder, or the whole recipe after a `#!`. */
export function collectJustfile(collector: Collector, file: string, written: string): void {
  if (!/docker|podman|compose/.test(written)) return;
  const text = written.replaceAll('\r\n', '\n');
  const own = folderOf(file);
  const { values, exported } = settings(text);
  const expand = (command: string) =>
    command.replace(/\{\{([\s\S]*?)\}\}(?!\})/g, (_all, inner: string) => values.get(inner.trim()) ?? UNSET);
  for (const recipe of recipes(text))
    for (const { text: command, line } of commands(recipe))
      collectCommands(collector, {
        source: 'script',
        name: `just ${recipe.name}`,
        text: expand(command),
        placeOf: (offset) => {
          const at = line + (command.startsWith('#!') ? (command.slice(0, offset).match(/\n/g)?.length ?? 0) : 0);
          return { file, line: at, column: 1, endLine: at, endColumn: 1 };
        },
        folders: [own],
        ownFolder: own,
        variables: exported,
      });
}

/** Variables with a plain text as their value, and those of them that recipes see in their environment. */
function settings(text: string): { values: ReadonlyMap<string, string>; exported: ReadonlyMap<string, string> } {
  const values = new Map<string, string>();
  const exported = new Map<string, string>();
  for (const [, word, name = '', , value = ''] of text.matchAll(
    /^(export\s+)?([A-Za-z_][\w-]*)\s*:=\s*(['"])([^'"\n]*)\3\s*(?:#.*)?$/gm,
  )) {
    values.set(name, value);
    if (word !== undefined) exported.set(name, value);
  }
  return { values, exported };
}

function recipes(text: string): readonly Recipe[] {
  const out: Recipe[] = [];
  text.split('\n').forEach((row, index) => {
    if (/^[ \t]+\S/.test(row)) out.at(-1)?.lines.push({ text: row.trim(), line: index + 1 });
    else {
      const header = /^@?([A-Za-z_][\w-]*)(?:\s[^:]*)?:(?!=)/.exec(row);
      if (header !== null) out.push({ name: header[1] ?? '', lines: [] });
      else if (row.trim() !== '' && !row.startsWith('#') && !row.startsWith('[')) out.push({ name: '', lines: [] });
    }
  });
  return out.filter((recipe) => recipe.name !== '');
}

/** The shell texts of a recipe, with the lines that a backslash joins as one. */
function commands({ lines }: Recipe): readonly { readonly text: string; readonly line: number }[] {
  const [first] = lines;
  if (first === undefined) return [];
  if (first.text.startsWith('#!'))
    return /\b(?:ba|da|z|k)?sh\b/.test(first.text)
      ? [{ text: lines.map((line) => line.text).join('\n'), line: first.line }]
      : [];
  const out: { text: string; line: number }[] = [];
  let open = false;
  for (const { text, line } of lines) {
    const last = out.at(-1);
    const part = text.replace(/\\$/, '');
    if (open && last !== undefined) last.text += ` ${part}`;
    else out.push({ text: part.replace(/^[@-]+/, ''), line });
    open = text.endsWith('\\');
  }
  return out;
}
