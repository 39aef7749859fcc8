import type { Dependency, NodeId } from '../model/types.ts';
import type { Place } from '../text/place.ts';

/** Everything that fails because a node does, nearest first: the generic pass that lets no rule know another. */
export function symptomsOf(
  broken: NodeId,
  dependencies: readonly Dependency[],
): readonly { at: Place; text: string }[] {
  const seen = new Set<NodeId>([broken]);
  const said = new Set<string>();
  const symptoms: { at: Place; text: string }[] = [];
  let front: readonly NodeId[] = [broken];
  while (front.length > 0) {
    const next: NodeId[] = [];
    for (const edge of dependencies) {
      if (!front.includes(edge.from) || seen.has(edge.to)) continue;
      seen.add(edge.to);
      next.push(edge.to);
      const key = `${edge.at.file}:${edge.at.line}:${edge.text}`;
      if (edge.text === '' || said.has(key)) continue;
      said.add(key);
      symptoms.push({ at: edge.at, text: edge.text });
    }
    front = next;
  }
  return symptoms;
}
