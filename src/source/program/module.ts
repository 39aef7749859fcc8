import { LineIndex } from '../../text/line-index.ts';
import type { Place } from '../../text/place.ts';
import { StatementIndexer } from './index-statements.ts';
import type { Class, Expr, Func, Tree } from './ir.ts';

export type Binding =
  | { readonly b: 'value'; readonly expr: Expr; readonly scope: Scope; readonly doubtful?: string; readonly op: string }
  /** One item of a list or dictionary: by key, by index, or any (`for x in …`). */
  | {
      readonly b: 'part';
      readonly expr: Expr;
      readonly scope: Scope;
      readonly key?: string | number;
      readonly fallback?: Expr;
      readonly doubtful?: string;
    }
  | { readonly b: 'func'; readonly fn: Func; readonly scope: Scope }
  | { readonly b: 'class'; readonly cls: Class; readonly scope: Scope }
  | { readonly b: 'import'; readonly module: string; readonly name: string; readonly from: number }
  | { readonly b: 'param'; readonly fn: Func; readonly index: number; readonly name: string; readonly key?: string }
  | { readonly b: 'opaque'; readonly why: string };

/** Names of one module, function or class body. */
export interface Scope {
  readonly module: Module;
  readonly parent?: Scope;
  readonly fn?: Func;
  readonly cls?: Class;
  readonly names: Map<string, Binding[]>;
}

export interface CallSite {
  readonly call: Extract<Expr, { k: 'call' }>;
  readonly scope: Scope;
  /** Why it may not run, when it is inside an `if` or the like. */
  readonly doubtful?: string;
  /** Inside a try whose handlers catch a missing key or everything. */
  readonly caught: boolean;
}

export interface Use {
  readonly expr: Expr;
  readonly scope: Scope;
  readonly doubtful?: string;
  readonly caught: boolean;
}

export interface ImportSite {
  readonly module: string;
  readonly names: readonly string[];
  readonly all: boolean;
  readonly reexport: boolean;
  readonly from: number;
  readonly to: number;
  readonly scope: Scope;
  readonly caught: boolean;
  /** Why it may not run, when it is inside an `if` or the like. */
  readonly doubtful?: string;
}

/** A parsed file with its names, imports and calls; no meaning yet. */
export class Module {
  readonly path: string;
  readonly origin: string;
  readonly text: string;
  readonly tree: Tree;
  readonly scope: Scope;
  readonly calls: CallSite[] = [];
  /** Member and index expressions, for reads such as `process.env.X`. */
  readonly members: Use[] = [];
  readonly imports: ImportSite[] = [];
  /** `a.b = value`, `a[b] = value`. */
  readonly stores: {
    readonly target: Expr;
    readonly value: Expr;
    readonly scope: Scope;
    readonly doubtful?: string;
    readonly op: string;
  }[] = [];
  readonly functions = new Map<Func, Scope>();
  readonly classes = new Map<Class, Scope>();
  readonly returns = new Map<Func, Use[]>();
  /** `a or b`, `a ?? b`: what is used when the left side is empty. */
  readonly alternatives = new Map<Expr, Expr>();
  /** Expressions that are only asked whether they hold. */
  readonly tested = new Set<Expr>();
  /** Functions written as an argument of a call. */
  readonly callbacks = new Map<Func, { readonly call: Extract<Expr, { k: 'call' }>; readonly scope: Scope }>();
  /** Expressions whose emptiness ends the process: `if not X: raise`, `if (!x) process.exit(1)`. */
  readonly demanded: { readonly expr: Expr; readonly scope: Scope; readonly from: number; readonly to: number }[] = [];
  /** Tests that end the process when they hold, whatever they ask: `if (missing.length > 0) process.exit(1)`. */
  readonly guards: { readonly test: Expr; readonly scope: Scope; readonly from: number; readonly to: number }[] = [];
  /** JavaScript: exported name → local name or expression. */
  readonly exported = new Map<string, { readonly local?: string; readonly expr?: Expr; readonly module?: string }>();
  readonly exportAll: string[] = [];
  #lines: LineIndex | undefined;

  constructor(path: string, origin: string, text: string, tree: Tree) {
    this.path = path;
    this.origin = origin;
    this.text = text;
    this.tree = tree;
    this.scope = { module: this, names: new Map() };
    new StatementIndexer(this).statements(tree.body, { scope: this.scope, caught: false });
  }

  place(span: { readonly from: number; readonly to: number }): Place {
    this.#lines ??= new LineIndex(this.text);
    return this.#lines.place(this.origin, { start: span.from, end: span.to });
  }
}
