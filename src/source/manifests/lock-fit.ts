import { memoryTree } from '../memory-tree.ts';
import { isRecord } from '../node/package-json.ts';
import { readNodeLocks } from './node-lock.ts';
import { satisfies } from './semver-range.ts';

/** A direct dependency that the lock file does not have, or has in a version that the manifest does not allow. */
export interface Misfit {
  readonly name: string;
  /** The clause of package.json. */
  readonly wanted: string;
  /** What the lock file has; undefined: nothing. */
  readonly locked?: string;
}

/** What `npm ci` refuses: it compares the versions that are locked with the ranges of package.json, not the clauses that the lock
 * file repeats. Development dependencies count with `--omit=dev` too. Empty where it cannot be told. */
export function npmMisfits(
  manifest: Readonly<Record<string, unknown>>,
  lock: Readonly<Record<string, unknown>>,
): readonly Misfit[] {
  const packages = lock['packages'];
  const old = isRecord(packages) ? undefined : lock['dependencies'];
  // Overrides change what is asked for.
  if (manifest['overrides'] !== undefined || (!isRecord(packages) && !isRecord(old))) return [];
  const optional = isRecord(manifest['optionalDependencies']) ? manifest['optionalDependencies'] : {};
  const out: Misfit[] = [];
  for (const section of ['dependencies', 'devDependencies']) {
    const listed = manifest[section];
    for (const [name, wanted] of isRecord(listed) ? Object.entries(listed) : []) {
      if (typeof wanted !== 'string' || Object.hasOwn(optional, name)) continue;
      const entry = isRecord(packages) ? packages[`node_modules/${name}`] : isRecord(old) ? old[name] : undefined;
      if (entry === undefined) {
        out.push({ name, wanted });
        continue;
      }
      if (!isRecord(entry) || entry['link'] === true || typeof entry['version'] !== 'string') continue;
      const alias = /^npm:(?:@[^/@]+\/)?[^@]+@(.*)$/.exec(wanted)?.[1];
      const locked = entry['version'].replace(/^npm:.*@/, '');
      if (satisfies(locked, alias ?? wanted) === false) out.push({ name, wanted, locked });
    }
  }
  return out;
}

/** What `pnpm install --frozen-lockfile` refuses: it compares clauses, word for word. */
export function pnpmMisfits(manifest: string, lock: string): readonly Misfit[] {
  const [read] = readNodeLocks(memoryTree({ 'package.json': manifest, 'pnpm-lock.yaml': lock }), '');
  return (read?.mismatches ?? []).map(({ name, manifest: wanted, lock: locked }) => ({
    name,
    wanted,
    ...(locked === undefined ? {} : { locked }),
  }));
}

/** What `yarn install --frozen-lockfile` (1) or `--immutable` (2 and up) refuses: a clause that the lock file has no entry for. */
export function yarnMisfits(manifest: Readonly<Record<string, unknown>>, lock: string): readonly Misfit[] {
  if (manifest['resolutions'] !== undefined || manifest['workspaces'] !== undefined) return [];
  const berry = /^__metadata:/m.test(lock);
  const entries = new Set<string>();
  for (const [line] of lock.matchAll(/^[^\s#].*:\s*$/gm))
    for (const key of line.replace(/:\s*$/, '').replaceAll('"', '').split(', ')) entries.add(key.trim());
  if (!berry && !/^# yarn lockfile v1/m.test(lock)) return [];
  const out: Misfit[] = [];
  for (const section of ['dependencies', 'devDependencies']) {
    const listed = manifest[section];
    for (const [name, wanted] of isRecord(listed) ? Object.entries(listed) : []) {
      if (typeof wanted !== 'string' || wanted === '' || satisfies('0.0.0', wanted) === undefined) continue;
      if (entries.has(`${name}@${berry ? 'npm:' : ''}${wanted}`)) continue;
      // A patched package, or one that is bound in another way, has keys of its own.
      const own = [...entries].filter((key) => key.startsWith(`${name}@`));
      if (own.some((key) => /@(patch|virtual|workspace|portal|link):/.test(key))) continue;
      const [other] = own;
      out.push({ name, wanted, ...(other === undefined ? {} : { locked: other.slice(name.length + 1) }) });
    }
  }
  return out;
}
