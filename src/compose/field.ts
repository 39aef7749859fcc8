import type { Place } from '../text/place.ts';
import type { ComposeService } from './model.ts';
import type { Node } from './node.ts';

/** The node of a setting by its path of keys, such as `healthcheck.test` or `ports.0.target`. */
export function nodeAt(root: Node, path: string): Node | undefined {
  let node: Node | undefined = root;
  const keys = path.split('.');
  for (let i = 0; i < keys.length; i++) {
    if (node?.kind === 'seq') node = node.items[Number(keys[i])];
    else if (node?.kind === 'map') {
      // A key may hold dots itself: the longest that exists wins.
      let length = keys.length - i;
      while (length > 1 && !node.entries.has(keys.slice(i, i + length).join('.'))) length--;
      node = node.entries.get(keys.slice(i, i + length).join('.'))?.value;
      i += length - 1;
    } else return undefined;
  }
  return node;
}

/** Where a setting of a service stands; undefined when no file sets it. */
export function field(service: ComposeService, path: string): Place | undefined {
  return nodeAt(service.node, path)?.at;
}
