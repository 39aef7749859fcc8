import { type Fact, known, mapFact, unknown } from '../facts/fact.ts';
import type { AndOr, Case, Command, If, Sequence, Simple, While } from '../shell/ast.ts';
import { parseShell } from '../shell/parse.ts';
import { joinPath, type SourceTree } from '../source/source-tree.ts';
import { scriptOf } from './start-file.ts';
import { StartShell } from './start-shell.ts';
import { decided } from './start-test.ts';

/** What a start script hands over to at its end: the program that stays. */
export interface HandedOver {
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env: ReadonlyMap<string, Fact<string>>;
  /** The script whose shell stays the parent of it, for want of `exec`, with the line (1-based) of the command; undefined: none does. */
  readonly parent?: { readonly path: string; readonly line: number; readonly shell: 'sh' | 'bash' };
}

/** How a script starts: its words, where, with which variables. `open`: why others may be set. */
export interface ScriptStart extends Omit<HandedOver, 'parent'> {
  readonly files: SourceTree;
  readonly open: string | undefined;
}

type Outcome =
  | { readonly kind: 'next' | 'exit' }
  | { readonly kind: 'ends'; readonly argv: readonly string[]; readonly from?: number }
  | { readonly kind: 'unsure'; readonly why: string };

const NEXT: Outcome = { kind: 'next' };

const DEEPEST = 4;

/** The program that a command ends in when it runs a script of the repository; undefined: it runs none that can be read. */
export function handedOver(start: ScriptStart, depth = 0): Fact<HandedOver> | undefined {
  const script = scriptOf(start);
  if (script === undefined) return undefined;
  const { path } = script;
  const text = script.text.replaceAll('\r\n', '\n');
  const parsed = parseShell(text);
  if (parsed.errors.length > 0) return unknown(`${path} cannot be read`);
  const shell = new StartShell(path, start.open, start.env, script.args, start.cwd);
  const end = new Run(start.files, path).sequence(parsed.body, shell, true);
  if (end.kind !== 'ends') return unknown(end.kind === 'unsure' ? end.why : `what ${path} ends in is not known`);
  if (shell.cwd === undefined) return unknown(`where ${path} changes to is not known`);
  const line = end.from === undefined ? undefined : text.slice(0, end.from).split('\n').length;
  const parent = line === undefined || /\btrap\b/.test(text) ? {} : { parent: { path, line, shell: script.shell } };
  const handed = { argv: end.argv, cwd: shell.cwd, env: shell.environment() };
  if (depth >= DEEPEST) return unknown('scripts lead to scripts');
  const inner = handedOver({ ...start, ...handed }, depth + 1) ?? known<HandedOver>(handed);
  return mapFact(inner, (last) => ({ ...last, ...parent }));
}

/** One way through a script. `tail`: nothing comes after the command, so that a program there is the last one. */
class Run {
  readonly #files: SourceTree;
  readonly #path: string;

  constructor(files: SourceTree, path: string) {
    this.#files = files;
    this.#path = path;
  }

  sequence({ items }: Sequence, shell: StartShell, tail: boolean): Outcome {
    for (const [i, { command, background }] of items.entries()) {
      if (background) return this.unsure('starts several processes');
      const outcome = this.command(command, shell, tail && i === items.length - 1);
      if (outcome.kind !== 'next') return outcome;
    }
    return NEXT;
  }

  command(command: Command, shell: StartShell, tail: boolean): Outcome {
    switch (command.kind) {
      case 'simple':
        return this.simple(command, shell, tail);
      case 'sequence':
        return this.sequence(command, shell, tail);
      case 'group':
        if (!command.subshell) return this.command(command.body, shell, tail);
        return tail ? this.unsure('ends in a shell of its own') : NEXT;
      case 'pipeline':
        return tail ? this.unsure('ends in a pipe') : NEXT;
      case 'and-or':
        return this.chain(command, shell, tail);
      case 'if':
        return this.branches(command, shell, tail);
      case 'while':
        return this.loop(command, shell);
      case 'for':
        shell.set(command.name, undefined);
        return this.maybe(command.body, shell);
      case 'case':
        return this.choice(command, shell, tail);
      case 'function':
        shell.functions.set(command.name, command.body);
        return NEXT;
      case 'test':
        return NEXT;
      default:
        return this.unsure('holds what is not read');
    }
  }

  /** A program before `&&` is taken to succeed: what comes after it is what the author wants to run. */
  chain({ first, rest }: AndOr, shell: StartShell, tail: boolean): Outcome {
    let outcome = this.command(first, shell, false);
    let before = first;
    for (const [i, { operator, command }] of rest.entries()) {
      if (outcome.kind !== 'next') return outcome;
      const item = { command: before, background: false };
      const holds = this.decide({ kind: 'sequence', span: before.span, items: [item] }, shell);
      if (holds === (operator === '||')) return i === rest.length - 1 ? NEXT : this.unsure('chains tests');
      const surely = holds !== undefined || (operator === '&&' && !mayFail(before));
      outcome = surely ? this.command(command, shell, tail && i === rest.length - 1) : this.maybe(command, shell);
      before = command;
    }
    return outcome;
  }

