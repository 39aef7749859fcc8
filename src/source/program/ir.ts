/** A common shape for the parts of Python and JavaScript that facts are read from. Everything else is `other`, with its parts,
 * so that calls inside it are still seen. Offsets are UTF-16 offsets in the file. */
interface At {
  readonly from: number;
  readonly to: number;
}

export type Expr = At &
  (
    | { readonly k: 'const'; readonly value: string | number | boolean | null }
    | { readonly k: 'template'; readonly parts: readonly Expr[] }
    | { readonly k: 'name'; readonly name: string }
    | { readonly k: 'member'; readonly object: Expr; readonly name: string }
    | { readonly k: 'index'; readonly object: Expr; readonly index: Expr }
    | { readonly k: 'call'; readonly callee: Expr; readonly args: readonly Arg[]; readonly isNew: boolean }
    | { readonly k: 'list'; readonly items: readonly Expr[] }
    | { readonly k: 'dict'; readonly entries: readonly Entry[] }
    | { readonly k: 'func'; readonly fn: Func }
    | { readonly k: 'class'; readonly cls: Class }
    | { readonly k: 'cond'; readonly test: Expr; readonly when: Expr; readonly otherwise: Expr }
    | { readonly k: 'binary'; readonly op: string; readonly left: Expr; readonly right: Expr }
    | { readonly k: 'not'; readonly of: Expr }
    | { readonly k: 'spread'; readonly of: Expr }
    | { readonly k: 'await'; readonly of: Expr }
    | { readonly k: 'assigned'; readonly target: Target; readonly value: Expr }
    | { readonly k: 'regex'; readonly source: string }
    | { readonly k: 'dynamic-import'; readonly of: Expr }
    | { readonly k: 'other'; readonly parts: readonly Expr[]; readonly text: string }
  );

export interface Arg {
  /** Keyword arguments of Python. */
  readonly name?: string;
  readonly value: Expr;
  /** `*args` and `...args` are 1, `**kwargs` 2. */
  readonly spread: 0 | 1 | 2;
}

export interface Entry {
  /** Undefined: a spread. */
  readonly key?: Expr;
  readonly value: Expr;
}

export interface Param {
  readonly target: Target;
  readonly fallback?: Expr;
  readonly annotation?: Expr;
  readonly decorators: readonly Expr[];
  /** `*args`, `...rest` 1; `**kwargs` 2. */
  readonly rest: 0 | 1 | 2;
}

export interface Func extends At {
  readonly name?: string;
  readonly params: readonly Param[];
  readonly body: readonly Stmt[];
  readonly decorators: readonly Expr[];
  readonly async: boolean;
  /** `get` for a JavaScript getter. */
  readonly getter?: true;
}

export interface Class extends At {
  readonly name?: string;
  readonly bases: readonly Expr[];
  readonly body: readonly Stmt[];
  readonly decorators: readonly Expr[];
}

export type Target =
  | { readonly t: 'name'; readonly name: string; readonly from: number; readonly to: number }
  | { readonly t: 'place'; readonly expr: Expr }
  | { readonly t: 'items'; readonly items: readonly Target[] }
  | {
      readonly t: 'keys';
      readonly items: readonly { readonly key: string; readonly target: Target; readonly fallback?: Expr }[];
      readonly rest?: Target;
    };

export interface ImportedName {
  /** `*`: the whole module; `default` for JavaScript's default. */
  readonly name: string;
  readonly local: string;
}

export type Stmt = At &
  (
    | { readonly k: 'expr'; readonly value: Expr }
    | {
        readonly k: 'assign';
        readonly targets: readonly Target[];
        readonly value?: Expr;
        readonly annotation?: Expr;
        readonly op: string;
        readonly exported?: true;
      }
    | { readonly k: 'def'; readonly fn: Func; readonly exported?: 'named' | 'default' }
    | { readonly k: 'class'; readonly cls: Class; readonly exported?: 'named' | 'default' }
    /** Python: `module` with leading dots. `names` empty: only the side effect. `all`: `from x import *`, `export * from`. */
    | {
        readonly k: 'import';
        readonly module: string;
        readonly names: readonly ImportedName[];
        readonly all?: true;
        readonly reexport?: true;
        readonly typeOnly?: true;
      }
    | { readonly k: 'export'; readonly names: readonly ImportedName[]; readonly value?: Expr }
    | { readonly k: 'return'; readonly value?: Expr }
    | { readonly k: 'raise'; readonly value?: Expr }
    | { readonly k: 'if'; readonly test: Expr; readonly body: readonly Stmt[]; readonly otherwise: readonly Stmt[] }
    | { readonly k: 'for'; readonly target?: Target; readonly iter: Expr; readonly body: readonly Stmt[] }
    | {
        readonly k: 'try';
        readonly body: readonly Stmt[];
        readonly handlers: readonly { readonly caught: readonly Expr[]; readonly body: readonly Stmt[] }[];
        readonly last: readonly Stmt[];
      }
    | {
        readonly k: 'with';
        readonly items: readonly { readonly value: Expr; readonly target?: Target }[];
        readonly body: readonly Stmt[];
      }
    | { readonly k: 'loop'; readonly test?: Expr; readonly body: readonly Stmt[] }
  );

export interface Tree {
  readonly body: readonly Stmt[];
  /** Offset of the first place the parser could not read, if any. */
  readonly broken?: number;
}
