import type { Span } from '../text/place.ts';

/** The commands of a shell text. Spans are offsets in that text. */
export interface Script {
  readonly text: string;
  readonly body: Sequence;
  /** Syntax errors that every Bourne-like shell reports; the tree is a best effort then. */
  readonly errors: readonly { readonly text: string; readonly span: Span }[];
  /** Uses of Bash that other shells refuse or read differently. */
  readonly bashisms: readonly Bashism[];
}

/** What another shell does with a Bash construct: `refuses` it (syntax error), or reads it as ordinary text or a command. */
export interface Bashism {
  readonly construct:
    | 'array'
    | 'double-bracket'
    | 'double-parenthesis'
    | 'process-substitution'
    | 'here-string'
    | 'ampersand-redirect'
    | 'function-keyword'
    | 'pipe-ampersand'
    | 'select'
    | 'arithmetic-for'
    | 'ansi-c-quote'
    | 'brace-expansion'
    | 'pattern-substitution'
    | 'slice'
    | 'case-modification'
    | 'indirection'
    | 'append'
    | 'extended-glob'
    | 'coproc'
    | 'case-fallthrough';
  readonly span: Span;
}

export type Command =
  | Simple
  | Pipeline
  | AndOr
  | Sequence
  | Group
  | If
  | For
  | While
  | Case
  | FunctionDefinition
  | Test
  | Unsupported;

export interface Simple {
  readonly kind: 'simple';
  readonly span: Span;
  readonly assignments: readonly Assignment[];
  /** The command and its arguments. `export A=b` has the word `A=b` with `assignment` set. */
  readonly words: readonly Word[];
  readonly redirects: readonly Redirect[];
}

export interface Assignment {
  readonly span: Span;
  readonly name: string;
  /** Undefined for arrays, elements and other forms that are not modelled: the variable becomes unknown. */
  readonly value?: Word;
  /** The words of `NAME=(…)`; `value` is undefined then. */
  readonly elements?: readonly Word[];
  readonly append: boolean;
}

export interface Pipeline {
  readonly kind: 'pipeline';
  readonly span: Span;
  readonly negated: boolean;
  readonly commands: readonly Command[];
}

export interface AndOr {
  readonly kind: 'and-or';
  readonly span: Span;
  readonly first: Command;
  readonly rest: readonly { readonly operator: '&&' | '||'; readonly command: Command }[];
}

export interface Sequence {
  readonly kind: 'sequence';
  readonly span: Span;
  readonly items: readonly { readonly command: Command; readonly background: boolean }[];
}

export interface Group {
  readonly kind: 'group';
  readonly span: Span;
  /** `( … )`: changes of directory and variables end with it. */
  readonly subshell: boolean;
  readonly body: Command;
  readonly redirects: readonly Redirect[];
}

export interface If {
  readonly kind: 'if';
  readonly span: Span;
  readonly branches: readonly { readonly test: Sequence; readonly body: Sequence }[];
  readonly otherwise?: Sequence;
}

export interface For {
  readonly kind: 'for';
  readonly span: Span;
  readonly name: string;
  /** Undefined: over the positional parameters. */
  readonly words?: readonly Word[];
  readonly body: Sequence;
}

export interface While {
  readonly kind: 'while';
  readonly span: Span;
  readonly until: boolean;
  readonly test: Sequence;
  readonly body: Sequence;
}

export interface Case {
  readonly kind: 'case';
  readonly span: Span;
  readonly word: Word;
  readonly items: readonly {
    readonly patterns: readonly Word[];
    readonly body: Sequence;
    readonly fallsThrough: boolean;
  }[];
}

export interface FunctionDefinition {
  readonly kind: 'function';
  readonly span: Span;
  readonly name: string;
  readonly body: Command;
}

/** `[[ … ]]` */
export interface Test {
  readonly kind: 'test';
  readonly span: Span;
  readonly expression: TestExpression;
}

export type TestExpression =
  | { readonly kind: 'unary'; readonly operator: string; readonly operand: Word }
  | { readonly kind: 'binary'; readonly operator: string; readonly left: Word; readonly right: Word }
  | { readonly kind: 'and' | 'or'; readonly operands: readonly TestExpression[] }
  | { readonly kind: 'not'; readonly operand: TestExpression };

export interface Unsupported {
  readonly kind: 'unsupported';
  readonly span: Span;
  readonly what: string;
}

export interface Redirect {
  readonly span: Span;
  /** Defaults filled in: 0 for input, 1 for output. `&>` has both. */
  readonly descriptor: number | 'both';
  readonly operator: '<' | '>' | '>>' | '<>' | '<&' | '>&' | 'heredoc' | 'herestring';
  readonly target: Word;
}

export interface Word {
  readonly span: Span;
  /** As written. */
  readonly text: string;
  readonly parts: readonly Part[];
  /** Index in `text` after `NAME=` when the word looks like an assignment (arguments of `export`). */
  readonly assignment?: { readonly name: string; readonly append: boolean; readonly value: Word };
}

export type Part =
  /** `quoted`: no pattern, no tilde. */
  | { readonly kind: 'literal'; readonly text: string; readonly quoted: boolean }
  /** An unquoted pattern character: `*`, `?`, `[…]`. */
  | { readonly kind: 'glob'; readonly text: string }
  | { readonly kind: 'brace'; readonly text: string; readonly words: readonly Word[] | undefined }
  | Variable
  | { readonly kind: 'command'; readonly script: Script; readonly quoted: boolean; readonly text: string }
  | { readonly kind: 'arithmetic'; readonly expression: Arithmetic; readonly quoted: boolean; readonly text: string }
  | { readonly kind: 'opaque'; readonly text: string; readonly what: string };

export interface Variable {
  readonly kind: 'variable';
  readonly name: string;
  readonly quoted: boolean;
  readonly text: string;
  readonly length?: true;
  readonly operation?:
    | {
        readonly kind: 'default' | 'assign' | 'alternative' | 'error';
        /** With `:`: an empty value counts as unset. */
        readonly colon: boolean;
        readonly operand: Word;
      }
    | { readonly kind: 'remove'; readonly operator: '#' | '##' | '%' | '%%'; readonly pattern: Word }
    | {
        readonly kind: 'replace';
        readonly operator: '/' | '//' | '/#' | '/%';
        readonly pattern: Word;
        readonly replacement: Word;
      }
    | { readonly kind: 'other' };
}

export type Arithmetic =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'binary'; readonly operator: string; readonly left: Arithmetic; readonly right: Arithmetic }
  | { readonly kind: 'opaque' };

/** A word that stands for exactly this text, whatever the variables: undefined otherwise. */
export function literalText(word: Word): string | undefined {
  let out = '';
  for (const part of word.parts) {
    if (part.kind !== 'literal') return undefined;
    out += part.text;
  }
  return out;
}
