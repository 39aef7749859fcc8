import type { Entry, Mapping, Node } from './node.ts';
import { fits } from './path-pattern.ts';

/** Removes what stands at the paths that a later file tagged `!reset` or `!override`. Items of lists cannot be removed this way. */
export function dropResets(tree: Mapping, resets: readonly (readonly string[])[]): Mapping {
  if (resets.length === 0) return tree;
  return drop(tree, [], resets) as Mapping;
}

function drop(node: Node, path: readonly string[], resets: readonly (readonly string[])[]): Node {
  if (node.kind !== 'map') return node;
  const entries = new Map<string, Entry>();
  for (const [key, entry] of node.entries) {
    const here = [...path, key];
    if (resets.some((reset) => fits(here, reset))) continue;
    entries.set(key, { key: entry.key, value: drop(entry.value, here, resets) });
  }
  return { ...node, entries };
}
