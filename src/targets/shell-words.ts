import type { Word } from '../shell/ast.ts';

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
      const mark = folderMark(part.text);
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

function folderMark(text: string): string | undefined {
  if (/git rev-parse --show-toplevel/.test(text)) return REPOSITORY_ROOT;
  if (/dirname\s+(?:--\s+)?(?:"?\$\{?(?:0|BASH_SOURCE)|.*readlink)/.test(text))
    return /\/\.\.["')\s&]/.test(text) ? `${SCRIPT_FOLDER}/..` : SCRIPT_FOLDER;
  return /^\$\(\s*pwd\s*\)$|^`pwd`$/.test(text) ? '.' : undefined;
}
