import { goQuote } from './go-text.ts';
import type { EnvLookup, LexOptions } from './lex-options.ts';
import { type WordBuffer, Words } from './lex-words.ts';
import { Refusal } from './refusal.ts';
import { replaceShellPattern, trimShellPrefix, trimShellSuffix } from './shell-pattern.ts';
import type { EscapeChar } from './syntax.ts';

/** What Go prints for the end of its input where it expects a character. */
const END = '\uFFFD';
const MAX_DEPTH = 500;

/** One walk over one word (BuildKit's shell/lex.go). */
export class ShellLexer {
  readonly used = new Set<string>();
  readonly missing = new Set<string>();
  readonly #source: string;
  readonly #env: EnvLookup;
  readonly #escape: string;
  readonly #options: LexOptions;
  readonly #buffer: WordBuffer = { text: '' };
  #rawEscapes: boolean;
  #at: number;
  #depth = 0;

  constructor(source: string, env: EnvLookup, escapeChar: EscapeChar, options: LexOptions) {
    this.#source = source;
    this.#env = env;
    this.#escape = escapeChar;
    this.#options = options;
    this.#rawEscapes = options.rawEscapes === true;
    // Go's scanner drops a byte order mark at the very beginning.
    this.#at = source.startsWith('\uFEFF') ? 1 : 0;
  }

  run(): { text: string; words: readonly string[]; error?: string } {
    try {
      return this.#until('', this.#rawEscapes);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return { text: '', words: [], error: `failed to process ${goQuote(this.#source)}: ${error.message}` };
    }
  }

