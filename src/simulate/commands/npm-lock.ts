import type { ImageState } from '../state.ts';
import { isRecord, jsonAt } from './node-project.ts';

/** Names in `node_modules/.bin` after an install, by folder that has a node_modules (`` is the project's own). */
export type BinsByFolder = ReadonlyMap<string, ReadonlySet<string>>;

const cache = new WeakMap<object, { readonly all: BinsByFolder; readonly production: BinsByFolder }>();

/** What package-lock.json (version 2 and up) says of tools; undefined for older ones and those that cannot be read. */
export function lockedBins(state: ImageState, path: string, production: boolean): BinsByFolder | undefined {
  const lock = jsonAt(state, path);
  if (!lock || !isRecord(lock['packages'])) return undefined;
  const found = cache.get(lock) ?? { all: read(lock['packages'], false), production: read(lock['packages'], true) };
  cache.set(lock, found);
  return production ? found.production : found.all;
}

function read(packages: Record<string, unknown>, production: boolean): BinsByFolder {
  const out = new Map<string, Set<string>>();
  const into = (folder: string) => {
    const set = out.get(folder) ?? new Set<string>();
    out.set(folder, set);
    return set;
  };
  into('');
  for (const [key, item] of Object.entries(packages)) {
    if (!isRecord(item)) continue;
    // A workspace's own package is linked into the root's node_modules, with its tools.
    const link = item['link'] === true && typeof item['resolved'] === 'string' ? packages[item['resolved']] : undefined;
    const bin = item['bin'] ?? (isRecord(link) ? link['bin'] : undefined);
    if (!isRecord(bin) && typeof bin !== 'string') continue;
    if (production && (item['dev'] === true || item['devOptional'] === true)) continue;
    const match = /^(?:(.*)\/)?node_modules\/((?:@[^/]+\/)?[^/]+)$/.exec(key);
    // Tools of packages inside other packages are not on anybody's PATH but theirs.
    if (!match || /(^|\/)node_modules\//.test(match[1] ?? '')) continue;
    const name = (match[2] ?? '').replace(/^@[^/]*\//, '');
    for (const tool of isRecord(bin) ? Object.keys(bin) : [name]) into(match[1] ?? '').add(tool);
  }
  return out;
}
