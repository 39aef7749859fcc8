export type Json = null | string | number | boolean | Json[] | { [key: string]: Json };

/** Drops what Compose leaves out when it is empty, and writes `$$` as `$`, so that both sides compare. */
export function clean(value: Json): Json {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map(clean);
  if (typeof value !== 'object' || value === null) return value;
  const out: { [key: string]: Json } = {};
  for (const key of Object.keys(value).sort()) {
    const inner = clean(value[key] ?? null);
    const empty =
      inner === null ||
      inner === '' ||
      inner === false ||
      (typeof inner === 'object' && Object.keys(inner).length === 0);
    if (!empty) out[key] = inner;
  }
  return out;
}

/** What `docker compose config --format json` printed, in the same shape. */
export function comparable(printed: unknown): Json {
  const mark = (value: unknown, path: readonly string[]): Json => {
    if (typeof value === 'string') return value.replaceAll('$$', '$');
    if (typeof value !== 'object' || value === null) {
      return value === null && path[0] === 'services' && path.at(-2) === 'environment' ? '<none>' : (value as Json);
    }
    if (Array.isArray(value)) return value.map((item, index) => mark(item, [...path, String(index)]));
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mark(item, [...path, key])]));
  };
  return clean(mark(printed, []));
}
