import { composeGraph } from './graph.ts';
import type { ComposeModel, ComposeService } from './model.ts';

/** The stack as an aligned table for a terminal of the given number of columns (default 100). Plain text, no colour. */
export function showStackTable(model: ComposeModel, columns = 100): string {
  const graph = composeGraph(model);
  const rows = [['service', 'image or build', 'ports', 'networks', 'waits for']];
  for (const service of model.services.values()) {
    const waits = graph.waits.filter((edge) => edge.from === service.name);
    rows.push([
      service.active ? service.name : `${service.name} (${service.profiles.join(', ')})`,
      sourceOf(service),
      (graph.published.get(service.name) ?? []).join(' '),
      service.networkMode?.fact.known === true
        ? service.networkMode.fact.value
        : service.networks.map((network) => network.name).join(' '),
      waits.map((edge) => `${edge.to}${SUFFIX[edge.condition ?? ''] ?? ''}`).join(' '),
    ]);
  }
  const widths = rows[0]?.map((_head, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  shrink(widths, columns);
  return rows
    .map((row) =>
      row
        .map((text, column) => cell(text, widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

const SUFFIX: Readonly<Record<string, string>> = {
  service_healthy: ' (healthy)',
  service_completed_successfully: ' (done)',
  '': ' (?)',
};

function sourceOf(service: ComposeService): string {
  const { build, image } = service;
  if (build !== undefined) {
    const file = build.dockerfile?.fact;
    const target = build.target?.fact.known === true ? ` [${build.target.fact.value}]` : '';
    if (build.dockerfile === undefined) return `inline Dockerfile${target}`;
    return `${file?.known === true ? (file.value.path ?? file.value.written) : 'build (unknown)'}${target}`;
  }
  return image === undefined ? '' : image.fact.known ? image.fact.value : 'unknown';
}

/** Takes width from the widest column until the table fits; no column goes below ten. */
function shrink(widths: number[], columns: number): void {
  const total = () => widths.reduce((sum, width) => sum + width, 0) + 2 * (widths.length - 1);
  while (total() > columns) {
    const widest = Math.max(...widths);
    if (widest <= 10) return;
    widths[widths.indexOf(widest)] = widest - 1;
  }
}

function cell(text: string, width: number): string {
  return text.length > width ? `${text.slice(0, Math.max(0, width - 1))}…` : text.padEnd(width);
}

/** The stack as a Mermaid flowchart: a group for each network, dotted arrows for waiting, the host's ports as a node. */
export function showStackMermaid(model: ComposeModel): string {
  const graph = composeGraph(model);
  const lines = ['flowchart LR'];
  const ids = new Map(graph.services.map((name, index) => [name, `s${index}`]));
  const id = (name: string) => ids.get(name) ?? name;
  const home = new Map<string, string>();
  for (const group of graph.networks) {
    for (const member of group.members) if (!home.has(member)) home.set(member, group.network);
  }
  const placed = new Set<string>();
  graph.networks.forEach((group, index) => {
    lines.push(`  subgraph n${index}["${quoted(group.network)}${group.internal === true ? ' (internal)' : ''}"]`);
    for (const member of group.members) {
      if (home.get(member) !== group.network) continue;
      lines.push(`    ${id(member)}["${quoted(member)}"]`);
      placed.add(member);
    }
    lines.push('  end');
  });
  for (const name of graph.services) if (!placed.has(name)) lines.push(`  ${id(name)}["${quoted(name)}"]`);
  for (const [name, ports] of graph.published)
    lines.push(`  host((host)) -->|"${quoted(ports.join(' '))}"| ${id(name)}`);
  for (const edge of graph.waits) {
    const label =
      edge.condition === 'service_healthy'
        ? '|healthy|'
        : edge.condition === 'service_completed_successfully'
          ? '|done|'
          : '';
    lines.push(`  ${id(edge.from)} -.->${label} ${id(edge.to)}`);
  }
  graph.networks.forEach((group, index) => {
    for (const member of group.members)
      if (home.get(member) !== group.network) lines.push(`  ${id(member)} --- n${index}`);
  });
  return `${lines.join('\n')}\n`;
}

function quoted(text: string): string {
  return text.replaceAll('"', '#quot;');
}
