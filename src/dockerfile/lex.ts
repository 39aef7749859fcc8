import type { EnvLookup, LexOptions } from './lex-options.ts';
import { ShellLexer } from './shell-lexer.ts';
import type { EscapeChar } from './syntax.ts';

export interface Expansion {
  /** Quotes removed, variables replaced. Empty when there is an error. */
  readonly text: string;
  /** Names that were looked up and found, each once, in order. */
  readonly used: readonly string[];
  readonly undefinedNames: readonly string[];
  /** BuildKit's words. */
  readonly error?: string;
}

const NO_OPTIONS: LexOptions = {};

/** `ProcessWord` of BuildKit's shell lexer: what becomes of a word of FROM, ENV, COPY, … when the step is built. */
export function expandWord(
  word: string,
  env: EnvLookup,
  escapeChar: EscapeChar = '\\',
  options: LexOptions = NO_OPTIONS,
): Expansion {
  const lexer = new ShellLexer(word, env, escapeChar, options);
  const result = lexer.run();
  const names = { used: [...lexer.used], undefinedNames: [...lexer.missing] };
  return result.error === undefined ? { text: result.text, ...names } : { text: '', error: result.error, ...names };
}

/** `ProcessWords`: expands and splits at spaces outside quotes. */
export function splitWords(
  word: string,
  env: EnvLookup,
  escapeChar: EscapeChar = '\\',
  options: LexOptions = NO_OPTIONS,
): { readonly words: readonly string[]; readonly error?: string } {
  const result = new ShellLexer(word, env, escapeChar, options).run();
  return result.error === undefined ? { words: result.words } : { words: [], error: result.error };
}
