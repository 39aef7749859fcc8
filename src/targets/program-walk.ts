import type { Arg, Expr, Func, Stmt, Target } from '../source/program/ir.ts';
import { possibleWords } from './possible-words.ts';
import { calleeName, evaluate, Names, type Value, wordsOf } from './program-values.ts';

/** What a program does that may start a command. Offsets are those of the module. */
export interface CallSite {
  readonly callee: string;
  readonly args: readonly Arg[];
  readonly names: Names;
  /** The module that holds the call. */
  readonly file: string;
  readonly offset: number;
  /** The call of the function around it, with what it gave. */
  readonly from: { readonly file: string; readonly offset: number } | undefined;
}

export interface ModuleScope {
  readonly file: string;
  readonly names: Names;
}

const MAX_STEPS = 20_000;
const MAX_DEPTH = 6;

/** Walks programs without running them: every branch is taken, every function of the programs themselves is followed with what it is given. */
export class ProgramWalk {
  readonly #see: (site: CallSite) => void;
  readonly #entered = new Set<Func>();
  /** Modules of functions, for the places of what they do. */
  readonly #files = new Map<Func, string>();
  #steps = 0;

  constructor(see: (site: CallSite) => void) {
    this.#see = see;
  }

  module(body: readonly Stmt[], scope: ModuleScope): void {
    this.#steps = 0;
    this.#walk(body, { ...scope, from: undefined, depth: 0 });
  }

  wasEntered(fn: Func): boolean {
    return this.#entered.has(fn);
  }

  /** Walks a function whose caller is not known: parameters have their defaults. */
  alone(fn: Func, scope: ModuleScope): void {
    this.#steps = 0;
    this.#enter(fn, scope.names, [], { ...scope, from: undefined, depth: 0 }, scope.file);
  }

