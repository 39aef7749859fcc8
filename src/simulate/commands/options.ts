import { type Fact, unknown } from '../../facts/fact.ts';
import type { Arg, Call } from '../command-model.ts';

/** Options of a command line, by canonical name, and its operands in order. */
export interface Options {
  has(name: string): boolean;
  /** The last value given. */
  value(name: string): Fact<string> | undefined;
  values(name: string): readonly Fact<string>[];
  readonly operands: readonly Arg[];
}

/** `flags` and `values` list spellings separated by spaces; `long=l` gives a spelling the canonical name after the sign.
 * One-letter names are short options (they cluster), others long ones (`--name`, `--name=value`). */
export interface OptionSpec {
  readonly flags?: string;
  readonly values?: string;
  /** Words after the first operand are operands even when they look like options (`docker run`, `env`). */
  readonly stopAtOperand?: boolean;
  /** Long options may be written with one dash (Go, Maven). */
  readonly singleDash?: boolean;
}

type Table = ReadonlyMap<string, { readonly name: string; readonly takes: boolean }>;

const tables = new WeakMap<OptionSpec, Table>();

function tableOf(spec: OptionSpec): Table {
  const old = tables.get(spec);
  if (old) return old;
  const table = new Map<string, { name: string; takes: boolean }>();
  const add = (text: string | undefined, takes: boolean) => {
    for (const word of (text ?? '').split(' ').filter((item) => item !== '')) {
      const [spelling = '', name = spelling] = word.split('=');
      table.set(spelling, { name, takes });
    }
  };
  add(spec.flags, false);
  add(spec.values, true);
  tables.set(spec, table);
  return table;
}

/** Reads options as getopt_long does. `undefined` when an option is not in the spec, or a word that may be one is not known:
 * the model then must not claim to know what the command does. */
export function parseOptions(words: readonly Arg[], spec: OptionSpec): Options | undefined {
  const table = tableOf(spec);
  const found = new Map<string, Fact<string>[]>();
  const operands: Arg[] = [];
  const put = (name: string, value: Fact<string>) => {
    const list = found.get(name);
    if (list) list.push(value);
    else found.set(name, [value]);
  };
  for (let i = 0; i < words.length; i++) {
    const word = words[i];
    if (!word) break;
    const text = word.value.known ? word.value.value : word.text;
    if (!word.value.known && !/^['"]?[/\w.~]/.test(text) && !/^["']?\$\{?[A-Z_a-z]\w*\}?\//.test(text)) {
      if (text.startsWith('-')) {
        const inline = /^--([\w-]+)=/.exec(text);
        const option = inline ? table.get(inline[1] ?? '') : undefined;
        if (!option?.takes) return undefined;
        put(option.name, word.value);
        continue;
      }
      operands.push(word);
      continue;
    }
    if (text === '--') {
      operands.push(...words.slice(i + 1));
      break;
    }
    if (!text.startsWith('-') || text === '-') {
      operands.push(word);
      if (!spec.stopAtOperand) continue;
      operands.push(...words.slice(i + 1));
      break;
    }
    const long = text.startsWith('--') || (spec.singleDash === true && text.length > 2);
    if (long) {
      const equals = text.indexOf('=');
      const name = text.slice(text.startsWith('--') ? 2 : 1, equals === -1 ? undefined : equals);
      const option = table.get(name);
      if (!option || (option.takes === false && equals !== -1 && !/^(true|false)$/.test(text.slice(equals + 1))))
        return undefined;
      if (!option.takes)
        put(option.name, { known: true, value: equals === -1 ? '' : text.slice(equals + 1), because: [] });
      else if (equals !== -1)
        put(option.name, { known: true, value: text.slice(equals + 1), because: word.value.because });
      else put(option.name, words[++i]?.value ?? unknown('the option has no value'));
      continue;
    }
    for (let at = 1; at < text.length; at++) {
      const option = table.get(text.charAt(at));
      if (!option || option.name.length === 0) return undefined;
      if (!option.takes) {
        put(option.name, { known: true, value: '', because: [] });
        continue;
      }
      const rest = text.slice(at + 1);
      put(
        option.name,
        rest !== ''
          ? { known: true, value: rest, because: word.value.because }
          : (words[++i]?.value ?? unknown('the option has no value')),
      );
      break;
    }
  }
  return {
    has: (name) => found.has(name),
    value: (name) => found.get(name)?.at(-1),
    values: (name) => found.get(name) ?? [],
    operands,
  };
}

/** The words after the command's name. */
export function rest(call: Call, from = 1): readonly Arg[] {
  return call.argv.slice(from);
}

/** Known text of a word, or undefined. */
export function word(arg: Arg | undefined): string | undefined {
  return arg?.value.known ? arg.value.value : undefined;
}

/** Known words of a command from an index on; undefined when one is not known. */
export function knownTexts(args: readonly Arg[]): readonly string[] | undefined {
  const out: string[] = [];
  for (const arg of args) {
    if (!arg.value.known) return undefined;
    out.push(arg.value.value);
  }
  return out;
}
