import { known, unknown } from '../facts/fact.ts';
import { cleanPath } from './canonical.ts';
import { bool, bytes, factOf, fieldOf, optional, pathField, text } from './fields.ts';
import { at, isNull, itemsOf, type Mapping, type Node, textOf } from './node.ts';
import type { ComposeMount, ComposeTmpfs } from './settings.ts';
import { hasUnknown, textFact } from './unknown-text.ts';

export function readMounts(node: Mapping, projectDirectory: string): readonly ComposeMount[] {
  return itemsOf(at(node, 'volumes')).flatMap((item): ComposeMount[] => {
    const target = at(item, 'target');
    if (target === undefined) return [];
    const source = at(item, 'source');
    const type = at(item, 'type');
    const written = textOf(type);
    const subpath = textOf(at(item, 'volume', 'subpath'));
    const size = optional(at(item, 'tmpfs'), 'size', bytes)?.fact;
    return [
      {
        at: item.at,
        type:
          type === undefined
            ? known('volume', { kind: 'default', at: item.at, text: 'volume is the default type' })
            : written !== undefined && hasUnknown(written)
              ? unknown('whether the source is a path or a volume depends on a variable', {
                  kind: 'compose',
                  at: item.at,
                  text: 'volumes',
                })
              : factOf(type, 'volumes type', text),
        ...(source === undefined || isNull(source)
          ? {}
          : { source: pathField(source, 'volumes source', projectDirectory) }),
        target: fieldOf(target, 'volumes target', (value) => cleanPath(text(value))),
        readOnly: truth(at(item, 'read_only')),
        createHostPath: written === 'bind' && truth(at(item, 'bind', 'create_host_path'), true),
        nocopy: truth(at(item, 'volume', 'nocopy')),
        ...(subpath === undefined ? {} : { subpath }),
        ...(size?.known === true ? { tmpfsSize: size.value } : {}),
        replaced: item.replaced ?? [],
      },
    ];
  });
}

function truth(node: Node | undefined, absent = false): boolean {
  return node?.kind === 'scalar' && node.value !== null ? bool(node.value) === true : absent;
}

export function readTmpfs(node: Mapping): readonly ComposeTmpfs[] {
  const tmpfs = at(node, 'tmpfs');
  const items = tmpfs === undefined ? [] : tmpfs.kind === 'seq' ? tmpfs.items : [tmpfs];
  return items.flatMap((item): ComposeTmpfs[] => {
    const said = textOf(item);
    if (said === undefined) return [];
    const colon = said.indexOf(':');
    const target = colon === -1 ? said : said.slice(0, colon);
    const options = colon === -1 ? [] : said.slice(colon + 1).split(',');
    return [
      { at: item.at, target: textFact(target, [{ kind: 'compose', at: item.at, text: `tmpfs: ${target}` }]), options },
    ];
  });
}
