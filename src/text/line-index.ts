import type { Place, Span } from './place.ts';

/** Converts offsets of one text to lines and columns. `\n` and `\r\n` end lines; a lone `\r` does not. */
export class LineIndex {
  readonly #starts: number[] = [0];
  readonly #length: number;

  constructor(text: string) {
    this.#length = text.length;
    for (let i = text.indexOf('\n'); i !== -1; i = text.indexOf('\n', i + 1)) this.#starts.push(i + 1);
  }

  /** Number of lines, an empty last line included. */
  get lineCount(): number {
    return this.#starts.length;
  }

  /** Offset at which a line (from 1) begins; lines past the end give the length of the text. */
  offsetOfLine(line: number): number {
    return this.#starts[line - 1] ?? this.#length;
  }

  /** Line and column, both from 1, of an offset. Offsets past the end give the end. */
  position(offset: number): { line: number; column: number } {
    const at = Math.max(0, Math.min(offset, this.#length));
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#starts[middle] ?? 0) <= at) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: at - (this.#starts[low] ?? 0) + 1 };
  }

  /** The place of a span in a named file. */
  place(file: string, span: Span): Place {
    const start = this.position(span.start);
    const end = this.position(span.end);
    return { file, line: start.line, column: start.column, endLine: end.line, endColumn: end.column };
  }
}
