import type { Command, Script, Simple, Word } from '../shell/ast.ts';
import { parseShell } from '../shell/parse.ts';

/** A simple command of a shell text as far as its words are known without running it. */
export interface CommandLine {
  /** Words; undefined where a variable or substitution is not known. */
  readonly words: readonly (string | undefined)[];
  /** Its failure is not the failure of the whole: another command is tried after `||`. */
  readonly alternative: boolean;
  /** It only runs when something before it says so (`if`, `case`, after `||`). */
  readonly conditional: boolean;
  /** It takes the place of the shell (`exec`). */
  readonly exec: boolean;
}

/** The value of a variable, or undefined when it is not known. An unset one that is known to be unset is the empty text. */
export type Lookup = (name: string) => string | undefined;

/** All simple commands of a text, in the order in which they stand. */
export function commandLines(text: string, lookup: Lookup): readonly CommandLine[] {
  const found: CommandLine[] = [];
  const script: Script = parseShell(text);
  if (script.errors.length > 0) return found;
  walk(script.body, false, false, lookup, found);
  return found;
}

/** Whether the text is one simple command, perhaps behind `exec`, so that its words are what runs. */
export function singleCommand(text: string, lookup: Lookup): CommandLine | undefined {
  const lines = commandLines(text, lookup);
  const [only] = lines;
  return lines.length === 1 && only !== undefined && !only.conditional ? only : undefined;
}

function walk(
  command: Command,
  alternative: boolean,
  conditional: boolean,
  lookup: Lookup,
  found: CommandLine[],
): void {
  switch (command.kind) {
    case 'simple':
      pushSimple(command, alternative, conditional, lookup, found);
      return;
    case 'sequence':
      for (const item of command.items) walk(item.command, alternative, conditional, lookup, found);
      return;
    case 'pipeline':
      for (const part of command.commands) walk(part, alternative, conditional, lookup, found);
      return;
    case 'and-or': {
      const orBehind = (from: number): boolean =>
        command.rest.slice(from).some((r) => r.operator === '||' && !isExit(r.command));
      walk(command.first, alternative || orBehind(0), conditional, lookup, found);
      for (const [i, r] of command.rest.entries()) {
        walk(r.command, alternative || orBehind(i + 1), conditional || r.operator === '||', lookup, found);
      }
      return;
    }
    case 'group':
      walk(command.body, alternative, conditional, lookup, found);
      return;
    case 'if':
      for (const branch of command.branches) {
        walk(branch.test, true, conditional, lookup, found);
        walk(branch.body, alternative, true, lookup, found);
      }
      if (command.otherwise !== undefined) walk(command.otherwise, alternative, true, lookup, found);
      return;
    case 'while':
      walk(command.test, true, conditional, lookup, found);
      walk(command.body, alternative, true, lookup, found);
      return;
    case 'for':
      walk(command.body, alternative, true, lookup, found);
      return;
    case 'case':
      for (const item of command.items) walk(item.body, alternative, true, lookup, found);
      return;
    default:
      return;
  }
}

/** `exit 1` behind `||` does not make the failure harmless. */
function isExit(command: Command): boolean {
  if (command.kind !== 'simple') return false;
  const [name, code] = command.words.map((w) => w.text);
  return name === 'false' || (name === 'exit' && code !== '0') || name === 'kill';
}

function pushSimple(
  command: Simple,
  alternative: boolean,
  conditional: boolean,
  lookup: Lookup,
  found: CommandLine[],
): void {
  const words = command.words.map((word) => wordText(word, lookup));
  const start = words[0] === 'exec' && words.length > 1 ? 1 : 0;
  if (words.length > 0) found.push({ words: words.slice(start), alternative, conditional, exec: start === 1 });
}

/** The text a word stands for; undefined when a part of it is not known. */
export function wordText(word: Word, lookup: Lookup): string | undefined {
  let out = '';
  for (const part of word.parts) {
    if (part.kind === 'literal' || part.kind === 'glob') out += part.text;
    else if (part.kind === 'variable' && part.length === undefined) {
      const value = lookup(part.name);
      const { operation } = part;
      if (operation === undefined) {
        if (value === undefined) return undefined;
        out += value;
      } else if ((operation.kind === 'default' || operation.kind === 'assign') && value !== undefined) {
        const missing = operation.colon ? value === '' : false;
        const text = missing ? wordText(operation.operand, lookup) : value;
        if (text === undefined) return undefined;
        out += text;
      } else return undefined;
    } else return undefined;
  }
  return out;
}
