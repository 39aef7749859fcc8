import type { Reason } from '../../facts/fact.ts';
import type { Expr, Tree } from './ir.ts';
import type { Module } from './module.ts';
import type { Program } from './program.ts';
import type { Closure, Value } from './value.ts';

export type Resolution =
  | { readonly r: 'file'; readonly path: string }
  | { readonly r: 'package'; readonly path: string }
  | { readonly r: 'external'; readonly name: string }
  | { readonly r: 'missing'; readonly why: string }
  | { readonly r: 'unknown'; readonly why: string };

/** What differs between languages: names, modules, and the meaning of the language's own functions. */
export interface Language {
  parse(text: string, path: string): Tree;
  resolve(module: string, from: Module): Resolution;
  /** A name of a module as importers see it. */
  member(program: Program, module: Module, name: string): Value | undefined;
  packageMember(program: Program, path: string, name: string): Value | undefined;
  /** The result of calling something external. Undefined: an instance of it. */
  call(
    program: Program,
    callee: string,
    site: Closure & { readonly expr: Extract<Expr, { k: 'call' }> },
  ): Value | undefined;
  /** The result of a method of a plain value (`.strip()`), or of an external's attribute. */
  attribute(program: Program, object: Value, name: string, at: Reason): Value | undefined;
  /** What the written type of a parameter says of its value, where that is enough. */
  typed?(annotation: Expr, module: Module): Value | undefined;
  /** The value of a name that nothing binds. */
  global(name: string, module: Module): Value;
  /** How a method sees its own object; constructor's name; whether that object is the first parameter. */
  readonly self: { readonly name?: string; readonly constructorName: string; readonly shift: 0 | 1 };
}
