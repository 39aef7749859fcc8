import { at } from '../compose/node.ts';
import { yamlOf } from '../compose/repo-yaml.ts';
import type { Service, Stack } from '../model/types.ts';
import type { Edit } from '../text/edit.ts';
import { LineIndex } from '../text/line-index.ts';
import type { Place } from '../text/place.ts';

export interface EmptyList {
  readonly service: Service;
  /** Where the empty list stands. */
  readonly at: Place;
  /** Turns it into `!reset []`. */
  readonly edit: Edit;
}

/** An empty list is written with brackets. */
const EMPTY = /\[(?:\s|#.*)*\]/;

/** Lists that a later file of the stack writes as `[]` for a service: merging appends, so they change nothing. */
export function emptyLists(stack: Stack, key: 'ports' | 'volumes'): readonly EmptyList[] {
  return stack.services.flatMap((service) =>
    stack.files.slice(1).flatMap((file) => {
      const text = stack.repo.text(file);
      const found = text !== undefined && EMPTY.test(text) ? emptyListIn(stack, file, service.name, key) : undefined;
      if (text === undefined || found === undefined) return [];
      const start = new LineIndex(text).offsetOfLine(found.line) + found.column - 1;
      return [{ service, at: found, edit: { file, start, end: start, text: '!reset ' } }];
    }),
  );
}

/** The `[]` of `services.NAME.KEY` in a file, when nothing marks it as a reset. */
function emptyListIn(stack: Stack, file: string, service: string, key: string): Place | undefined {
  const document = yamlOf(stack.repo, file)?.documents[0];
  const node = at(document?.root, 'services', service, key);
  const path = ['services', service, key].join('\u0000');
  if (node?.kind !== 'seq' || node.items.length > 0 || document?.resets.some((r) => r.join('\u0000') === path) === true)
    return undefined;
  return node.at;
}
