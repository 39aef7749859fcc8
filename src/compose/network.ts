import { known } from '../facts/fact.ts';
import type { Place } from '../text/place.ts';
import { factOf, number, optional, text, textList } from './fields.ts';
import { at, entriesOf, isNull, itemsOf, type Mapping, type Node, textOf } from './node.ts';
import type { Dependency, DependencyCondition, PortMapping, ServiceNetwork } from './settings.ts';
import { displayText } from './unknown-text.ts';

export function readPorts(node: Mapping): readonly PortMapping[] {
  return itemsOf(at(node, 'ports')).flatMap((item): PortMapping[] => {
    const target = at(item, 'target');
    if (target === undefined) return [];
    const because = { kind: 'compose', at: item.at, text: 'ports' } as const;
    const name = textOf(at(item, 'name'));
    const appProtocol = textOf(at(item, 'app_protocol'));
    const part = (key: string) => {
      const value = at(item, key);
      return value === undefined || isNull(value) ? known('', because) : factOf(value, `ports ${key}`, text);
    };
    return [
      {
        at: item.at,
        target: factOf(target, 'ports target', number),
        published: part('published'),
        hostIp: part('host_ip'),
        protocol: displayText(textOf(at(item, 'protocol')) ?? 'tcp'),
        mode: textOf(at(item, 'mode')) ?? 'ingress',
        ...(name === undefined ? {} : { name }),
        ...(appProtocol === undefined ? {} : { appProtocol }),
        replaced: item.replaced ?? [],
      },
    ];
  });
}

export function readNetworks(node: Mapping, place: Place): readonly ServiceNetwork[] {
  if (textOf(at(node, 'network_mode')) !== undefined) return [];
  const networks = entriesOf(at(node, 'networks'));
  if (networks.size === 0) return [{ name: 'default', at: place, implicit: true, aliases: [] }];
  return [...networks].map(([name, entry]) => {
    const ipv4 = optional(entry.value, 'ipv4_address', text);
    const ipv6 = optional(entry.value, 'ipv6_address', text);
    const priority = optional(entry.value, 'priority', number)?.fact;
    return {
      name,
      at: entry.key,
      implicit: false,
      aliases: textList(at(entry.value, 'aliases'), 'aliases'),
      ...(ipv4 === undefined ? {} : { ipv4 }),
      ...(ipv6 === undefined ? {} : { ipv6 }),
      ...(priority?.known === true ? { priority: priority.value } : {}),
    };
  });
}

const CONDITIONS: readonly string[] = ['service_started', 'service_healthy', 'service_completed_successfully'];

export function readDependencies(node: Mapping): readonly Dependency[] {
  const out = new Map<string, Dependency>();
  for (const [service, entry] of entriesOf(at(node, 'depends_on'))) {
    const condition = at(entry.value, 'condition');
    const required = at(entry.value, 'required');
    const restart = at(entry.value, 'restart');
    const because = { kind: 'compose', at: entry.key, text: `depends_on ${service}` } as const;
    out.set(service, {
      service,
      at: entry.key,
      condition:
        condition === undefined
          ? known('service_started' as const, because)
          : factOf(condition, 'condition', asCondition),
      required: !(required?.kind === 'scalar' && required.value === false),
      restart: restart?.kind === 'scalar' && restart.value === true,
      from: 'depends_on',
    });
  }
  const imply = (service: string, place: Place, from: Dependency['from'], restart: boolean) => {
    if (out.has(service)) return;
    const condition = known('service_started' as const, { kind: 'compose', at: place, text: `${from} ${service}` });
    out.set(service, { service, at: place, condition, required: true, restart, from });
  };
  for (const [said, item] of textItems(at(node, 'links'))) imply(said.split(':')[0] ?? said, item.at, 'links', true);
  for (const key of ['network_mode', 'ipc', 'pid', 'uts', 'cgroup']) {
    const value = at(node, key);
    const said = textOf(value);
    if (value !== undefined && said?.startsWith('service:') === true) imply(said.slice(8), value.at, 'namespace', true);
  }
  for (const [said, item] of textItems(at(node, 'volumes_from'))) {
    if (!said.startsWith('container:')) imply(said.split(':')[0] ?? said, item.at, 'volumes_from', false);
  }
  return [...out.values()];
}

function asCondition(value: string | number | boolean): DependencyCondition | undefined {
  return typeof value === 'string' && CONDITIONS.includes(value) ? (value as DependencyCondition) : undefined;
}

function textItems(node: Node | undefined): readonly (readonly [string, Node])[] {
  return itemsOf(node).flatMap((item) => {
    const said = textOf(item);
    return said === undefined ? [] : [[said, item] as const];
  });
}
