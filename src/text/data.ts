/** Reads a data table by name (`images/bases`) as text. Whoever starts Plimsoll says how: see `repo/data-files.ts`. */
export type DataReader = (name: string) => string;

let reader: DataReader | undefined;
const parsed = new Map<string, unknown>();

/** Says where tables come from. The pure middle cannot read files, and its tables must not be loaded before they are asked for. */
export function registerData(read: DataReader): void {
  reader = read;
  parsed.clear();
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
