import type { NginxDirective } from '../../nginx/parse.ts';
import type { Edit } from '../../text/edit.ts';

export interface NginxText {
  readonly file: string;
  readonly text: string;
  /** A whole nginx.conf, whose servers are indented deeper. */
  readonly whole: boolean;
}

/** Collects edits that keep the file's indentation and line ends. */
export class BlockWriter {
  readonly edits: Edit[] = [];
  readonly #input: NginxText;
  readonly #newline: string;
  readonly #step: string;

  constructor(input: NginxText, sample: NginxDirective) {
    this.#input = input;
    this.#newline = input.text.includes('\r\n') ? '\r\n' : '\n';
    const own = this.#indentAt(sample.span.start);
    this.#step = own.includes('\t') ? '\t' : input.whole ? '    ' : own === '' ? '    ' : own;
  }

  textOf(directive: NginxDirective): string {
    return this.#input.text
      .slice(directive.span.start, directive.span.end)
      .replace(/^add_header\s+/, '')
      .replace(/;$/, '');
  }

  replace(span: { readonly start: number; readonly end: number }, text: string): void {
    if (this.#input.text.slice(span.start, span.end) === text) return;
    this.edits.push({ file: this.#input.file, start: span.start, end: span.end, text });
  }

  removeLine(directive: NginxDirective): void {
    const start = this.#lineStart(directive.span.start);
    const end = this.#lineEnd(directive.span.end);
    const alone =
      this.#input.text.slice(start, end).trim() === this.#input.text.slice(directive.span.start, directive.span.end);
    this.edits.push({
      file: this.#input.file,
      start: alone ? start : directive.span.start,
      end: alone ? end : directive.span.end,
      text: '',
    });
  }

  above(directive: NginxDirective, lines: readonly string[]): void {
    this.#insert(this.#lineStart(directive.span.start), lines, this.#indentAt(directive.span.start));
  }

  below(directive: NginxDirective, lines: readonly string[]): void {
    this.#insert(this.#lineEnd(directive.span.end), lines, this.#indentAt(directive.span.start));
  }

  /** Inside a block, before its closing brace. */
  atEnd(directive: NginxDirective, lines: readonly string[]): void {
    const indent = this.#indentAt(directive.span.start);
    const brace = directive.span.end - 1;
    const start = this.#lineStart(brace);
    if (this.#input.text.slice(start, brace).trim() === '') this.#insert(start, lines, indent + this.#step);
    else {
      const body = lines.map((line) => (line === '' ? '' : indent + this.#step + line)).join(this.#newline);
      const start = this.#input.text.slice(0, brace).trimEnd().length;
      const text = `${this.#newline}${body}${this.#newline}${indent}`;
      this.edits.push({ file: this.#input.file, start, end: brace, text });
    }
  }

  #insert(at: number, lines: readonly string[], indent: string): void {
    const inner = (line: string): string => line.replace(/^ {4}/, this.#step);
    const text = lines.map((line) => (line === '' ? '' : indent + inner(line)) + this.#newline).join('');
    this.edits.push({ file: this.#input.file, start: at, end: at, text });
  }

  #lineStart(offset: number): number {
    return this.#input.text.lastIndexOf('\n', offset - 1) + 1;
  }

  #lineEnd(offset: number): number {
    const end = this.#input.text.indexOf('\n', offset);
    return end === -1 ? this.#input.text.length : end + 1;
  }

  #indentAt(offset: number): string {
    return /^[ \t]*/.exec(this.#input.text.slice(this.#lineStart(offset), offset))?.[0] ?? '';
  }
}