  get #end(): boolean {
    return this.#at >= this.#source.length;
  }
  #peek(): string {
    return this.#source[this.#at] ?? '';
  }

  /** Up to `stop` (consumed), or to the end when it is empty. */
  #until(stop: string, rawEscapes: boolean): { text: string; words: readonly string[] } {
    if (++this.#depth > MAX_DEPTH) throw new Refusal('substitutions are nested too deep');
    const words = new Words(this.#buffer);
    const outer = this.#rawEscapes;
    this.#rawEscapes = rawEscapes;
    let text = '';
    while (!this.#end) {
      const char = this.#peek();
      if (stop !== '' && char === stop) {
        this.#at++;
        this.#rawEscapes = outer;
        this.#depth--;
        return { text, words: words.done() };
      }
      const quote = (char === '"' || char === "'") && this.#options.skipProcessQuotes !== true;
      if (char === '$' || char === '<' || quote) {
        const part =
          char === '$'
            ? this.#dollar()
            : char === '<'
              ? this.#heredocMark()
              : char === '"'
                ? this.#double()
                : this.#single();
        text += part;
        if (char === '$') words.addText(part);
        else words.addRaw(part);
        continue;
      }
      this.#at++;
      if (char !== this.#escape) {
        words.add(char);
        text += char;
        continue;
      }
      if (this.#rawEscapes) {
        words.addRaw(char);
        text += char;
      }
      if (this.#end) break;
      const next = this.#takePoint();
      words.addRaw(next);
      text += next;
    }
    this.#rawEscapes = outer;
    this.#depth--;
    if (stop !== '') throw new Refusal(`unexpected end of statement while looking for matching ${stop}`);
    return { text, words: words.done() };
  }

  #takePoint(): string {
    const char = String.fromCodePoint(this.#source.codePointAt(this.#at) ?? 0);
    this.#at += char.length;
    return char;
  }

  #single(): string {
    const close = this.#source.indexOf("'", this.#at + 1);
    if (close === -1) {
      this.#at = this.#source.length;
      throw new Refusal('unexpected end of statement while looking for matching single-quote');
    }
    const inside = this.#source.slice(this.#at + 1, close);
    this.#at = close + 1;
    return this.#options.rawQuotes === true ? `'${inside}'` : inside;
  }

  #double(): string {
    const raw = this.#options.rawQuotes === true;
    let text = raw ? '"' : '';
    this.#at++;
    while (!this.#end) {
      const char = this.#peek();
      if (char === '"') {
        this.#at++;
        return raw ? `${text}"` : text;
      }
      if (char === '$') {
        text += this.#dollar();
        continue;
      }
      this.#at++;
      if (char !== this.#escape) {
        text += char;
        continue;
      }
      if (this.#rawEscapes) text += char;
      const next = this.#peek();
      if (this.#end) continue;
      if (next === '"' || next === '$' || next === this.#escape) {
        this.#at++;
        text += next;
      } else text += char;
    }
    throw new Refusal('unexpected end of statement while looking for matching double-quote');
  }

  #dollar(): string {
    this.#at++;
    if (this.#peek() !== '{') {
      const name = this.#name();
      if (name === '') return '$';
      const value = this.#get(name);
      return value ?? (this.#options.skipUnset === true ? `$${name}` : '');
    }
    this.#at++;
    if (this.#end) throw new Refusal("syntax error: missing '}'");
    if ('{}:'.includes(this.#peek())) throw new Refusal('syntax error: bad substitution');
    const name = this.#name();
    const modifier = this.#end ? END : this.#takePoint();
    if (modifier === '}') {
      const value = this.#get(name);
      return value ?? (this.#options.skipUnset === true ? `\${${name}}` : '');
    }
    if (modifier === '/') return this.#replace(name);
    if (modifier === ':') return this.#modified(name, this.#end ? END : this.#takePoint(), true);
    if ('+-?#%'.includes(modifier)) return this.#modified(name, modifier, false);
    throw new Refusal(`unsupported modifier (${modifier}) in substitution`);
  }

  #modified(name: string, modifier: string, nullIsUnset: boolean): string {
    const written = nullIsUnset ? `:${modifier}` : modifier;
    const rawEscapes = modifier === '#' || modifier === '%';
    if (nullIsUnset && rawEscapes) throw new Refusal(`unsupported modifier (${written}) in substitution`);
    const word = this.#operand('}', rawEscapes, "syntax error: missing '}'");
    const value = this.#get(name);
    if (this.#options.skipUnset === true && value === undefined) return `\${${name}${written}${word}}`;
    const missing = value === undefined || (nullIsUnset && value === '');
    switch (modifier) {
      case '-':
        return missing ? word : (value ?? '');
      case '+':
        return missing ? '' : word;
      case '?':
        if (missing) {
          const state = value === undefined ? 'is not allowed to be unset' : 'is not allowed to be empty';
          throw new Refusal(`${name}: ${word === '' ? state : word}`);
        }
        return value ?? '';
      case '%':
      case '#': {
        const greedy = word.startsWith(modifier);
        const pattern = greedy ? word.slice(1) : word;
        const trimmed = (modifier === '%' ? trimShellSuffix : trimShellPrefix)(pattern, value ?? '', greedy);
        return this.#orRefuse(trimmed);
      }
      default:
        throw new Refusal(`unsupported modifier (${written}) in substitution`);
    }
  }

  #replace(name: string): string {
    const all = this.#peek() === '/';
    if (all) this.#at++;
    const pattern = this.#operand('/', true, "syntax error: missing '/' in ${}");
    const replacement = this.#operand('}', true, "syntax error: missing '}'");
    const value = this.#get(name);
    if (this.#options.skipUnset === true && value === undefined) return `\${${name}/${pattern}/${replacement}}`;
    return this.#orRefuse(replaceShellPattern(pattern, replacement, value ?? '', all));
  }

  /** A nested word; at the end of the input BuildKit names what is missing instead of the inner error. */
  #operand(stop: string, rawEscapes: boolean, atEnd: string): string {
    try {
      return this.#until(stop, rawEscapes).text;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      throw this.#end ? new Refusal(atEnd) : error;
    }
  }

  #orRefuse(result: { readonly text: string } | { readonly error: string }): string {
    if ('error' in result) throw new Refusal(result.error);
    return result.text;
  }

  #name(): string {
    const pattern = /\p{Nd}+|[@*#?\-$!]|[\p{L}_][\p{L}\p{Nd}_]*/uy;
    pattern.lastIndex = this.#at;
    const name = pattern.exec(this.#source)?.[0] ?? '';
    this.#at += name.length;
    return name;
  }

  #get(name: string): string | undefined {
    const value = this.#env(name);
    (value === undefined ? this.missing : this.used).add(name);
    return value;
  }

  #heredocMark(): string {
    this.#at++;
    if (this.#peek() !== '<') return '<';
    const start = this.#at;
    this.#at++;
    while (!this.#end && '\t\r '.includes(this.#peek())) this.#at++;
    return `<${this.#source.slice(start, this.#at)}`;
  }
}
