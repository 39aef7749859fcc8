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
export function collectDocument(collector: Collector, file: string, written: string): void {
  // Places stay where they are.
  const text = written.replaceAll('\\\r\n', ' \\\n').replaceAll('\r\n', ' \n');
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
