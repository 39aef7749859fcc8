import { dataTable } from '../text/data.ts';
import { normalName } from './python.ts';
import { FORMERLY, familyOf, PLAIN, REQUIRES } from './python-further.ts';

interface NeedsTable {
  readonly date: string;
  readonly packages: Readonly<
    Record<
      string,
      { readonly v: string; readonly r?: readonly string[]; readonly e?: Readonly<Record<string, readonly string[]>> }
    >
  >;
}

/** Type stubs and plugins bring what they are for, at most. */
function plain(name: string): boolean {
  return (
    PLAIN.has(name) ||
    /^(types-|pytest-|flake8-|django-stubs|mypy-|opentelemetry-instrumentation-(?!requests|httpx|aiohttp))/.test(name)
  );
}

/** What an install of some distributions brings, dependencies included. */
export interface Brought {
  readonly names: ReadonlySet<string>;
  /** Distributions whose requirements are not in the table. */
  readonly unknown: readonly string[];
}

/** @param wanted `name` or `name[extra,extra]`. */
export function broughtBy(wanted: Iterable<string>): Brought {
  const { packages } = dataTable<NeedsTable>('packages/python-needs');
  const seen = new Set<string>();
  const names = new Set<string>();
  const unknown = new Set<string>();
  const queue = [...wanted].map((text) => ({ text, asked: true }));
  for (let next = queue.pop(); next; next = queue.pop()) {
    const [, written = '', extras = ''] = /^([\w.-]+)(?:\[([^\]]*)\])?/.exec(next.text) ?? [];
    const name = normalName(written);
    const key = `${name}[${extras}]`;
    if (name === '' || seen.has(key)) continue;
    seen.add(key);
    names.add(name);
    const entry = Object.hasOwn(packages, name) ? packages[name] : undefined;
    // What the listed ones bring in turn was followed for two rounds: below that there are no web libraries.
    const also = (Object.hasOwn(REQUIRES, name) ? REQUIRES[name] : undefined) ?? (entry ? [] : (familyOf(name) ?? []));
    if (entry === undefined && next.asked && also.length === 0 && !Object.hasOwn(REQUIRES, name) && !plain(name))
      unknown.add(name);
    const more = extras.split(',').flatMap((extra) => entry?.e?.[normalName(extra.trim())] ?? []);
    for (const text of [...(entry?.r ?? []), ...more, ...also]) queue.push({ text, asked: false });
    for (const text of (Object.hasOwn(FORMERLY, name) ? FORMERLY[name] : undefined) ?? [])
      queue.push({ text, asked: false });
  }
  return { names, unknown: [...unknown] };
}

/** Whether one that is not listed is of a family that may require another one. */
export function mayRequire(own: string, name: string): boolean {
  const { packages } = dataTable<NeedsTable>('packages/python-needs');
  if (Object.hasOwn(packages, own) || Object.hasOwn(REQUIRES, own)) return false;
  return familyOf(own)?.includes(name) === true;
}

/** The day on which the table was read. */
export function needsDate(): string {
  return dataTable<NeedsTable>('packages/python-needs').date;
}

/** Listed distributions that require another one themselves: one of an older release may hold that one back. */
export function requirersOf(name: string): ReadonlySet<string> {
  const { packages } = dataTable<NeedsTable>('packages/python-needs');
  const names = (list: readonly string[] = []) => list.map((text) => text.replace(/\[.*/, ''));
  const out = new Set<string>();
  for (const [own, { r, e }] of Object.entries(packages))
    if ([...names(r), ...Object.values(e ?? {}).flatMap(names)].includes(name)) out.add(own);
  for (const [own, list] of [...Object.entries(FORMERLY), ...Object.entries(REQUIRES)])
    if (list.includes(name)) out.add(own);
  return out;
}
