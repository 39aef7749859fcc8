import type { Expr, Func } from '../source/program/ir.ts';
import { SCRIPT_FOLDER, UNKNOWN_PART } from './shell-words.ts';

/** What a name of a release script stands for. Texts carry `UNKNOWN_PART` for parts that are not known; undefined: nothing is known. */
export type Value =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'list'; readonly words: readonly string[] }
  | { readonly kind: 'function'; readonly fn: Func; readonly scope: Names }
  | undefined;

/** Names of a function or module and of those around it. */
export class Names {
  readonly own = new Map<string, Value>();
  readonly #above: Names | undefined;

  constructor(above?: Names) {
    this.#above = above;
  }

  get(name: string): Value {
    return this.own.has(name) ? this.own.get(name) : this.#above?.get(name);
  }

  /** Sets a name where it was declared, else here. */
  set(name: string, value: Value): void {
    if (this.own.has(name) || this.#above?.has(name) !== true) this.own.set(name, value);
    else this.#above.set(name, value);
  }

  has(name: string): boolean {
    return this.own.has(name) || this.#above?.has(name) === true;
  }
}

const text = (value: string): Value => ({ kind: 'text', text: value });

/** The last name of what is called: `spawnSync` of `childProcess.spawnSync`. */
export function calleeName(callee: Expr): string {
  return callee.k === 'name' || callee.k === 'member' ? callee.name : '';
}

/** A text that stands for a value in a word; `UNKNOWN_PART` where it is not known. */
export function asText(value: Value): string {
  return value?.kind === 'text' ? value.text : UNKNOWN_PART;
}

/** The value of an expression, without running anything. */
export function evaluate(expr: Expr, names: Names): Value {
  switch (expr.k) {
    case 'const':
      return expr.value === null || typeof expr.value === 'boolean' ? undefined : text(String(expr.value));
    case 'template':
      return text(expr.parts.map((part) => asText(evaluate(part, names))).join(''));
    case 'name':
      if (expr.name === '__dirname') return text(SCRIPT_FOLDER);
      return expr.name === '__file__' ? text(`${SCRIPT_FOLDER}/.`) : names.get(expr.name);
    case 'member':
      // `Path(__file__).parent`, `import.meta.dirname`
      if (expr.name === 'dirname') return text(SCRIPT_FOLDER);
      return expr.name === 'parent' ? parentOf(evaluate(expr.object, names)) : undefined;
    case 'list':
      return { kind: 'list', words: expr.items.flatMap((item) => wordsOf(item, names)) };
    case 'binary':
      return binary(expr, names);
    case 'cond': {
      const [yes, no] = [evaluate(expr.when, names), evaluate(expr.otherwise, names)];
      return yes?.kind === 'text' && no?.kind === 'text' && yes.text === no.text ? yes : undefined;
    }
    case 'await':
      return evaluate(expr.of, names);
    case 'assigned':
      return evaluate(expr.value, names);
    case 'func':
      return { kind: 'function', fn: expr.fn, scope: names };
    case 'call':
      return called(expr, names);
    default:
      return undefined;
  }
}

/** The words that an item of a list or an argument stands for. */
export function wordsOf(item: Expr, names: Names): readonly string[] {
  if (item.k !== 'spread') return [asText(evaluate(item, names))];
  const value = evaluate(item.of, names);
  return value?.kind === 'list' ? value.words : [UNKNOWN_PART];
}

function parentOf(value: Value): Value {
  if (value?.kind !== 'text') return undefined;
  return text(value.text.endsWith('/.') ? value.text.slice(0, -2) : `${value.text}/..`);
}

function binary(expr: Extract<Expr, { k: 'binary' }>, names: Names): Value {
  const left = evaluate(expr.left, names);
  const right = evaluate(expr.right, names);
  if (expr.op === '+') {
    if (left?.kind === 'list' && right?.kind === 'list')
      return { kind: 'list', words: [...left.words, ...right.words] };
    if (left?.kind === 'list' || right?.kind === 'list') return undefined;
    return left === undefined && right === undefined ? undefined : text(asText(left) + asText(right));
  }
  // `process.env.FILE || 'Dockerfile'`: what holds when nobody sets anything.
  if (expr.op === '||' || expr.op === '??' || expr.op === 'or') return left ?? right;
  // `ROOT / "Dockerfile"` of pathlib.
  if (expr.op === '/' && left?.kind === 'text' && right?.kind === 'text') return text(`${left.text}/${right.text}`);
  return undefined;
}

const SAME = new Set([
  'str',
  'Path',
  'String',
  'abspath',
  'realpath',
  'resolve',
  'normalize',
  'fileURLToPath',
  'fspath',
]);

function called(expr: Extract<Expr, { k: 'call' }>, names: Names): Value {
  const { callee } = expr;
  const name = calleeName(callee);
  const args = expr.args.map((arg) => arg.value);
  const [first] = args;
  const object = callee.k === 'member' ? evaluate(callee.object, names) : undefined;
  if (name === 'cwd' || name === 'getcwd') return text('.');
  if (object?.kind === 'text' && name === 'split') return split(object);
  if (name === 'split' && first !== undefined && args.length === 1) return split(evaluate(first, names));
  if (object?.kind === 'list' && name === 'join' && first !== undefined)
    return text(object.words.join(asText(evaluate(first, names))));
  if (object?.kind === 'text' && name === 'join' && first !== undefined) {
    const list = evaluate(first, names);
    if (list?.kind === 'list') return text(list.words.join(object.text));
  }
  if (object?.kind === 'list' && name === 'concat')
    return { kind: 'list', words: [...object.words, ...args.flatMap((arg) => concatenated(arg, names))] };
  if (object !== undefined && (name === 'resolve' || name === 'absolute' || name === 'filter' || name === 'trim'))
    return object;
  if (name === 'dirname' && first !== undefined) return parentOf(evaluate(first, names));
  if ((name === 'join' || name === 'resolve') && args.length > 0)
    return text(args.map((arg) => asText(evaluate(arg, names))).join('/'));
  if ((name === 'getenv' || name === 'get') && args.length === 2 && args[1] !== undefined)
    return evaluate(args[1], names);
  return SAME.has(name) && first !== undefined && args.length === 1 ? evaluate(first, names) : undefined;
}

function concatenated(arg: Expr, names: Names): readonly string[] {
  const value = evaluate(arg, names);
  return value?.kind === 'list' ? value.words : [asText(value)];
}

function split(value: Value): Value {
  return value?.kind === 'text'
    ? { kind: 'list', words: value.text.split(/\s+/).filter((word) => word !== '') }
    : undefined;
}
