import { type Fact, known, unknown } from '../facts/fact.ts';
import type { Command, Simple, Word } from '../shell/ast.ts';
import { joinPath } from '../source/source-tree.ts';
import { wordText } from './command-line.ts';

/** Names that the shell or the engine sets by itself. */
const OWN = /^(PATH|HOME|PWD|OLDPWD|USER|HOSTNAME|RANDOM|SECONDS|UID|EUID|PPID|LINENO|IFS|[?$!_-]|BASH\w*)$/;

/** What a shell has while it works through a start script. */
export class StartShell {
  readonly #script: string;
  /** Why a name that nothing here sets may be set after all. */
  readonly #open: string | undefined;
  readonly values: Map<string, Fact<string>>;
  readonly exported: Set<string>;
  readonly functions = new Map<string, Command>();
  args: readonly string[];
  /** Undefined: where it has changed to is not known. */
  cwd: string | undefined;
  exportAll = false;

  constructor(
    script: string,
    open: string | undefined,
    env: ReadonlyMap<string, Fact<string>>,
    args: readonly string[],
    cwd: string | undefined,
  ) {
    this.#script = script;
    this.#open = open;
    this.values = new Map(env);
    this.exported = new Set(env.keys());
    this.args = args;
    this.cwd = cwd;
  }

  copy(): StartShell {
    const copy = new StartShell(this.#script, this.#open, this.values, this.args, this.cwd);
    copy.exported.clear();
    for (const name of this.exported) copy.exported.add(name);
    for (const [name, body] of this.functions) copy.functions.set(name, body);
    copy.exportAll = this.exportAll;
    return copy;
  }

  /** After commands that may or may not have run, ending in `other`: what differs is not known. */
  merge(other: StartShell): void {
    for (const name of new Set([...other.values.keys(), ...this.values.keys()]))
      if (!same(other.values.get(name), this.values.get(name)))
        this.values.set(name, unknown(`${this.#script} may set ${name}`));
    for (const name of other.exported) this.exported.add(name);
    for (const [name, body] of other.functions) this.functions.set(name, body);
    if (other.cwd !== this.cwd) this.cwd = undefined;
    if (other.exportAll) this.exportAll = true;
  }

  /** The variables of a program that it starts; what is not known counts as possibly handed over. */
  environment(): ReadonlyMap<string, Fact<string>> {
    return new Map([...this.values].filter(([name, value]) => this.exported.has(name) || !value.known));
  }

  /** `text` undefined: computed. */
  set(name: string, text: string | undefined): void {
    this.values.set(name, text === undefined ? unknown(`${this.#script} computes ${name}`) : known(text));
    if (this.exportAll) this.exported.add(name);
  }

  /** `NAME=value` before a command, or alone. */
  assign({ assignments }: Simple, exports: boolean): void {
    for (const { name, value, append } of assignments) {
      this.set(name, value === undefined || append ? undefined : this.text(value));
      if (exports) this.exported.add(name);
    }
  }

  /** What a command of the shell itself does to it; undefined: it is none of those that do. */
  builtIn(name: string, rest: readonly Word[]): 'done' | { readonly unsure: string } | undefined {
    switch (name) {
      case 'set':
        this.#options(this.words(rest));
        return 'done';
      case 'shift':
        this.args = this.args.slice(1);
        return 'done';
      case 'cd': {
        const to = rest[0] === undefined ? undefined : this.text(rest[0]);
        this.cwd = to === undefined || to === '-' || this.cwd === undefined ? undefined : joinPath(this.cwd, to);
        return 'done';
      }
      case 'export':
      case 'readonly':
      case 'local':
      case 'declare':
        for (const word of rest) {
          const text = word.assignment === undefined ? this.text(word) : word.assignment.name;
          if (text === undefined) return { unsure: 'exports what is not known' };
          if (word.assignment !== undefined) this.set(text, this.text(word.assignment.value));
          if (name === 'export') this.exported.add(text);
        }
        return 'done';
      case 'unset':
        for (const word of this.words(rest)) {
          this.values.delete(word);
          this.exported.delete(word);
        }
        return 'done';
      case 'read':
        for (const word of this.words(rest)) this.set(word, undefined);
        return 'done';
      default:
        return undefined;
    }
  }

  #options(given: readonly string[]): void {
    if (given[0] === '--') this.args = given.slice(1);
    if (given.some((word, i) => /^-\w*a/.test(word) || (word === 'allexport' && given[i - 1] === '-o')))
      this.exportAll = true;
  }

  text(word: Word): string | undefined {
    return wordText(word, (name) => this.#value(name));
  }

  #value(name: string): string | undefined {
    if (/^\d$/.test(name)) return name === '0' ? undefined : (this.args[Number(name) - 1] ?? '');
    if (name === '#') return String(this.args.length);
    const fact = this.values.get(name);
    if (fact !== undefined) return fact.known ? fact.value : undefined;
    return this.#open !== undefined || OWN.test(name) || /^\W$/.test(name) ? undefined : '';
  }

  /** Words of a command; what is not known of one stays as it is written, for those who know its variables. */
  words(list: readonly Word[]): readonly string[] {
    return list.flatMap((word) => {
      const [part] = word.parts;
      const alone = word.parts.length === 1 && part?.kind === 'variable' && part.operation === undefined;
      if (alone && /^[@*]$/.test(part.name)) return [...this.args];
      const text = this.text(word);
      if (text === undefined) return [word.parts.map(written).join('')];
      const splits = word.parts.some((p) => p.kind === 'variable' && !p.quoted);
      return splits ? text.split(/\s+/).filter((piece) => piece !== '') : [text];
    });
  }
}

function same(a: Fact<string> | undefined, b: Fact<string> | undefined): boolean {
  return a === b || (a?.known === true && b?.known === true && a.value === b.value);
}

function written(part: Word['parts'][number]): string {
  if (part.kind === 'literal' || part.kind === 'glob') return part.text;
  if (part.kind !== 'variable' || part.length) return '$()';
  if (part.operation === undefined) return `\${${part.name}}`;
  return part.operation.kind === 'default' && part.operation.operand.parts.every((p) => p.kind === 'literal')
    ? `\${${part.name}${part.operation.colon ? ':-' : '-'}${part.operation.operand.parts.map(written).join('')}}`
    : '$()';
}
