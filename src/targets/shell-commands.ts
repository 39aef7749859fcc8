import { type Command, literalText, type Word } from '../shell/ast.ts';
import { parseShell } from '../shell/parse.ts';

/** One simple command of a script. A word or folder that depends on what is not known is undefined. */
export interface Invocation {
  readonly words: readonly (string | undefined)[];
  /** The same words with `UNKNOWN_PART` for what is not known. */
  readonly patterns: readonly string[];
  /** The folder it runs in, relative to where the script starts; undefined: not known. */
  readonly folder: string | undefined;
  /** Variables set in front of it or before it. */
  readonly variables: ReadonlyMap<string, string | undefined>;
  /** Offset in the script's text. */
  readonly offset: number;
}

interface Scope {
  folder: string | undefined;
  readonly variables: Map<string, string | undefined>;
}

const MAX_DEPTH = 40;

/** The commands of a shell text in order, with `cd` and plain assignments followed. Branches are all taken. */
export function shellCommands(
  text: string,
  variables: ReadonlyMap<string, string | undefined> = new Map(),
): readonly Invocation[] {
  const out: Invocation[] = [];
  const script = parseShell(text);
  walk(script.body, { folder: '', variables: new Map(variables) }, out, 0);
  return out;
}

function walk(command: Command, scope: Scope, out: Invocation[], depth: number): void {
  if (depth > MAX_DEPTH) return;
  const next = (inner: Command, inside = scope) => walk(inner, inside, out, depth + 1);
  switch (command.kind) {
    case 'simple':
      simple(command, scope, out, depth);
      break;
    case 'sequence':
      for (const item of command.items) next(item.command);
      break;
    case 'and-or':
      next(command.first);
      for (const item of command.rest) next(item.command);
      break;
    case 'pipeline':
      for (const item of command.commands) next(item, copy(scope));
      break;
    case 'group':
      next(command.body, command.subshell ? copy(scope) : scope);
      break;
    case 'if':
      for (const branch of command.branches) next(branch.test);
      branches(
        [
          ...command.branches.map((branch) => branch.body),
          ...(command.otherwise === undefined ? [] : [command.otherwise]),
        ],
        scope,
        out,
        depth,
      );
      break;
    case 'for':
      forLoop(command, scope, out, depth);
      break;
    case 'while':
      next(command.body);
      break;
    case 'case':
      branches(
        command.items.map((item) => item.body),
        scope,
        out,
        depth,
      );
      break;
    case 'function':
      next(command.body, copy(scope));
      break;
    case 'test':
    case 'unsupported':
      break;
  }
}

/** Walks bodies of which at most one runs: what one of them changes is not known afterwards. */
function branches(bodies: readonly Command[], scope: Scope, out: Invocation[], depth: number): void {
  const ends = bodies.map((body) => {
    const inner = copy(scope);
    walk(body, inner, out, depth + 1);
    return inner;
  });
  for (const end of ends) {
    if (end.folder !== scope.folder) scope.folder = undefined;
    for (const [name, value] of end.variables)
      if (!scope.variables.has(name) || scope.variables.get(name) !== value) scope.variables.set(name, undefined);
  }
}

function copy(scope: Scope): Scope {
  return { folder: scope.folder, variables: new Map(scope.variables) };
}

function forLoop(command: Extract<Command, { kind: 'for' }>, scope: Scope, out: Invocation[], depth: number): void {
  const values = (command.words ?? []).flatMap((word) => {
    const value = wordValue(word, scope);
    return value === undefined
      ? [undefined]
      : word.parts.some((part) => part.kind === 'variable')
        ? value.split(/\s+/)
        : [value];
  });
  for (const value of values.length === 0 ? [undefined] : values.slice(0, 50)) {
    const inner = copy(scope);
    inner.variables.set(command.name, value);
    walk(command.body, inner, out, depth + 1);
  }
}

