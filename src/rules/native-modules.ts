/** Packages of npm whose compiled part is fetched or built for one C library, so that another cannot load it: by the version
 * from which they carry both. Known from their install scripts and from what `require` says on the other library. */
const FOR_ONE_LIBC: Readonly<Record<string, number>> = {
  bcrypt: 6,
  argon2: 0.4,
  sharp: 0.33,
  sqlite3: Number.POSITIVE_INFINITY,
  'better-sqlite3': Number.POSITIVE_INFINITY,
  canvas: Number.POSITIVE_INFINITY,
  re2: Number.POSITIVE_INFINITY,
  grpc: Number.POSITIVE_INFINITY,
};

/** Packages whose compiled part is bound to V8's ABI, and so to one major version of Node: by the version from which it is not. */
const FOR_ONE_NODE: Readonly<Record<string, number>> = {
  'better-sqlite3': Number.POSITIVE_INFINITY,
  re2: Number.POSITIVE_INFINITY,
  'isolated-vm': Number.POSITIVE_INFINITY,
  'node-rdkafka': Number.POSITIVE_INFINITY,
  grpc: Number.POSITIVE_INFINITY,
  canvas: 3,
  sqlite3: 5,
};

/** Whether a package of a version works with the C library it was installed for only. `locked`: all names of the lock file. */
export function boundToLibc(name: string, locked: ReadonlyMap<string, string>, libc: 'glibc' | 'musl'): boolean {
  const version = locked.get(name);
  if (version === undefined) return false;
  if (below(version, FOR_ONE_LIBC[name])) return true;
  // Packages with a compiled part for each platform in a package of its own: the lock file lists this library's only.
  const [own, other] = libc === 'glibc' ? ['gnu', 'musl'] : ['musl', 'gnu'];
  const bare = name.replace(/^@[^/]+\//, '');
  const lists = (ending: string): boolean =>
    [`${name}-linux-x64-${ending}`, `@${bare}/${bare}-linux-x64-${ending}`].some((part) => locked.has(part));
  return lists(own ?? '') && !lists(other ?? '');
}

export function boundToNode(name: string, locked: ReadonlyMap<string, string>): boolean {
  const version = locked.get(name);
  return version !== undefined && below(version, FOR_ONE_NODE[name]);
}

/** `0.39.2` counts as 0.39, `5.1.1` as 5.1: minor versions up to 99. */
function below(version: string, limit: number | undefined): boolean {
  const [, major, minor] = /^v?(\d+)(?:\.(\d+))?/.exec(version) ?? [];
  if (limit === undefined || major === undefined) return false;
  return Number(major) + Number(minor ?? 0) / 100 < limit;
}