  #walk(body: readonly Stmt[], at: Frame): void {
    for (const statement of body) {
      if (statement.k !== 'def') continue;
      this.#files.set(statement.fn, at.file);
      if (statement.fn.name !== undefined)
        at.names.own.set(statement.fn.name, { kind: 'function', fn: statement.fn, scope: at.names });
    }
    for (const statement of body) this.#statement(statement, at);
  }

  #statement(statement: Stmt, at: Frame): void {
    if (++this.#steps > MAX_STEPS) return;
    switch (statement.k) {
      case 'expr':
        this.#calls(statement.value, at);
        this.#added(statement.value, at);
        break;
      case 'assign':
        if (statement.value) this.#assign(statement.targets, statement.value, statement.op, at);
        break;
      case 'return':
      case 'export':
        if (statement.value) this.#calls(statement.value, at);
        break;
      case 'if':
        this.#calls(statement.test, at);
        this.#perhaps([statement.body, statement.otherwise], at);
        break;
      case 'for':
        this.#calls(statement.iter, at);
        if (statement.target?.t === 'name') at.names.set(statement.target.name, undefined);
        this.#perhaps([statement.body], at);
        break;
      case 'loop':
        this.#perhaps([statement.body], at);
        break;
      case 'with':
        for (const item of statement.items) this.#calls(item.value, at);
        this.#walk(statement.body, at);
        break;
      case 'try':
        this.#walk(statement.body, at);
        this.#perhaps(
          statement.handlers.map((handler) => handler.body),
          at,
        );
        this.#walk(statement.last, at);
        break;
      default:
    }
  }

  /** Bodies that may run: what they changed is not known afterwards, but for words behind a list. */
  #perhaps(bodies: readonly (readonly Stmt[])[], at: Frame): void {
    const before = new Map(at.names.own);
    const ends = bodies.map((body) => {
      for (const [name, value] of before) at.names.own.set(name, value);
      this.#walk(body, at);
      return new Map(at.names.own);
    });
    for (const [name, value] of before) at.names.own.set(name, value);
    for (const end of ends)
      for (const [name, value] of end) {
        const old = before.get(name);
        if (value === old) continue;
        const now = at.names.own.get(name);
        const added =
          old?.kind === 'list' && value?.kind === 'list' ? possibleWords(old.words, value.words) : undefined;
        const words = now?.kind === 'list' && added !== undefined ? [...now.words, ...added] : undefined;
        at.names.own.set(name, words === undefined ? undefined : { kind: 'list', words });
      }
  }

  #assign(targets: readonly Target[], value: Expr, op: string, at: Frame): void {
    // A named function runs when it is called.
    if (value.k !== 'func') this.#calls(value, at);
    const found = evaluate(value, at.names);
    if (value.k === 'func') this.#files.set(value.fn, at.file);
    for (const target of targets) {
      if (target.t !== 'name') continue;
      const old = at.names.get(target.name);
      if (op === '+=' && old?.kind === 'list' && found?.kind === 'list')
        at.names.set(target.name, { kind: 'list', words: [...old.words, ...found.words] });
      else if (op === '+=' && old?.kind === 'text' && found?.kind === 'text')
        at.names.set(target.name, { kind: 'text', text: old.text + found.text });
      else at.names.set(target.name, op === '=' || op === '' || op === ':=' ? found : undefined);
    }
  }

  /** `args.push(…)`, `args.append(…)`, `args.extend([…])` */
  #added(expr: Expr, at: Frame): void {
    if (expr.k !== 'call' || expr.callee.k !== 'member' || expr.callee.object.k !== 'name') return;
    const { name, object } = { name: expr.callee.name, object: expr.callee.object.name };
    const list = at.names.get(object);
    if (list?.kind !== 'list') return;
    const words = expr.args.flatMap((arg): readonly string[] => {
      if (name !== 'extend' && arg.spread === 0) return wordsOf(arg.value, at.names);
      const value = evaluate(arg.value.k === 'spread' ? arg.value.of : arg.value, at.names);
      return value?.kind === 'list'
        ? value.words
        : wordsOf({ ...arg.value, k: 'other', parts: [], text: '' }, at.names);
    });
    if (name === 'push' || name === 'append' || name === 'extend')
      at.names.set(object, { kind: 'list', words: [...list.words, ...words] });
    else if (name === 'unshift') at.names.set(object, { kind: 'list', words: [...words, ...list.words] });
    else if (/^(?:splice|pop|shift|insert|remove|reverse|sort)$/.test(name)) at.names.set(object, undefined);
  }

  /** The calls in an expression, inner ones first. */
  #calls(expr: Expr, at: Frame): void {
    if (++this.#steps > MAX_STEPS) return;
    const each = (items: readonly Expr[]) => {
      for (const item of items) this.#calls(item, at);
    };
    switch (expr.k) {
      case 'call': {
        each(expr.args.map((arg) => arg.value));
        if (expr.callee.k !== 'name') this.#calls(expr.callee, at);
        const target = evaluate(expr.callee, at.names);
        if (target?.kind === 'function') this.#enter(target.fn, target.scope, expr.args, at, at.file, expr.from);
        else this.#seen(calleeName(expr.callee), expr.args, expr.from, at);
        break;
      }
      case 'other': {
        // A tagged template: the tag, then the text.
        const [tag, body] = expr.parts;
        if (expr.parts.length === 2 && tag && body && (body.k === 'template' || body.k === 'const')) {
          const name = tag.k === 'call' ? calleeName(tag.callee) : calleeName(tag);
          this.#seen(name, [{ value: body, spread: 0 }], expr.from, at);
        } else each(expr.parts);
        break;
      }
      case 'func':
        this.#enter(expr.fn, at.names, [], at, at.file);
        break;
      case 'member':
        this.#calls(expr.object, at);
        break;
      case 'await':
      case 'spread':
      case 'not':
        this.#calls(expr.of, at);
        break;
      case 'assigned':
        this.#assign([expr.target], expr.value, '=', at);
        break;
      case 'binary':
        each([expr.left, expr.right]);
        break;
      case 'cond':
        each([expr.test, expr.when, expr.otherwise]);
        break;
      case 'list':
        each(expr.items);
        break;
      case 'dict':
        each(expr.entries.map((entry) => entry.value));
        break;
      default:
    }
  }

  #seen(callee: string, args: readonly Arg[], offset: number, at: Frame): void {
    this.#see({ callee, args, names: at.names, file: at.file, offset, from: at.from });
  }

  #enter(fn: Func, scope: Names, args: readonly Arg[], at: Frame, file: string, call?: number): void {
    this.#entered.add(fn);
    if (at.depth >= MAX_DEPTH) return;
    const names = new Names(scope);
    const plain = args.filter((arg) => arg.name === undefined);
    const sure = plain.every((arg) => arg.spread === 0 && arg.value.k !== 'spread');
    for (const [index, param] of fn.params.entries()) {
      if (param.target.t !== 'name') continue;
      const { name } = param.target;
      const given = args.find((arg) => arg.name === name) ?? (sure ? plain[index] : undefined);
      const value: Value =
        given !== undefined
          ? evaluate(given.value, at.names)
          : param.fallback && (sure || args.length === 0)
            ? evaluate(param.fallback, scope)
            : undefined;
      names.own.set(name, value);
    }
    const from = call === undefined ? at.from : { file, offset: call };
    this.#walk(fn.body, { file: this.#files.get(fn) ?? at.file, names, from, depth: at.depth + 1 });
  }
}

interface Frame extends ModuleScope {
  readonly from: { readonly file: string; readonly offset: number } | undefined;
  readonly depth: number;
}
