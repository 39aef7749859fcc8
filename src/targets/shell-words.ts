import { type Command, literalText, type Part, type Simple, type Word } from '../shell/ast.ts';

/** Variables by name; undefined: set to what is not known. */
export interface WordScope {
  readonly variables: ReadonlyMap<string, string | undefined>;
}

/** The text that a word stands for. `$(dirname "$0")`, `$PWD`, `$(pwd)` and `$(git rev-parse --show-toplevel)` become marks that `resolveMarks` reads. */
export function wordValue(word: Word, scope: WordScope): string | undefined {
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
      const mark = folderMark(part, scope);
      if (mark === undefined) return undefined;
      out += mark;
    } else return undefined;
  }
  return out;
}

/** The text of a word with a mark for each part that is not known. */
export function wordPattern(word: Word, scope: WordScope): string {
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

type Substitution = Extract<Part, { kind: 'command' }>;

function folderMark(part: Substitution, scope: WordScope): string | undefined {
  const { text } = part;
  if (/^\$\(\s*git rev-parse --show-toplevel[^;&|]*\)$/.test(text)) return REPOSITORY_ROOT;
  const marked = markedFolder(part, scope);
  if (marked !== undefined) return marked;
  if (/git rev-parse --show-toplevel/.test(text)) return REPOSITORY_ROOT;
  if (/dirname\s+(?:--\s+)?(?:"?\$\{?(?:0|BASH_SOURCE)|.*readlink)/.test(text))
    return /\/\.\.["')\s&]/.test(text) ? `${SCRIPT_FOLDER}/..` : SCRIPT_FOLDER;
  return /^\$\(\s*pwd\s*\)$|^`pwd`$/.test(text) ? '.' : undefined;
}

/** `$(cd X && pwd)`, `$(dirname X)`, `$(realpath X)` of a folder that already has a mark: only such a path means the same everywhere. */
function markedFolder(part: Substitution, scope: WordScope): string | undefined {
  const commands = simpleCommands(part.script.body);
  const [first, second] = commands.map((command) => command.words.map((word) => literalText(word)));
  const argument = commands[0]?.words.slice(1).find((word) => literalText(word)?.startsWith('-') !== true);
  const path = argument === undefined ? undefined : wordValue(argument, scope);
  if (path === undefined || !(path.includes(SCRIPT_FOLDER) || path.includes(REPOSITORY_ROOT))) return undefined;
  const name = first?.[0];
  if (name === 'cd') return commands.length === 2 && second?.[0] === 'pwd' ? path : undefined;
  if (commands.length !== 1) return undefined;
  return name === 'dirname' ? `${path}/..` : name === 'realpath' || name === 'readlink' ? path : undefined;
}

/** The simple commands of `a; b && c`; empty when there is anything else. */
function simpleCommands(command: Command): readonly Simple[] {
  if (command.kind === 'simple') return [command];
  const inner =
    command.kind === 'sequence'
      ? command.items.map((item) => item.command)
      : command.kind === 'and-or'
        ? [command.first, ...command.rest.map((item) => item.command)]
        : undefined;
  const lists = inner?.map(simpleCommands) ?? [];
  return lists.some((list) => list.length === 0) ? [] : lists.flat();
}
