/** Whether a path of keys fits a pattern such as `services.*.ports`; `*` fits one key. */
export type PathPattern = readonly string[];

export function pattern(text: string): PathPattern {
  return text.split('.');
}

export function fits(path: readonly string[], wanted: PathPattern): boolean {
  if (path.length !== wanted.length) return false;
  for (let i = 0; i < wanted.length; i++) {
    if (wanted[i] !== '*' && wanted[i] !== path[i]) return false;
  }
  return true;
}

/** A table from patterns to something, asked with a path. */
export class PatternTable<T> {
  readonly #rows = new Map<number, { pattern: PathPattern; value: T }[]>();

  constructor(rows: Readonly<Record<string, T>>) {
    for (const [text, value] of Object.entries(rows)) {
      const parts = pattern(text);
      const same = this.#rows.get(parts.length) ?? [];
      same.push({ pattern: parts, value });
      this.#rows.set(parts.length, same);
    }
  }

  get(path: readonly string[]): T | undefined {
    return this.#rows.get(path.length)?.find((row) => fits(path, row.pattern))?.value;
  }
}
