import { type Fact, known, type Reason, unknown } from '../../facts/fact.ts';
import type { Part, Word } from '../../shell/ast.ts';
import { patternRegExp, quotePattern } from '../../shell/pattern.ts';
import { DEFAULT_PATH } from '../command-lookup.ts';
import type { Arg } from '../command-model.ts';
import { alternatives } from './alternatives.ts';
import { computed } from './arithmetic.ts';
import { type Field, newField, positionalInto, splitInto } from './field.ts';
import { expandGlob } from './glob.ts';
import { parameterValue } from './parameter.ts';
import { line, type RunContext } from './run-context.ts';
import { type Shell, setVariable, variable } from './shell-world.ts';

/** Runs a command substitution: the shell afterwards and what was printed. */
export type Substitute = (
  script: Extract<Part, { kind: 'command' }>,
  shell: Shell,
) => { shell: Shell; text: Fact<string> };

/** Expands words as the shell does before it runs a command. Substitutions may change the world: see `shell`. */
export class Expander {
  shell: Shell;
  /** `${x:?text}` or `set -u` stopped the script. */
  stopped: string | undefined;
  readonly #context: RunContext;
  readonly #substitute: Substitute;

  constructor(shell: Shell, context: RunContext, substitute: Substitute) {
    this.shell = shell;
    this.#context = context;
    this.#substitute = substitute;
  }

  /** Words of a command: splitting, patterns and all. */
  words(word: Word): readonly Arg[] {
    if (word.assignment) {
      const value = this.text(word.assignment.value);
      const name = `${word.assignment.name}${word.assignment.append ? '+' : ''}=`;
      return [this.#arg(word, value.known ? { ...value, value: name + value.value } : value)];
    }
    return alternatives(word, this.#context.dialect).flatMap((item) => this.#fields(item, word));
  }

  #arg(word: Word, value: Fact<string>, many = false): Arg {
    const at = this.#context.place(word.span);
    return many ? { value, text: word.text, at, many: true } : { value, text: word.text, at };
  }

  #fields(word: Word, written: Word): readonly Arg[] {
    const fields: Field[] = [newField()];
    const last = () => fields.at(-1) ?? newField();
    const add = (text: string, quoted: boolean) => {
      const field = last();
      field.text += text;
      field.pattern += quoted ? quotePattern(text) : text;
      if (!quoted && /[*?[]/.test(text)) field.glob = true;
      field.real = true;
    };
    word.parts.forEach((part, index) => {
      if (part.kind === 'literal') {
        if (index === 0 && !part.quoted && part.text.startsWith('~')) this.#tilde(part.text, word, last());
        else add(part.text, true);
      } else if (part.kind === 'glob') add(part.text, false);
      else if (
        part.kind === 'variable' &&
        (part.name === '@' || part.name === '*') &&
        !part.operation &&
        !part.length
      ) {
        positionalInto(this.shell.positional, part.quoted, fields);
      } else {
        const value = this.part(part);
        const quoted = 'quoted' in part ? part.quoted : true;
        const field = last();
        field.because.push(...value.because.slice(0, 4));
        if (!value.known) {
          field.unknown = value;
          field.many ||= !quoted;
          field.real = true;
        } else if (quoted) add(value.value, true);
        else splitInto(value.value, fields);
      }
    });
    return fields.filter((field) => field.real).flatMap((field) => this.#finish(field, written));
  }

  #tilde(text: string, word: Word, field: Field): void {
    const name = /^~([^/]*)/.exec(text)?.[1] ?? '';
    const rest = text.slice(name.length + 1);
    field.real = true;
    const alone = rest !== '' || word.parts.length === 1;
    const home = !alone
      ? unknown('a tilde with a variable behind it')
      : name === ''
        ? (variable(this.shell, 'HOME') ?? unknown('HOME is not set'))
        : this.#homeOf(name);
    if (!home.known) {
      field.unknown = home;
      return;
    }
    field.text += home.value + rest;
    field.pattern += quotePattern(home.value + rest);
  }

  #homeOf(name: string): Fact<string> {
    const users = this.shell.image.users;
    if (!users.known) return users;
    const user = users.value.find((item) => item.name === name);
    return user ? known(user.home, user.origin) : unknown(`there is no user ${name} to take ~${name} from`);
  }

