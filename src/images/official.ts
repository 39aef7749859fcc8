import { dataTable } from '../text/data.ts';

interface OfficialTable {
  readonly source: string;
  readonly images: Readonly<Record<string, readonly (readonly [string, string, string, string])[]>>;
}

/** What the official images' list says of one tag. */
export interface OfficialTag {
  /** Every tag that names the same image. */
  readonly tags: readonly string[];
  readonly directory: string;
  readonly architectures: readonly string[];
}

const byName = new Map<string, ReadonlyMap<string, OfficialTag>>();

function tagsOf(name: string): ReadonlyMap<string, OfficialTag> | undefined {
  const known = byName.get(name);
  if (known) return known;
  const entries = Object.hasOwn(official().images, name) ? official().images[name] : undefined;
  if (!entries) return undefined;
  const map = new Map<string, OfficialTag>();
  for (const [tags, shared, directory, architectures] of entries) {
    const own = tags.split(' ').filter(Boolean);
    const all = shared ? [...own, ...shared.split(' ')] : own;
    const entry: OfficialTag = { tags: all, directory, architectures: architectures.split(' ').filter(Boolean) };
    // A tag shared with Windows is listed again for it: on Linux the first entry, which is Linux, serves it.
    if (/windows|nanoserver/.test(directory)) continue;
    for (const tag of all) if (!map.has(tag)) map.set(tag, entry);
  }
  byName.set(name, map);
  return map;
}

function official(): OfficialTable {
  return dataTable<OfficialTable>('images/official-images');
}

/** The day on which the tags were read (ISO date). */
export function officialTagsRead(): string {
  return /\d{4}-\d\d-\d\d/.exec(official().source)?.[0] ?? '';
}

/** The entry of a tag of an official image: `null` when the image is official and no such tag is built any more (an older
 * image may still be served under it), undefined when the image is not an official one. */
export function officialTag(name: string, tag: string): OfficialTag | null | undefined {
  return tagsOf(name) === undefined ? undefined : (tagsOf(name)?.get(tag) ?? null);
}

/** A tag moves when a later build may put another version under it: it names no full version, as `22-slim` or `latest`.
 * Undefined where the image's numbering is not known to us. */
export function tagMoves(name: string, tag: string): boolean | undefined {
  const entry = officialTag(name, tag);
  if (!entry) return /^(latest|stable|edge|main|master|nightly|lts|slim|alpine)$/.test(tag) ? true : undefined;
  const depth = (text: string) => (/^v?(\d+(?:[.u+-]\d+|\.\d+)*)/.exec(text)?.[1] ?? '').split('.').length;
  const number = /^v?\d/.test(tag);
  return !number || depth(tag) < Math.max(...entry.tags.filter((other) => /^v?\d/.test(other)).map(depth));
}
