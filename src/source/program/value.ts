import { type Fact, known, type Reason, unknown } from '../../facts/fact.ts';
import type { Class, Expr, Func } from './ir.ts';
import type { Module, Scope } from './module.ts';

/** An expression with the names it sees; evaluated only when asked. */
export interface Closure {
  readonly expr: Expr;
  readonly scope: Scope;
}

/** What an expression is, as far as reading tells. */
export type Value =
  | { readonly t: 'const'; readonly value: string | number | boolean | null; readonly from?: Reason }
  | {
      readonly t: 'env';
      readonly name: string;
      readonly ignoreCase: boolean;
      readonly fallback?: Value;
      readonly from: Reason;
    }
  | { readonly t: 'joined'; readonly parts: readonly Value[] }
  | { readonly t: 'list'; readonly items: readonly Closure[]; readonly scope: Scope }
  | {
      readonly t: 'dict';
      readonly entries: readonly { readonly key?: Closure; readonly value: Closure }[];
      readonly scope: Scope;
    }
  | { readonly t: 'func'; readonly fn: Func; readonly scope: Scope; readonly self?: Value }
  | { readonly t: 'class'; readonly cls: Class; readonly scope: Scope }
  /** Something of an installed package or the language itself: `fastapi.FastAPI`, `express`, `process.env`. */
  | { readonly t: 'external'; readonly name: string }
  | { readonly t: 'module'; readonly module: Module }
  /** Folder without a file of its own (Python namespace package, package folder): names are modules in it. */
  | { readonly t: 'package'; readonly path: string }
  | {
      readonly t: 'instance';
      readonly id: string;
      readonly made: Value;
      readonly call: Extract<Expr, { k: 'call' }>;
      readonly scope: Scope;
    }
  | { readonly t: 'bound'; readonly object: Value; readonly name: string }
  /** A parameter for which no call was found. */
  | { readonly t: 'param'; readonly fn: Func; readonly index: number; readonly scope: Scope }
  | { readonly t: 'union'; readonly of: readonly Value[] }
  | { readonly t: 'unknown'; readonly why: string; readonly from?: Reason };

export type Instance = Extract<Value, { t: 'instance' }>;

/** Environment of a process as far as it is known; a name that is missing is unset. */
export type Environment = ReadonlyMap<string, Fact<string>>;

export const NO_ENVIRONMENT: Environment = new Map();

/** More possibilities than this tell nothing. */
const MOST = 24;

/** One of several values; duplicates are dropped. */
export function union(values: readonly Value[]): Value {
  const [first] = values;
  if (first && values.length === 1) return first;
  const seen = new Map<string, Value>();
  for (const value of values) {
    for (const variant of value.t === 'union' ? value.of : [value]) {
      seen.set(keyOf(variant), variant);
      if (seen.size > MOST) return { t: 'unknown', why: 'has too many possible values' };
    }
  }
  const rest = [...seen.values()];
  return rest.length === 1 && rest[0] ? rest[0] : { t: 'union', of: rest };
}

let counter = 0;
const keys = new WeakMap<object, string>();

function identity(about: object): string {
  const key = keys.get(about) ?? `#${++counter}`;
  keys.set(about, key);
  return key;
}

/** Equal keys: the same value. Different keys may still be the same. */
function keyOf(value: Value): string {
  switch (value.t) {
    case 'const':
      return `${typeof value.value}:${value.value}`;
    case 'external':
      return `external:${value.name}`;
    case 'instance':
      return `instance:${value.id}`;
    case 'env':
      return `env:${value.name}:${value.fallback ? keyOf(value.fallback) : ''}`;
    case 'unknown':
      return `unknown:${value.why}`;
    case 'package':
      return `package:${value.path}`;
    case 'bound':
      return `${keyOf(value.object)}.${value.name}`;
    case 'joined':
      return `joined:${value.parts.map(keyOf).join('+')}`;
    case 'union':
      return `union:${value.of.map(keyOf).join('|')}`;
    case 'list':
      return `list:${value.items.map((item) => identity(item.expr)).join()}`;
    case 'dict':
      return `dict:${value.entries.map((entry) => identity(entry.value.expr)).join()}`;
    case 'func':
      return `func:${identity(value.fn)}`;
    case 'param':
      return `param:${identity(value.fn)}:${value.index}`;
    case 'class':
      return `class:${identity(value.cls)}`;
    case 'module':
      return `module:${identity(value.module)}`;
  }
}

/** The variants of a value: the members of a union, else itself. */
export function variants(value: Value): readonly Value[] {
  return value.t === 'union' ? value.of : [value];
}

function lookup(env: Environment, name: string, ignoreCase: boolean): Fact<string> | undefined {
  const exact = env.get(name);
  if (exact || !ignoreCase) return exact;
  for (const [key, fact] of env) if (key.toLowerCase() === name.toLowerCase()) return fact;
  return undefined;
}

/** The value as text under an environment: numbers and booleans in their usual spelling. Unknown for objects and unions that differ. */
export function textOf(value: Value, env: Environment): Fact<string> {
  switch (value.t) {
    case 'const':
      if (value.value === null) return unknown('is none', ...(value.from ? [value.from] : []));
      return known(String(value.value), ...(value.from ? [value.from] : []));
    case 'env': {
      const set = lookup(env, value.name, value.ignoreCase);
      if (set) return { ...set, because: [value.from, ...set.because] };
      if (!value.fallback) return unknown(`${value.name} is not set`, value.from);
      const fallback = textOf(value.fallback, env);
      return { ...fallback, because: [value.from, ...fallback.because] };
    }
    case 'joined': {
      const facts = value.parts.map((part) => textOf(part, env));
      const because = facts.flatMap((fact) => fact.because);
      const missing = facts.find((fact) => !fact.known);
      if (missing && !missing.known) return unknown(missing.why, ...because);
      return known(facts.map((fact) => (fact.known ? fact.value : '')).join(''), ...because);
    }
    case 'union': {
      const facts = value.of.map((variant) => textOf(variant, env));
      const first = facts[0];
      if (first?.known && facts.every((fact) => fact.known && fact.value === first.value)) return first;
      return unknown('depends on a condition', ...facts.flatMap((fact) => fact.because));
    }
    case 'unknown':
      return unknown(value.why, ...(value.from ? [value.from] : []));
    default:
      return unknown('is not a plain value');
  }
}

/** The variable a value comes from, where it is one. */
export function variableOf(value: Value): string | undefined {
  if (value.t === 'env') return value.name;
  if (value.t === 'union') return value.of.map(variableOf).find((name) => name !== undefined);
  return undefined;
}

/** A dotted name for things that come from outside the repository: `fastapi.FastAPI().get`, `process.env`. */
export function describe(value: Value): string | undefined {
  switch (value.t) {
    case 'external':
      return value.name;
    case 'instance': {
      const made = describe(value.made);
      return made === undefined ? undefined : `${made}()`;
    }
    case 'bound': {
      const object =
        value.object.t === 'const' || value.object.t === 'env' || value.object.t === 'joined'
          ? ''
          : describe(value.object);
      return object === undefined ? undefined : `${object}.${value.name}`;
    }
    default:
      return undefined;
  }
}
