import { folderOf } from '../compose/repo-path.ts';
import { LineIndex } from '../text/line-index.ts';
import { type Collector, collectCommands } from './command-requests.ts';
import { SCRIPT_FOLDER } from './shell-words.ts';

/** Stands for the folder that the script is started in. */
const START = '\u{E005}';
/** A shell variable that nothing sets. */
const UNSET = '${_UNKNOWN_POWERSHELL}';
const ENGINE = /^(?:&\s*)?(?:docker(?:-compose)?|podman)(?:\.exe)?\s/i;
const MOVE = /^(?:cd|chdir|sl|pushd|Set-Location|Push-Location)\s+(?:-(?:Literal)?Path\s+)?(.+)$/i;

interface State {
  /** Relative to where the script starts, or from a mark; undefined: not known. */
  folder: string | undefined;
  readonly before: (string | undefined)[];
  readonly variables: Map<string, string | undefined>;
}

/** Builds in a PowerShell script: its command lines, with `cd` and plain assignments followed. Blocks are all taken. */
export function collectPowerShell(collector: Collector, file: string, text: string): void {
  if (!/\b(?:docker|podman)\b/i.test(text) || !/\bbuild|compose|bake/i.test(text)) return;
  const lines = new LineIndex(text);
  const own = folderOf(file);
  const state: State = { folder: '', before: [], variables: new Map() };
  for (const { line, offset, nested } of statements(text)) {
    if (!ENGINE.test(line)) {
      follow(line, nested, state);
      continue;
    }
    const place = lines.place(file, { start: offset, end: offset });
    const folder = state.folder?.replace(START, '.');
    collectCommands(collector, {
      source: 'script',
      name: file,
      text: `${folder === undefined || folder === '' ? '' : `cd '${folder}'\n`}${shellLine(line, state)}`,
      placeOf: () => place,
      folders: folder === undefined ? [] : own === '' ? [''] : ['', own],
      ownFolder: own,
    });
  }
}

/** Lines without comments, those that a backtick continues as one; `nested` ones may not run. */
function statements(text: string): readonly { readonly line: string; readonly offset: number; nested: boolean }[] {
  const bare = text.replace(/<#[\s\S]*?#>/g, (comment) => comment.replace(/[^\n]/g, ' '));
  const joined = bare.replace(/`\r?\n/g, (end) => ' '.repeat(end.length));
  let offset = 0;
  let depth = 0;
  return joined.split('\n').flatMap((row) => {
    const start = offset + row.length - row.trimStart().length;
    offset += row.length + 1;
    const line = row.replace(/(^|\s)#.*$/, '$1').trim();
    const nested = depth > 0;
    depth += (line.match(/\{/g)?.length ?? 0) - (line.match(/\}/g)?.length ?? 0);
    return line === '' ? [] : [{ line, offset: start, nested }];
  });
}

function follow(line: string, nested: boolean, state: State): void {
  const { variables } = state;
  const [, name, value] = /^(?:\[[\w.[\]]+\]\s*)?\$(?:script:|global:)?(\w+)\s*=\s*(.+)$/i.exec(line) ?? [];
  if (name !== undefined && value !== undefined) {
    const key = name.toLowerCase();
    const known = pathText(value, state);
    variables.set(key, nested && variables.has(key) && variables.get(key) !== known ? undefined : known);
    return;
  }
  const to = MOVE.exec(line)?.[1];
  if (to !== undefined) {
    state.before.push(state.folder);
    state.folder = moved(state.folder, pathText(to, state));
  } else if (/^(?:popd|Pop-Location)\b/i.test(line)) state.folder = state.before.pop();
}

function moved(folder: string | undefined, to: string | undefined): string | undefined {
  if (to === undefined || /^(?:[A-Za-z]:|\/|~|-$)/.test(to)) return undefined;
  if (to.startsWith(START) || to.startsWith(SCRIPT_FOLDER)) return to;
  return folder === undefined ? undefined : folder === '' ? to : `${folder}/${to}`;
}

/** The text of a simple expression with `/` between folders; undefined when it is anything else. */
function pathText(expression: string, state: State): string | undefined {
  const text = expression.trim().replace(/;$/, '');
  if (/^\(?\s*(?:Get-Location|pwd)\s*\)?(?:\.Path)?$/i.test(text)) return here(state);
  if (/^\(?\s*Split-Path\b.*\$MyInvocation\.MyCommand\.\w+\s*\)?$/i.test(text)) return SCRIPT_FOLDER;
  const join = /^\(?\s*Join-Path\s+(?:-Path\s+)?(\S+)\s+(?:-ChildPath\s+)?([^\s)]+)\s*\)?$/i.exec(text);
  if (join !== null) {
    const [first, second] = [pathText(join[1] ?? '', state), pathText(join[2] ?? '', state)];
    return first === undefined || second === undefined ? undefined : `${first}/${second}`;
  }
  if (/^'[^']*'$/.test(text)) return text.slice(1, -1).replaceAll('\\', '/');
  const inner = /^"[^"]*"$/.test(text) ? text.slice(1, -1) : text;
  if (inner === text && /[\s()|]/.test(inner)) return undefined;
  const expanded = expand(inner, state);
  return expanded.includes(UNSET) || expanded.includes('$(') ? undefined : expanded.replaceAll('\\', '/');
}

function here(state: State): string | undefined {
  const { folder } = state;
  return folder === undefined || folder.startsWith(START) || folder.startsWith(SCRIPT_FOLDER)
    ? folder
    : `${START}/${folder}`;
}

function expand(text: string, state: State): string {
  return text.replace(/\$(?:\{(\w+)\}|((?:env:)?\w+))/gi, (_all, curly?: string, plain?: string) => {
    const name = (curly ?? plain ?? '').toLowerCase();
    if (name === 'psscriptroot') return SCRIPT_FOLDER;
    return (name === 'pwd' ? here(state) : state.variables.get(name)) ?? UNSET;
  });
}

/** The line as our shell reads it. A path from the start means nothing in another folder. */
function shellLine(line: string, state: State): string {
  // `@name` stands for the words of a list.
  const listed = line.replace(/^&\s*/, '').replace(/(\s)@\w+/g, `$1${UNSET.replace('$', '$$$$')}`);
  const text = expand(listed, state).replaceAll('\\', '/');
  return text.replaceAll(START, state.folder === '' ? '.' : UNSET);
}
