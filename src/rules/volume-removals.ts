import type { Repo } from '../repo/repo.ts';
import { linePlace, type Place } from '../text/place.ts';

/** A `docker compose down --volumes` behind a name that people call. */
export interface VolumeRemoval {
  readonly at: Place;
  /** Target of a Makefile, script of package.json, script file or a command of it. */
  readonly name: string;
  /** How people call it: `make stop`, `npm run stop`, `scripts/stop.sh`. */
  readonly call: string;
  /** What its author says of it: the comment, what it prints. */
  readonly said: string;
  /** Of `-f`, relative to the repository unless a part is a variable; empty: the files Compose finds in `folder`. */
  readonly files: readonly string[];
  readonly folder: string;
  readonly text: string;
}

interface Caller {
  readonly name: string;
  readonly call: string;
  readonly said: string;
}

const MAKE = /(?:^|\/)(?:GNU)?[Mm]akefile$|\.mk$/;
const JUST = /(?:^|\/)\.?[Jj]ustfile$/;
const COMMAND = /\bdocker(?:-| )compose\b((?:(?!&&|\|\||[;|`()"]).)*?)\sdown\b((?:(?!&&|\|\||[;|`()"]).)*)/g;
/** The person is asked, or the step is a last resort. */
const ASKS = /\bread\s+-|\[y\/n\]|are you sure|\bconfirm/i;

/** Every such command of a repository, in the order of the files. */
export function volumeRemovals(repo: Repo): readonly VolumeRemoval[] {
  return repo.files().flatMap((file) => {
    if (!MAKE.test(file) && !JUST.test(file) && !/\.sh$|(?:^|\/)package\.json$/.test(file)) return [];
    const text = (repo.entry(file)?.size ?? 0) < 300_000 ? (repo.text(file) ?? '') : '';
    return text.includes('down') ? removalsIn(file, text) : [];
  });
}

function removalsIn(file: string, text: string): readonly VolumeRemoval[] {
  const lines = text.split('\n');
  const variables = new Map([...text.matchAll(/^(\w+)\s*[:?]?=\s*(.+?)\s*$/gm)].map((m) => [m[1] ?? '', m[2] ?? '']));
  const own = file.includes('/') ? file.slice(0, file.lastIndexOf('/')) : '';
  return lines.flatMap((line, index) => {
    const filled = file.endsWith('.json') ? line : fill(line, variables);
    return [...filled.matchAll(COMMAND)].flatMap((match) => {
      const [whole, before = '', after = ''] = match;
      const lead = filled.slice(0, match.index);
      if (!/(?:^|\s)(?:--volumes|-[a-z]*v)(?=\s|$)/.test(after) || /^\s*(?:#|\/\/)|\becho\b|printf|\btrap\b/.test(lead))
        return [];
      const caller = callerOf(file, lines, index);
      if (caller === undefined) return [];
      const entered = /\bcd\s+([\w./-]+)\s*&&/.exec(lead)?.[1];
      // A script may be called from anywhere; most say where they belong by the files they name.
      const folder = entered === undefined ? (file.endsWith('.sh') ? '' : own) : join(own, entered);
      const files = [...before.matchAll(/(?:^|\s)(?:-f|--file)[ =]?(\S+)/g)].map((m) => join(folder, m[1] ?? ''));
      return [{ at: linePlace(file, index + 1), ...caller, files, folder, text: whole.trim() }];
    });
  });
}

function fill(line: string, variables: ReadonlyMap<string, string>): string {
  let filled = line;
  for (let depth = 0; depth < 3; depth++)
    filled = filled.replace(/\$(?:[({](\w+)[)}]|(\w{2,}))/g, (all, a?: string, b?: string) => {
      const value = variables.get(a ?? b ?? '');
      return value === undefined ? all : value.replace(/^(["'])(.*)\1$/, '$2');
    });
  // What stays open is told by its sign; parentheses would end the command.
  return filled.replace(/\$\((\w+)\)/g, '$${$1}');
}

function callerOf(file: string, lines: readonly string[], index: number): Caller | undefined {
  if (file.endsWith('.json')) {
    const name = /^\s*"([\w:.-]+)"\s*:\s*"/.exec(lines[index] ?? '')?.[1];
    return name === undefined ? undefined : { name, call: `npm run ${name}`, said: '' };
  }
  if (!file.endsWith('.sh')) return recipeOf(lines, index, JUST.test(file) ? 'just' : 'make');
  // A script that asks, or takes options, does not do it to everyone who calls it.
  if (ASKS.test(lines.join('\n'))) return undefined;
  const inside = enclosing(lines, index);
  if (inside === undefined) return undefined;
  const name = inside || (/([^/]+)\.sh$/.exec(file)?.[1] ?? '');
  const near = lines
    .slice(Math.max(0, index - 3), index + 1)
    .concat(lines.slice(0, 8).filter((l) => l.startsWith('#')));
  return {
    name,
    call: inside === '' ? file : `${file} (${inside})`,
    said: near.filter((l) => /#|echo|print/.test(l)).join('\n'),
  };
}

/** The recipe of a Makefile or justfile that a line belongs to. */
function recipeOf(lines: readonly string[], index: number, tool: string): Caller | undefined {
  let head = index;
  while (head >= 0 && /^(?:\s|#|$)/.test(lines[head] ?? '')) head--;
  const name = /^([\w./-]+)[^:=]*:(?!=)/.exec(lines[head] ?? '')?.[1];
  if (name === undefined) return undefined;
  let end = index;
  while (end + 1 < lines.length && /^\s+\S/.test(lines[end + 1] ?? '')) end++;
  const body = lines.slice(head, end + 1);
  if (ASKS.test(body.join('\n'))) return undefined;
  const comment = /^#/.test(lines[head - 1] ?? '') ? [lines[head - 1] ?? ''] : [];
  return {
    name,
    call: `${tool} ${name}`,
    said: [...comment, ...body.filter((l) => /#|echo|print/.test(l))].join('\n'),
  };
}

/** The function or case of a shell script around a line: `` for none. Undefined: a condition is around it. */
function enclosing(lines: readonly string[], index: number): string | undefined {
  let depth = indent(lines[index] ?? '');
  for (let i = index - 1; i >= 0 && depth > 0; i--) {
    const line = lines[i] ?? '';
    if (line.trim() === '' || indent(line) >= depth) continue;
    depth = indent(line);
    if (/^\s*(?:if|elif|else|while|for|until)\b|&&\s*\{?$/.test(line)) return undefined;
    const name =
      /^\s*(?:function\s+)?([\w-]+)\s*\(\)\s*\{?\s*$/.exec(line)?.[1] ?? /^\s*["']?([\w-]+)["']?\)\s*$/.exec(line)?.[1];
    if (name !== undefined) return name;
  }
  return '';
}

function indent(line: string): number {
  return /^\s*/.exec(line)?.[0].length ?? 0;
}

function join(folder: string, path: string): string {
  const parts: string[] = folder === '' ? [] : folder.split('/');
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}
