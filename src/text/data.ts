/** Reads a data table by name (`images/bases`) as text. Whoever starts Plimsoll says how: see `repo/data-files.ts`. */
export type DataReader = (name: string) => string;

let reader: DataReader | undefined;
const parsed = new Map<string, unknown>();
const opened = new Map<string, RowTable<unknown, unknown>>();

/** Says where tables come from. The pure middle cannot read files, and its tables must not be loaded before they are asked for. */
export function registerData(read: DataReader): void {
  reader = read;
  parsed.clear();
  opened.clear();
}

/** A generated table, parsed once. Its shape is what its generator in `scripts/` writes.
 * @throws Error when no reader was registered or the table is missing: our bug. */
export function dataTable<T>(name: string): T {
  let table = parsed.get(name);
  if (table === undefined) {
    if (!reader) throw new Error(`the table ${name} was asked for before registerData()`);
    table = JSON.parse(reader(name));
    parsed.set(name, table);
  }
  return table as T;
}

/** A large table of which a few rows are needed. */
export interface RowTable<Head, Row> {
  /** Everything but the rows. */
  readonly head: Head;
  row(name: string): Row | undefined;
}

/** A generated table with one row a line behind `"KEY":{`, as `scripts/packages/rows.mjs` writes it: only the rows asked for are
 * read, which is most of the time that a short run would spend on it.
 * @throws Error when no reader was registered or the table is missing: our bug. */
export function rowTable<Head, Row>(name: string, key: string): RowTable<Head, Row> {
  const known = opened.get(name);
  if (known) return known as RowTable<Head, Row>;
  if (!reader) throw new Error(`the table ${name} was asked for before registerData()`);
  const text = reader(name);
  const start = text.indexOf(`,\n"${key}":{\n`);
  const rows = new Map<string, Row | undefined>();
  const table: RowTable<Head, Row> = {
    head: JSON.parse(`${text.slice(0, start)}}`),
    row(of) {
      if (!rows.has(of)) rows.set(of, rowOf(text, start, of));
      return rows.get(of);
    },
  };
  opened.set(name, table);
  return table;
}

function rowOf<Row>(text: string, start: number, name: string): Row | undefined {
  const before = `\n${JSON.stringify(name)}:`;
  // Behind the line of the key itself.
  const at = text.indexOf(before, start + 2);
  if (at < 0) return undefined;
  const end = text.indexOf('\n', at + 1);
  return JSON.parse(text.slice(at + before.length, text[end - 1] === ',' ? end - 1 : end));
}
