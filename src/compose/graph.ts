import type { Place } from '../text/place.ts';
import type { ComposeModel } from './model.ts';
import type { DependencyCondition, PortMapping } from './settings.ts';

export interface WaitEdge {
  /** The service that waits. */
  readonly from: string;
  readonly to: string;
  /** Undefined: not known. */
  readonly condition: DependencyCondition | undefined;
  readonly required: boolean;
  readonly at: Place;
}

export interface NetworkGroup {
  readonly network: string;
  /** No way out to other networks. Undefined: not known. */
  readonly internal: boolean | undefined;
  readonly external: boolean;
  readonly members: readonly string[];
}

/** Who waits for whom and who can talk to whom, over the active services of a stack. */
export interface ComposeGraph {
  readonly services: readonly string[];
  readonly waits: readonly WaitEdge[];
  readonly networks: readonly NetworkGroup[];
  /** Services that publish a port to the host, with `ip:published->target/protocol`; unknown parts as `?`. */
  readonly published: ReadonlyMap<string, readonly string[]>;
  /** Whether two services share a network, or one network namespace. Undefined: not known. */
  reaches(from: string, to: string): boolean | undefined;
}

export function composeGraph(model: ComposeModel): ComposeGraph {
  const active = [...model.services.values()].filter((service) => service.active);
  const names = active.map((service) => service.name);
  const waits = active.flatMap((service) =>
    service.dependsOn
      .filter((dependency) => model.services.get(dependency.service)?.active === true)
      .map((dependency) => ({
        from: service.name,
        to: dependency.service,
        condition: dependency.condition.known ? dependency.condition.value : undefined,
        required: dependency.required,
        at: dependency.at,
      })),
  );
  const groups = new Map<string, string[]>();
  for (const service of active) {
    for (const network of service.networks)
      groups.set(network.name, [...(groups.get(network.name) ?? []), service.name]);
  }
  const networks = [...groups].map(([network, members]) => {
    const defined = model.networks.get(network);
    const internal = defined?.internal?.fact;
    return {
      network,
      internal: internal === undefined ? false : internal.known ? internal.value : undefined,
      external: defined?.external === true,
      members,
    };
  });
  const published = new Map(
    active.filter((service) => service.ports.length > 0).map((service) => [service.name, portTexts(service.ports)]),
  );
  const namespaces = new Map(names.map((name) => [name, namespaceOf(model, name)]));
  return {
    services: names,
    waits,
    networks,
    published,
    reaches(from, to) {
      const a = namespaces.get(from);
      const b = namespaces.get(to);
      if (a === undefined || b === undefined) return undefined;
      return a === b || networks.some((group) => group.members.includes(a) && group.members.includes(b));
    },
  };
}

function portTexts(ports: readonly PortMapping[]): readonly string[] {
  return ports.map((port) => {
    const ip = port.hostIp.known ? port.hostIp.value : '?';
    const from = port.published.known ? port.published.value : '?';
    const to = port.target.known ? String(port.target.value) : '?';
    const left = `${ip === '' ? '' : `${ip}:`}${from}`;
    return `${left === '' ? '' : `${left}->`}${to}${port.protocol === 'tcp' ? '' : `/${port.protocol}`}`;
  });
}

/** The service whose network a service uses (`network_mode: service:x`). Undefined: the host's, none, or not known. */
function namespaceOf(model: ComposeModel, name: string, depth = 0): string | undefined {
  const mode = model.services.get(name)?.networkMode?.fact;
  if (mode === undefined) return name;
  if (!mode.known || depth > 10) return undefined;
  return mode.value.startsWith('service:') ? namespaceOf(model, mode.value.slice(8), depth + 1) : undefined;
}
