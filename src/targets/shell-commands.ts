import { type Command, literalText, type Word } from '../shell/ast.ts';
import { parseShell } from '../shell/parse.ts';
import { possibleWords } from './possible-words.ts';
import { UNKNOWN_PART, wordPattern, wordValue } from './shell-words.ts';

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
  /** Arrays, as patterns; an undefined one is not known. */
  readonly lists: Map<string, readonly string[] | undefined>;
}

const MAX_DEPTH = 40;
const MAX_WORDS = 2000;

/** The commands of a shell text in order, with `cd` and plain assignments followed. Branches are all taken. */
export function shellCommands(
  text: string,
  variables: ReadonlyMap<string, string | undefined> = new Map(),
): readonly Invocation[] {
  const out: Invocation[] = [];
  const script = parseShell(text);
  walk(script.body, { folder: '', variables: new Map(variables), lists: new Map() }, out, 0);
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
        command.otherwise !== undefined,
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
        false,
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

/** Walks bodies of which at most one runs (`one`: exactly one): what one of them changes is not known afterwards. */
function branches(bodies: readonly Command[], one: boolean, scope: Scope, out: Invocation[], depth: number): void {
  const ends = bodies.map((body) => {
    const inner = copy(scope);
    walk(body, inner, out, depth + 1);
    return inner;
  });
  const before = copy(scope);
  const paths = one ? ends : [before, ...ends];
  for (const end of ends) {
    if (end.folder !== scope.folder) scope.folder = undefined;
    for (const [name, value] of end.variables)
      if (!before.variables.has(name) || before.variables.get(name) !== value)
        scope.variables.set(name, paths.every((path) => changesNothing(path.variables.get(name))) ? '' : undefined);
  }
  joinLists(scope, ends);
}

/** Whether these are options of a build that change nothing of what is built, such as `--push` or `--load`. */
function changesNothing(value: string | undefined): boolean {
  return (
    value !== undefined &&
    possibleWords(
      [],
      value.split(/\s+/).filter((word) => word !== ''),
    )?.length === 0
  );
}

/** After something of which one or none ran: what it put behind a list may be there. */
function joinLists(scope: Scope, ends: readonly Scope[]): void {
  const before = new Map(scope.lists);
  for (const end of ends)
    for (const [name, list] of end.lists) {
      const old = before.get(name);
      if (old === list) continue;
      const now = before.has(name) ? scope.lists.get(name) : (scope.lists.get(name) ?? []);
      const added = possibleWords(old ?? [], list);
      scope.lists.set(name, now === undefined || added === undefined ? undefined : [...now, ...added]);
    }
}

function copy(scope: Scope): Scope {
  return { folder: scope.folder, variables: new Map(scope.variables), lists: new Map(scope.lists) };
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
    joinLists(scope, [inner]);
  }
}

function simple(command: Extract<Command, { kind: 'simple' }>, scope: Scope, out: Invocation[], depth: number): void {
  const own = new Map(scope.variables);
  for (const assignment of command.assignments) {
    if (assignment.elements !== undefined) {
      const before = assignment.append ? (scope.lists.get(assignment.name) ?? []) : [];
      const added = assignment.elements.flatMap((word) => expand(word, scope).map((item) => item.pattern));
      scope.lists.set(assignment.name, [...before, ...added].slice(0, MAX_WORDS));
      continue;
    }
    const value = assignment.append || assignment.value === undefined ? undefined : wordValue(assignment.value, scope);
    (command.words.length === 0 ? scope.variables : own).set(assignment.name, value);
  }
  for (const word of command.words) {
    for (const part of word.parts) if (part.kind === 'command') walk(part.script.body, copy(scope), out, depth + 1);
  }
  const [first] = command.words;
  if (first === undefined) return;
  assignDefaults(command.words, scope);
  if (literalText(first) === 'export' || literalText(first) === 'declare' || literalText(first) === 'local') {
    for (const word of command.words) {
      if (word.assignment !== undefined)
        scope.variables.set(word.assignment.name, wordValue(word.assignment.value, scope));
    }
    return;
  }
  const expanded = command.words.flatMap((word) => expand(word, scope)).slice(0, MAX_WORDS);
  const words = expanded.map((item) => item.value);
  if (words[0] === 'cd' || words[0] === 'pushd') {
    scope.folder = step(scope.folder, words[1]);
    return;
  }
  if (words[0] === 'popd') scope.folder = undefined;
  const patterns = expanded.map((item) => item.pattern);
  out.push({ words, patterns, folder: scope.folder, variables: own, offset: command.span.start });
}

/** `${NAME:=value}`, mostly behind `:`, sets what nothing has set. */
function assignDefaults(words: readonly Word[], scope: Scope): void {
  for (const part of words.flatMap((word) => word.parts))
    if (part.kind === 'variable' && part.operation?.kind === 'assign' && !scope.variables.has(part.name))
      scope.variables.set(part.name, wordValue(part.operation.operand, scope));
}

interface Expanded {
  readonly value: string | undefined;
  readonly pattern: string;
}

/** An unquoted variable with several words in its value gives several words, and so does an array. */
function expand(word: Word, scope: Scope): readonly Expanded[] {
  const [only] = word.parts;
  if (word.parts.length === 1 && only?.kind === 'variable' && /\[[@*]\]\}$/.test(only.text)) {
    const list = scope.lists.get(only.name);
    if (list !== undefined)
      return list.map((pattern) => ({ value: pattern.includes(UNKNOWN_PART) ? undefined : pattern, pattern }));
  }
  const value = wordValue(word, scope);
  const splits = word.parts.length === 1 && only?.kind === 'variable' && !only.quoted;
  if (value === undefined) return [{ value, pattern: wordPattern(word, scope) }];
  if (!splits) return [{ value, pattern: value }];
  return value
    .split(/\s+/)
    .filter((part) => part !== '')
    .map((part) => ({ value: part, pattern: part }));
}

function step(folder: string | undefined, to: string | undefined): string | undefined {
  if (to === undefined || to === '-' || to.startsWith('/') || to.startsWith('~')) return undefined;
  return folder === undefined ? undefined : folder === '' ? to : `${folder}/${to}`;
}
