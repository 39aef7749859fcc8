import type { Node } from './node.ts';

/** Whether two trees hold the same values; places do not matter. */
export function sameValue(a: Node, b: Node): boolean {
  if (a.kind === 'scalar') return b.kind === 'scalar' && a.value === b.value;
  if (a.kind === 'seq') {
    return b.kind === 'seq' && a.items.length === b.items.length && a.items.every((item, i) => same(item, b.items[i]));
  }
  if (b.kind !== 'map' || a.entries.size !== b.entries.size) return false;
  return [...a.entries].every(([key, entry]) => same(entry.value, b.entries.get(key)?.value));
}

function same(a: Node, b: Node | undefined): boolean {
  return b !== undefined && sameValue(a, b);
}
