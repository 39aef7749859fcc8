import { dataTable } from '../text/data.ts';
import { normalName } from './python.ts';

interface WheelTable {
  readonly source: string;
  readonly date: string;
  /** Groups of [releases, Requires-Python, minors with a wheel for glibc, for musl, 1 with a source distribution]. */
  readonly packages: Readonly<Record<string, readonly (readonly [string, string, string, string, number])[]>>;
}

interface Release {
  readonly version: string;
  readonly requires: string;
  readonly glibc: string;
  readonly musl: string;
  readonly source: boolean;
}

/** What pip finds for a clause: a wheel, only a source distribution, or nothing at all. */
export type Available =
  | { readonly kind: 'wheel' }
  | { readonly kind: 'source'; readonly name: string; readonly version: string }
  | {
      readonly kind: 'none';
      readonly name: string;
      readonly version: string;
      readonly why: 'python' | 'wheel';
      readonly requires: string;
    };

/** pydantic 2 asks for one release of pydantic-core: the newest that its minors up to each of these ask for, as their metadata say. */
const CORE: readonly (readonly [number, string])[] = [
  [3, '2.6.3'],
  [7, '2.18.4'],
  [11, '2.33.2'],
];

/** What pip finds on CPython 3.`minor` for a clause such as `==1.24.3` or `>=1,<2`. Undefined where the table does not tell. */
export function availableFor(
  written: string,
  clause: string,
  minor: number,
  libc: 'glibc' | 'musl',
): Available | undefined {
  const table = dataTable<WheelTable>('packages/python-wheels').packages;
  const name = normalName(written);
  const core = name === 'pydantic' ? coreOf(clause) : undefined;
  if (core !== undefined) return ofReleases('pydantic-core', releasesOf(table['pydantic-core'], core), minor, libc);
  if (!Object.hasOwn(table, name)) return undefined;
  return ofReleases(name, releasesOf(table[name], clause), minor, libc);
}

/** The day on which the indices were read. */
export function wheelsDate(): string {
  return dataTable<WheelTable>('packages/python-wheels').date;
}

/** A clause of pydantic-core for an exact pydantic 2: what is true of the newest that may be meant is true of the one that is. */
function coreOf(clause: string): string | undefined {
  const minor = /^==\s*2\.(\d+)(?:\.\d+)*$/.exec(clause)?.[1];
  const newest = minor === undefined ? undefined : CORE.find(([to]) => Number(minor) <= to)?.[1];
  return newest === undefined ? undefined : `==${newest}`;
}

function ofReleases(
  name: string,
  releases: readonly Release[] | undefined,
  minor: number,
  libc: 'glibc' | 'musl',
): Available | undefined {
  const newest = releases?.at(-1);
  if (releases === undefined || newest === undefined) return undefined;
  const fits = releases.filter(({ requires }) => allows(requires, minor));
  if (fits.length === 0)
    return { kind: 'none', name, version: newest.version, why: 'python', requires: newest.requires };
  const usable = fits.filter((release) => release.source || hasWheel(release[libc], minor));
  const taken = usable.at(-1);
  if (taken === undefined)
    return { kind: 'none', name, version: newest.version, why: 'wheel', requires: newest.requires };
  return hasWheel(taken[libc], minor) ? { kind: 'wheel' } : { kind: 'source', name, version: taken.version };
}

/** Releases a clause allows, oldest first; undefined where it is not understood, or where a later release may be meant. */
function releasesOf(
  groups: WheelTable['packages'][string] | undefined,
  clause: string,
): readonly Release[] | undefined {
  const tests = clause
    .replace(/[()\s]/g, '')
    .split(',')
    .filter(Boolean)
    .map(testOf);
  if (groups === undefined || tests.some((test) => test === undefined)) return undefined;
  const bounded = tests.some((test) => test?.bounded === true);
  const all = groups.flatMap(([versions, requires, glibc, musl, source]) =>
    versions.split(' ').map((version) => ({ version, requires, glibc, musl, source: source === 1 })),
  );
  // No release so far has a wheel for musl: so it is taken to be with the next.
  const never = all.every(({ musl }) => musl === '');
  if (!bounded && !never) return undefined;
  return all
    .filter(({ version }) => tests.every((test) => test?.holds(version) === true))
    .sort((a, b) => compare(a.version, b.version));
}

function testOf(text: string): { readonly bounded: boolean; holds(version: string): boolean } | undefined {
  const [, operator, version = '', star] = /^(===?|~=|>=|<=|!=|<|>)v?(\d+(?:\.\d+)*)(\.\*)?$/.exec(text) ?? [];
  const starts = (other: string, depth: number) => {
    const own = version.split('.').slice(0, depth);
    return own.every((part, i) => Number(part) === Number(other.split('.')[i] ?? 0));
  };
  const depth = version.split('.').length;
  switch (operator) {
    case '==':
    case '===':
      return {
        bounded: true,
        holds: (other) => (star === undefined ? compare(other, version) === 0 : starts(other, depth)),
      };
    case '~=':
      return depth < 2
        ? undefined
        : { bounded: true, holds: (other) => compare(other, version) >= 0 && starts(other, depth - 1) };
    case '>=':
      return { bounded: false, holds: (other) => compare(other, version) >= 0 };
    case '>':
      return { bounded: false, holds: (other) => compare(other, version) > 0 };
    case '<=':
      return { bounded: true, holds: (other) => compare(other, version) <= 0 };
    case '<':
      return { bounded: true, holds: (other) => compare(other, version) < 0 };
    case '!=':
      return {
        bounded: false,
        holds: (other) => (star === undefined ? compare(other, version) !== 0 : !starts(other, depth)),
      };
    default:
      return undefined;
  }
}

function compare(a: string, b: string): number {
  const left = a.split('.').map(Number);
  const right = b.split('.').map(Number);
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Whether Requires-Python lets CPython 3.`minor` in, whatever its patch. A clause that is not understood lets it in. */
function allows(requires: string, minor: number): boolean {
  return requires
    .split(',')
    .filter(Boolean)
    .every((text) => {
      const [, operator, major, bound, patch] =
        /^\s*(>=|>|<|<=|==|!=|~=)\s*(\d+)(?:\.(\d+))?(?:\.(\d+|\*))?(?:\.\w+)*\s*$/.exec(text) ?? [];
      if (major === undefined || operator === '!=') return true;
      const at = Number(bound ?? 0);
      if (Number(major) !== 3) return operator === '<' || operator === '<=' ? Number(major) > 3 : Number(major) < 3;
      if (operator === '>=' || operator === '~=') return minor >= at;
      if (operator === '>') return patch === undefined ? minor > at : minor >= at;
      if (operator === '<') return patch === undefined || patch === '0' ? minor < at : minor <= at;
      return operator === '<=' ? minor <= at : minor === at;
    });
}

function hasWheel(list: string, minor: number): boolean {
  if (list === '') return false;
  const items = list.split(',');
  // Images of moving tags may be newer than is known: only what no later Python has either is missing.
  return items.some((item) => item === '*' || Number.parseInt(item, 10) >= minor || item.endsWith('+'));
}