  #finish(field: Field, word: Word): readonly Arg[] {
    if (field.unknown) return [this.#arg(word, field.unknown, field.many)];
    if (!field.glob) return [this.#arg(word, known(field.text, ...field.because))];
    const found = expandGlob(this.shell.image, this.shell.cwd, field.pattern);
    if (!found.known) return [{ ...this.#arg(word, found, true), pattern: field.text }];
    if (found.value.length === 0) return [this.#arg(word, known(field.text, ...field.because))];
    return found.value.map((path) => this.#arg(word, known(path, ...field.because, ...found.because.slice(0, 2))));
  }

  /** A word as one text: the right side of an assignment, a redirection's target, a heredoc. No splitting, no patterns. */
  text(word: Word): Fact<string> {
    let out = '';
    const because: Reason[] = [];
    for (const [index, part] of word.parts.entries()) {
      if (part.kind === 'literal' && index === 0 && !part.quoted && part.text.startsWith('~')) {
        const field = newField();
        this.#tilde(part.text, word, field);
        if (field.unknown) return field.unknown;
        out += field.text;
        continue;
      }
      const value = this.part(part);
      if (!value.known) return value;
      out += value.value;
      because.push(...value.because.slice(0, 4));
    }
    return known(out, ...because);
  }

  /** A word as a pattern: quoted parts match themselves. */
  pattern(word: Word): Fact<string> {
    let out = '';
    for (const part of word.parts) {
      const value = part.kind === 'glob' ? known(part.text) : this.part(part);
      if (!value.known) return value;
      const quoted = part.kind === 'literal' || ('quoted' in part && part.quoted);
      out += quoted ? quotePattern(value.value) : value.value;
    }
    return known(out);
  }

  part(part: Part): Fact<string> {
    switch (part.kind) {
      case 'literal':
      case 'glob':
        return known(part.text);
      case 'brace':
        return known(part.text);
      case 'opaque':
        return unknown(`${part.what} is not followed`);
      case 'arithmetic': {
        const value = computed(part.expression, (name) => this.value(name));
        return value === undefined ? unknown(`${part.text} is not computed`) : known(String(value));
      }
      case 'command': {
        const { shell, text } = this.#substitute(part, this.shell);
        this.shell = shell;
        return text.known ? { ...text, value: text.value.replace(/\n+$/, '') } : text;
      }
      case 'variable':
        return parameterValue(part, this);
    }
  }

  /** Value of a plain name; undefined: unset. */
  value(name: string): Fact<string> | undefined {
    if (/^[0-9]+$/.test(name)) {
      if (name === '0') return known('/bin/sh');
      const all = this.shell.positional;
      if (!all.known) return all;
      const value = all.value[Number(name) - 1];
      return value === undefined ? undefined : known(value);
    }
    if (name === '#') {
      const all = this.shell.positional;
      return all.known ? known(String(all.value.length)) : all;
    }
    if (name === '@' || name === '*') {
      const all = this.shell.positional;
      return all.known ? known(all.value.join(' ')) : all;
    }
    if (name === '?')
      return this.shell.status === undefined ? unknown('$? is not known') : known(String(this.shell.status));
    if (name === 'PWD') return this.shell.cwd;
    if (!/^[A-Za-z_]/.test(name)) return unknown(`$${name} is not known before it runs`);
    const found = variable(this.shell, name);
    // The engine sets PATH where the image does not.
    if (found === undefined && name === 'PATH') return known(DEFAULT_PATH);
    return found;
  }

  assign(name: string, value: Fact<string>): void {
    this.shell = setVariable(this.shell, name, value);
  }

  reason(word: Word): Reason {
    return line(this.#context, word.span, word.text);
  }

  matches(text: string, pattern: string): boolean | undefined {
    return patternRegExp(pattern)?.test(text);
  }
}
