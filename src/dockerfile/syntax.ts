import type { Span } from '../text/place.ts';
import type { SourceMap } from './source-map.ts';

export type EscapeChar = '\\' | '`';

/** `--name=value` or `--name`. */
export interface Flag {
  readonly name: string;
  /** Undefined when there is no `=`. */
  readonly value?: string;
  readonly span: Span;
  /** The value alone; an empty span at the end when there is none. */
  readonly valueSpan: Span;
}

export interface Comment {
  /** Without `#`, trimmed. */
  readonly text: string;
  /** From the `#` to the end of the line. */
  readonly span: Span;
  readonly line: number;
  /** On lines of its own before the instruction, or between its continued lines. */
  readonly position: 'before' | 'inside';
}

export interface Heredoc {
  readonly name: string;
  readonly fileDescriptor: number;
  /** False when any part of the delimiter is quoted. */
  readonly expand: boolean;
  /** `<<-`: leading tabs are removed. */
  readonly chomp: boolean;
  /** As written, before tabs are removed; line ends kept. */
  readonly content: string;
  readonly contentSpan: Span;
}

/** Parser directives at the top of a file. */
export interface Directive {
  readonly name: 'syntax' | 'escape' | 'check';
  readonly value: string;
  readonly span: Span;
  readonly line: number;
}

/** Text that a shell gets, with the way back into the file. */
export interface Script {
  readonly text: string;
  readonly map: SourceMap;
  /** `heredoc`: `RUN <<EOF` whose body is the whole script; `file`: such a body begins with `#!` and is executed as a file. */
  readonly kind: 'line' | 'heredoc' | 'file';
}
