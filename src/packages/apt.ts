import { type Fact, known, type Reason, unknown } from '../facts/fact.ts';
import { type RowTable, rowTable } from '../text/data.ts';
import { mayContain, type NameFilter } from './name-filter.ts';

interface DebianHead {
  readonly date: string;
  readonly base: string;
  readonly virtual: Readonly<Record<string, string>>;
  readonly names: NameFilter;
}

type DebianTable = RowTable<DebianHead, DebianPackage>;

interface DebianPackage {
  /** Installed KiB. */
  readonly k: number;
  readonly d?: string;
  readonly r?: string;
  readonly c?: string;
  readonly l?: string;
  readonly u?: readonly PackageUser[];
}

/** A system user that a package creates. `group`: a group of the same name comes with it. */
export interface PackageUser {
  readonly name: string;
  readonly uid?: number;
  readonly gid?: number;
  readonly home?: string;
  readonly group?: true;
  readonly ingroup?: string;
}

/** What an installation brings on top of a minimal root. */
export interface Installation {
  /** Absolute paths of commands. */
  readonly commands: readonly string[];
  /** File names of shared libraries: `libpq.so.5`. */
  readonly libraries: readonly string[];
  readonly users: readonly PackageUser[];
  /** Installed bytes. */
  readonly bytes: number;
  /** Every package that comes, dependencies included. */
  readonly packages: readonly string[];
  /** Some dependency is not in the table: more may come than is listed. */
  readonly more: boolean;
}

export interface AptOptions {
  /** `bookworm` or `trixie`; undefined where the release is not known. */
  readonly suite?: string;
  /** False with `--no-install-recommends`. */
  readonly recommends: boolean;
}

export const SUITES: readonly string[] = ['bookworm', 'trixie'];

const table = (suite: string): DebianTable => rowTable(`packages/debian-${suite}`, 'packages');
const baseSets = new WeakMap<DebianTable, ReadonlySet<string>>();

function baseOf(debian: DebianTable): ReadonlySet<string> {
  const old = baseSets.get(debian);
  if (old) return old;
  const made = new Set(debian.head.base.split(','));
  baseSets.set(debian, made);
  return made;
}

/** `name`, `name=1.2`, `name/suite`, `name:amd64`, `name+` → the name. */
export function aptPackageName(argument: string): string {
  return argument.replace(/[=/:].*$/, '').replace(/(?<=[^+])\+$/, '');
}

/** Whether a suite has a package of this name (real or virtual). Unknown where the suite has no table. */
export function aptHas(name: string, suite: string): Fact<boolean> {
  if (!SUITES.includes(suite)) return unknown(`the packages of ${suite} are not listed`);
  const debian = table(suite);
  const plain = debian.row(name) !== undefined || debian.head.virtual[name] !== undefined || baseOf(debian).has(name);
  return known(plain || mayContain(debian.head.names, name), reasonOf(suite, debian));
}

function reasonOf(suite: string, debian: DebianTable): Reason {
  return {
    kind: 'package-table',
    ref: `Debian ${suite}, ${debian.head.date}`,
    text: `the packages of Debian ${suite}`,
  };
}

/** What `apt-get install NAMES` brings. Unknown where a name is not in the table (it may still exist) or the suite has none.
 * With an unknown suite, what all suites have in common. */
export function aptInstall(names: readonly string[], options: AptOptions): Fact<Installation> {
  if (options.suite !== undefined) return installIn(names, options.suite, options.recommends);
  const found = SUITES.map((suite) => installIn(names, suite, options.recommends));
  const both: Installation[] = [];
  const because: Reason[] = [];
  for (const fact of found) {
    if (!fact.known) return fact;
    both.push(fact.value);
    because.push(...fact.because);
  }
  const common = (pick: (item: Installation) => readonly string[]) =>
    both.map(pick).reduce((left, right) => left.filter((item) => right.includes(item)));
  return known(
    {
      commands: common((item) => item.commands),
      libraries: common((item) => item.libraries),
      users: (both[0]?.users ?? []).filter((user) =>
        both.every((item) => item.users.some((u) => u.name === user.name)),
      ),
      bytes: Math.round(both.reduce((sum, item) => sum + item.bytes, 0) / both.length),
      packages: common((item) => item.packages),
      more: true,
    },
    ...because,
  );
}

function installIn(names: readonly string[], suite: string, recommends: boolean): Fact<Installation> {
  if (!SUITES.includes(suite)) return unknown(`what the packages of ${suite} bring is not listed`);
  const debian = table(suite);
  const base = baseOf(debian);
  const chosen = new Map<string, DebianPackage>();
  let more = false;
  const queue: { group: readonly string[]; asked: boolean }[] = names.map((name) => ({ group: [name], asked: true }));
  for (let next = queue.shift(); next; next = queue.shift()) {
    const { group, asked } = next;
    if (group.some((name) => base.has(name) || chosen.has(name) || provided(debian, name, chosen))) continue;
    const name = pick(debian, group);
    if (name === undefined) {
      if (asked) return unknown(`${group[0] ?? ''} is not in the table of packages`, reasonOf(suite, debian));
      more = true;
      continue;
    }
    const item = debian.row(name);
    if (!item) continue;
    chosen.set(name, item);
    const relations = recommends && item.r !== undefined ? `${item.d ?? ''},${item.r}` : (item.d ?? '');
    for (const relation of relations.split(',')) {
      if (relation !== '') queue.push({ group: relation.split('|'), asked: false });
    }
  }
  return known(collect(chosen, more), reasonOf(suite, debian));
}

function provided(debian: DebianTable, name: string, chosen: ReadonlyMap<string, DebianPackage>): boolean {
  return (debian.head.virtual[name] ?? '').split(',').some((provider) => provider !== '' && chosen.has(provider));
}

/** Apt takes the first alternative that exists, of a virtual package some provider (a `default-…` by policy). */
function pick(debian: DebianTable, group: readonly string[]): string | undefined {
  for (const name of group) {
    if (debian.row(name)) return name;
    const providers = (debian.head.virtual[name] ?? '').split(',').filter((item) => item !== '');
    if (providers.length > 0) return providers.find((item) => item.startsWith('default-')) ?? providers[0];
  }
  return undefined;
}

function collect(chosen: ReadonlyMap<string, DebianPackage>, more: boolean): Installation {
  const commands: string[] = [];
  const libraries: string[] = [];
  const users: PackageUser[] = [];
  let bytes = 0;
  for (const item of chosen.values()) {
    for (const name of item.c?.split(',') ?? []) commands.push(name.startsWith('/') ? name : `/usr/bin/${name}`);
    if (item.l !== undefined) libraries.push(...item.l.split(','));
    if (item.u) users.push(...item.u);
    bytes += item.k * 1024;
  }
  return { commands, libraries, users, bytes, packages: [...chosen.keys()], more };
}
