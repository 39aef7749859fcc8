import { known } from '../facts/fact.ts';
import { factOf, text } from './fields.ts';
import { at, itemsOf, type Node, textOf } from './node.ts';
import type { ComposeGrant } from './settings.ts';

/** Secrets and configs given to a service: `folder` is where one without a target lands. */
export function readGrants(node: Node | undefined, folder: string): readonly ComposeGrant[] {
  return itemsOf(node).flatMap((item): ComposeGrant[] => {
    const source = textOf(at(item, 'source')) ?? textOf(item);
    if (source === undefined) return [];
    const target = at(item, 'target');
    const uid = at(item, 'uid');
    const gid = at(item, 'gid');
    const mode = at(item, 'mode');
    const reason = { kind: 'compose', at: item.at, text: `${source} is given here` } as const;
    return [
      {
        at: item.at,
        source,
        target:
          target === undefined
            ? known(`${folder}${source}`, reason)
            : factOf(target, 'target', (value) =>
                text(value).startsWith('/') ? text(value) : `${folder}${text(value)}`,
              ),
        ...(uid?.kind === 'scalar' ? { uid: String(uid.value) } : {}),
        ...(gid?.kind === 'scalar' ? { gid: String(gid.value) } : {}),
        ...(mode?.kind === 'scalar' && typeof mode.value === 'number' ? { mode: mode.value } : {}),
        ...(mode?.kind === 'scalar' && typeof mode.value === 'string' ? { mode: Number.parseInt(mode.value, 8) } : {}),
      },
    ];
  });
}