  branches({ branches, otherwise }: If, shell: StartShell, tail: boolean): Outcome {
    for (const [i, { test, body }] of branches.entries()) {
      const asked = this.maybe(test, shell);
      if (asked.kind !== 'next') return asked;
      const holds = this.decide(test, shell);
      if (holds === true) return this.sequence(body, shell, tail);
      if (holds === false) continue;
      const rest = branches.slice(i).map((branch) => branch.body);
      return this.oneOf(otherwise === undefined ? rest : [...rest, otherwise], shell);
    }
    return otherwise === undefined ? NEXT : this.sequence(otherwise, shell, tail);
  }

  /** The test runs at least once. What it does (`until cd /mounted; do`) holds after the loop where success ends it. */
  loop({ until, test, body }: While, shell: StartShell): Outcome {
    const outcome = until && test.items.length === 1 ? this.sequence(test, shell, false) : this.maybe(test, shell);
    return outcome.kind === 'next' ? this.maybe(body, shell) : outcome;
  }

  choice({ word, items }: Case, shell: StartShell, tail: boolean): Outcome {
    const text = shell.text(word);
    const patterns = items.map((item) => item.patterns.map((pattern) => shell.text(pattern)));
    const plain = patterns.flat().every((p) => p !== undefined && (p === '*' || !/[*?[]/.test(p)));
    const bodies = items.map((item) => item.body);
    if (text === undefined || !plain) return this.oneOf(bodies, shell);
    const chosen = items[patterns.findIndex((list) => list.includes(text) || list.includes('*'))];
    if (chosen === undefined) return NEXT;
    return chosen.fallsThrough ? this.unsure('falls through') : this.sequence(chosen.body, shell, tail);
  }

  simple(command: Simple, shell: StartShell, tail: boolean): Outcome {
    const [first, ...rest] = command.words;
    const name = first === undefined ? '' : shell.text(first);
    if (name === undefined)
      return tail && first?.text.includes('@') ? this.last(command, shell) : this.unsure('runs what a variable names');
    switch (name) {
      case '':
        shell.assign(command, false);
        return NEXT;
      case 'exec':
        return rest.length === 0 ? NEXT : this.last({ ...command, words: rest }, shell, true);
      case 'exit':
        return { kind: 'exit' };
      case 'return':
      case 'eval':
      case '.':
      case 'source':
        return this.unsure(`runs ${name}`);
    }
    const told = shell.builtIn(name, rest);
    if (told !== undefined) return told === 'done' ? NEXT : this.unsure(told.unsure);
    const called = shell.functions.get(name);
    if (called === undefined) return tail && !BUILT_IN.has(name) ? this.last(command, shell) : NEXT;
    const outer = shell.args;
    shell.args = shell.words(rest);
    const outcome = this.command(called, shell, tail);
    shell.args = outer;
    return outcome;
  }

  last(command: Simple, shell: StartShell, exec = false): Outcome {
    shell.assign(command, true);
    const argv = shell.words(command.words);
    return argv.length === 0
      ? this.unsure('is given no command')
      : { kind: 'ends', argv, ...(exec ? {} : { from: command.span.start }) };
  }

  decide(test: Sequence, shell: StartShell): boolean | undefined {
    const look = (path: string) => this.#files.look(joinPath(shell.cwd ?? '/', path));
    return decided(test, (word) => shell.text(word), look);
  }

  /** One of several, or none. */
  oneOf(bodies: readonly Command[], shell: StartShell): Outcome {
    for (const body of bodies) {
      const outcome = this.maybe(body, shell);
      if (outcome.kind !== 'next') return outcome;
    }
    return NEXT;
  }

  maybe(body: Command, shell: StartShell): Outcome {
    const copy = shell.copy();
    const outcome = this.command(body, copy, false);
    if (outcome.kind === 'ends') return this.unsure('hands over to different programs');
    if (outcome.kind === 'exit') return NEXT;
    if (copy.args !== shell.args) return this.unsure('may change its arguments');
    shell.merge(copy);
    return outcome;
  }

  unsure(what: string): Outcome {
    return { kind: 'unsure', why: `${this.#path} ${what}` };
  }
}

const BUILT_IN = new Set([
  'wait',
  'trap',
  'echo',
  'printf',
  'true',
  'false',
  ':',
  'test',
  '[',
  'kill',
  'umask',
  'ulimit',
]);

/** Commands that ask something: `command -v x && …`. */
function mayFail(command: Command): boolean {
  if (command.kind !== 'simple') return true;
  return /^(\[|test|command|which|type|grep|id|pgrep|nc|curl|wget)$/.test(command.words[0]?.text ?? '');
}
