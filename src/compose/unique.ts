import { entriesOf, type Mapping, type Node, replacedBy } from './node.ts';
import { PatternTable } from './path-pattern.ts';
import { volumeParts } from './short-volume.ts';

/** The key by which an item of a list replaces an earlier one; undefined: keep both. */
type Indexer = (item: Node) => string | undefined;

const UNIQUE = new PatternTable<Indexer>({
  'networks.*.labels': nameOf,
  'networks.*.ipam.options': nameOf,
  'services.*.annotations': nameOf,
  'services.*.build.args': nameOf,
  'services.*.build.additional_contexts': nameOf,
  'services.*.build.tags': nameOf,
  'services.*.build.labels': nameOf,
  'services.*.cap_add': nameOf,
  'services.*.cap_drop': nameOf,
  'services.*.devices': deviceTarget,
  'services.*.configs': mountTarget(''),
  'services.*.deploy.labels': nameOf,
  'services.*.dns': nameOf,
  'services.*.dns_opt': nameOf,
  'services.*.dns_search': nameOf,
  'services.*.environment': nameOf,
  'services.*.env_file': envFilePath,
  'services.*.expose': scalarText,
  'services.*.labels': nameOf,
  'services.*.links': nameOf,
  'services.*.networks.*.aliases': nameOf,
  'services.*.networks.*.link_local_ips': nameOf,
  'services.*.ports': portKey,
  'services.*.profiles': nameOf,
  'services.*.secrets': mountTarget('/run/secrets'),
  'services.*.sysctls': nameOf,
  'services.*.tmpfs': nameOf,
  'services.*.volumes': volumeTarget,
});

/** Drops items that a later one of the same key redefines; the later one takes the earlier one's position. */
export function enforceUnique(node: Node, path: readonly string[]): Node {
  if (node.kind === 'map') {
    const entries = new Map<string, Mapping['entries'] extends ReadonlyMap<string, infer E> ? E : never>();
    for (const [key, entry] of node.entries) {
      entries.set(key, { key: entry.key, value: enforceUnique(entry.value, [...path, key]) });
    }
    return { ...node, entries };
  }
  const indexer = node.kind === 'seq' ? UNIQUE.get(path) : undefined;
  if (node.kind !== 'seq' || indexer === undefined) return node;
  const items: Node[] = [];
  const positions = new Map<string, number>();
  for (const item of node.items) {
    const key = indexer(item);
    const earlier = key === undefined ? undefined : positions.get(key);
    const before = earlier === undefined ? undefined : items[earlier];
    if (earlier !== undefined && before !== undefined) {
      items[earlier] = { ...item, replaced: [...replacedBy(before), ...(item.replaced ?? [])] };
    } else {
      if (key !== undefined) positions.set(key, items.length);
      items.push(item);
    }
  }
  return { ...node, items };
}

function scalarText(item: Node): string | undefined {
  return item.kind === 'scalar' && item.value !== null ? String(item.value) : undefined;
}

function nameOf(item: Node): string | undefined {
  const text = scalarText(item);
  const equals = text?.indexOf('=') ?? -1;
  return equals === -1 ? text : text?.slice(0, equals);
}

function field(item: Node, name: string): string | undefined {
  const value = entriesOf(item).get(name)?.value;
  return value === undefined ? undefined : scalarText(value);
}

function volumeTarget(item: Node): string | undefined {
  if (item.kind === 'map') return field(item, 'target');
  const text = scalarText(item);
  return text === undefined ? undefined : volumeParts(text)?.target;
}

function deviceTarget(item: Node): string | undefined {
  if (item.kind === 'map') return field(item, 'target');
  const parts = scalarText(item)?.split(':');
  return parts?.[1] ?? parts?.[0];
}

function mountTarget(folder: string): Indexer {
  return (item) =>
    item.kind === 'map'
      ? (field(item, 'target') ?? `${folder}/${field(item, 'source') ?? ''}`)
      : `${folder}/${scalarText(item) ?? ''}`;
}

function envFilePath(item: Node): string | undefined {
  return item.kind === 'map' ? field(item, 'path') : scalarText(item);
}

function portKey(item: Node): string | undefined {
  if (item.kind !== 'map') return scalarText(item);
  const target = field(item, 'target');
  if (target === undefined) return undefined;
  return `${field(item, 'host_ip') ?? '0.0.0.0'}:${field(item, 'published') ?? ''}:${target}/${field(item, 'protocol') ?? 'tcp'}`;
}
