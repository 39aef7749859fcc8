import type { Place } from '../text/place.ts';
import { bool, optional, pathField, text, textMap } from './fields.ts';
import type { ComposeNetwork, ComposeResource, ComposeService, ComposeVolume } from './model.ts';
import { at, entriesOf, type Mapping, type Node } from './node.ts';
import type { Field } from './settings.ts';

function isExternal(node: Node): boolean {
  const fact = optional(node, 'external', bool)?.fact;
  return fact?.known === true && fact.value;
}

function named(node: Node): { readonly name?: Field<string> } {
  const name = optional(node, 'name', text);
  return name === undefined ? {} : { name };
}

function* resources(tree: Mapping, section: string): Generator<{ key: string; at: Place; node: Node }> {
  for (const [key, entry] of entriesOf(at(tree, section))) {
    if (!key.startsWith('x-')) yield { key, at: entry.key, node: entry.value };
  }
}

/** The networks of a stack, with the default one where a service joins it. */
export function readNetworks(
  tree: Mapping,
  services: ReadonlyMap<string, ComposeService>,
): ReadonlyMap<string, ComposeNetwork> {
  const out = new Map<string, ComposeNetwork>();
  for (const { key, at: place, node } of resources(tree, 'networks')) {
    const internal = optional(node, 'internal', bool);
    const driver = optional(node, 'driver', text);
    out.set(key, {
      key,
      at: place,
      implicit: false,
      external: isExternal(node),
      ...named(node),
      ...(internal === undefined ? {} : { internal }),
      ...(driver === undefined ? {} : { driver }),
      node,
    });
  }
  const user = [...services.values()].find((service) => service.networks.some((network) => network.name === 'default'));
  if (user !== undefined && !out.has('default')) {
    const place = user.at;
    out.set('default', {
      key: 'default',
      at: place,
      implicit: true,
      external: false,
      node: { kind: 'scalar', value: null, at: place },
    });
  }
  return out;
}

export function readVolumes(tree: Mapping): ReadonlyMap<string, ComposeVolume> {
  const out = new Map<string, ComposeVolume>();
  for (const { key, at: place, node } of resources(tree, 'volumes')) {
    const driver = optional(node, 'driver', text);
    out.set(key, {
      key,
      at: place,
      external: isExternal(node),
      ...named(node),
      ...(driver === undefined ? {} : { driver }),
      driverOpts: textMap(at(node, 'driver_opts'), 'driver_opts'),
      node,
    });
  }
  return out;
}

export function readResources(
  tree: Mapping,
  section: 'secrets' | 'configs',
  projectDirectory: string,
): ReadonlyMap<string, ComposeResource> {
  const out = new Map<string, ComposeResource>();
  for (const { key, at: place, node } of resources(tree, section)) {
    const file = at(node, 'file');
    const environment = optional(node, 'environment', text);
    const content = optional(node, 'content', text);
    out.set(key, {
      key,
      at: place,
      external: isExternal(node),
      ...named(node),
      ...(file === undefined ? {} : { file: pathField(file, `${section}.${key}.file`, projectDirectory) }),
      ...(environment === undefined ? {} : { environment }),
      ...(content === undefined ? {} : { content }),
      node,
    });
  }
  return out;
}
