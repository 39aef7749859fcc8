import type { Span } from '../text/place.ts';

/** Text put together from pieces of a file, in order; each piece knows where it came from. */
export class SourceMap {
  readonly #at: readonly number[];
  readonly #from: readonly number[];
  readonly #length: number;

  /** `at[i]`: offset in the text at which piece i begins; `from[i]`: its offset in the file. `length`: of the text. */
  constructor(at: readonly number[], from: readonly number[], length: number) {
    this.#at = at;
    this.#from = from;
    this.#length = length;
  }

  static identity(from: number, length: number): SourceMap {
    return new SourceMap([0], [from], length);
  }

  /** The map of several texts put together. */
  static join(parts: readonly { readonly map: SourceMap; readonly length: number }[]): SourceMap {
    const at: number[] = [];
    const from: number[] = [];
    let length = 0;
    for (const part of parts) {
      for (const position of part.map.#at) at.push(position + length);
      from.push(...part.map.#from);
      length += part.length;
    }
    return new SourceMap(at, from, length);
  }

  /** The offset in the file of an offset in the text. At a seam: the beginning of the later piece. */
  offset(position: number): number {
    const at = Math.max(0, Math.min(position, this.#length));
    let low = 0;
    let high = this.#at.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#at[middle] ?? 0) <= at) low = middle;
      else high = middle - 1;
    }
    return (this.#from[low] ?? 0) + at - (this.#at[low] ?? 0);
  }

  /** The range of the file between the first and the last unit of a range of the text. */
  span(start: number, end: number): Span {
    const from = this.offset(start);
    return { start: from, end: end > start ? this.offset(end - 1) + 1 : from };
  }

  /** The map of `text.slice(start, end)`. */
  slice(start: number, end: number): SourceMap {
    const at: number[] = [0];
    const from: number[] = [this.offset(start)];
    for (let i = 0; i < this.#at.length; i++) {
      const position = this.#at[i] ?? 0;
      if (position <= start || position >= end) continue;
      at.push(position - start);
      from.push(this.#from[i] ?? 0);
    }
    return new SourceMap(at, from, end - start);
  }
}