function simple(command: Extract<Command, { kind: 'simple' }>, scope: Scope, out: Invocation[], depth: number): void {
  const own = new Map(scope.variables);
  for (const assignment of command.assignments) {
    const value = assignment.append || assignment.value === undefined ? undefined : wordValue(assignment.value, scope);
    (command.words.length === 0 ? scope.variables : own).set(assignment.name, value);
  }
  for (const word of command.words) {
    for (const part of word.parts) if (part.kind === 'command') walk(part.script.body, copy(scope), out, depth + 1);
  }
  const [first] = command.words;
  if (first === undefined) return;
  if (literalText(first) === 'export' || literalText(first) === 'declare' || literalText(first) === 'local') {
    for (const word of command.words) {
      if (word.assignment !== undefined)
        scope.variables.set(word.assignment.name, wordValue(word.assignment.value, scope));
    }
    return;
  }
  const words = command.words.flatMap((word) => expand(word, scope));
  if (words[0] === 'cd' || words[0] === 'pushd') {
    scope.folder = step(scope.folder, words[1]);
    return;
  }
  if (words[0] === 'popd') scope.folder = undefined;
  const patterns = command.words.flatMap((word, index) =>
    words.length === command.words.length ? [words[index] ?? wordPattern(word, scope)] : [],
  );
  out.push({ words, patterns, folder: scope.folder, variables: own, offset: command.span.start });
}

/** An unquoted variable with several words in its value gives several words. */
function expand(word: Word, scope: Scope): readonly (string | undefined)[] {
  const value = wordValue(word, scope);
  const [only] = word.parts;
  const splits = word.parts.length === 1 && only?.kind === 'variable' && !only.quoted;
  if (value === undefined || !splits) return [value];
  return value.split(/\s+/).filter((part) => part !== '');
}

function step(folder: string | undefined, to: string | undefined): string | undefined {
  if (to === undefined || to === '-' || to.startsWith('/') || to.startsWith('~')) return undefined;
  return folder === undefined ? undefined : folder === '' ? to : `${folder}/${to}`;
}

/** The text that a word stands for. `$(dirname "$0")`, `$PWD`, `$(pwd)` and `$(git rev-parse --show-toplevel)` become marks that `resolveMarks` reads. */
export function wordValue(
  word: Word,
  scope: { readonly variables: ReadonlyMap<string, string | undefined> },
): string | undefined {
  let out = '';
  for (const part of word.parts) {
    if (part.kind === 'literal' || part.kind === 'glob') out += part.text;
    else if (part.kind === 'brace') out += part.text;
    else if (part.kind === 'variable') {
      const set = part.name === 'PWD' ? '.' : scope.variables.get(part.name);
      const { operation } = part;
      if (operation === undefined) {
        if (set === undefined) return undefined;
        out += set;
      } else if (operation.kind === 'default' || operation.kind === 'assign') {
        const fallback = set ?? wordValue(operation.operand, scope);
        if (fallback === undefined) return undefined;
        out += fallback;
      } else if (operation.kind === 'error' && set !== undefined) out += set;
      else return undefined;
    } else if (part.kind === 'command') {
      const mark = folderMark(part.text);
      if (mark === undefined) return undefined;
      out += mark;
    } else return undefined;
  }
  return out;
}

/** The text of a word with a mark for each part that is not known. */
function wordPattern(word: Word, scope: Scope): string {
  return word.parts
    .map((part) => wordValue({ ...word, parts: [part] }, scope) ?? UNKNOWN_PART)
    .join('')
    .replace(/\u{E004}+/gu, UNKNOWN_PART);
}

/** Stands for a part of a word that is not known. */
export const UNKNOWN_PART = '\u{E004}';
/** Stands for the folder of the script that is run. */
export const SCRIPT_FOLDER = '\u{E002}';
/** Stands for the repository's root. */
export const REPOSITORY_ROOT = '\u{E003}';

function folderMark(text: string): string | undefined {
  if (/git rev-parse --show-toplevel/.test(text)) return REPOSITORY_ROOT;
  if (/dirname\s+(?:--\s+)?(?:"?\$\{?(?:0|BASH_SOURCE)|.*readlink)/.test(text))
    return /\/\.\.["')\s&]/.test(text) ? `${SCRIPT_FOLDER}/..` : SCRIPT_FOLDER;
  return /^\$\(\s*pwd\s*\)$|^`pwd`$/.test(text) ? '.' : undefined;
}
