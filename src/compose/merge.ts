import type { Place } from '../text/place.ts';
import {
  type Entry,
  entriesOf,
  isNull,
  type Mapping,
  type Node,
  replacedBy,
  type Scalar,
  type Sequence,
} from './node.ts';
import { PatternTable } from './path-pattern.ts';
import type { ComposeProblem } from './problem.ts';

type Merger = (base: Node, over: Node, path: readonly string[], problems: ComposeProblem[]) => Node;

/** Where Compose merges otherwise than "mappings by key, lists appended, scalars replaced" (compose-spec, 13-merge). */
const SPECIAL = new PatternTable<Merger>({
  'networks.*.ipam.config': mergeIpam,
  'networks.*.labels': asLists,
  'volumes.*.labels': asLists,
  'services.*.annotations': asLists,
  'services.*.build': mergeBuild,
  'services.*.build.args': asLists,
  'services.*.build.additional_contexts': asLists,
  'services.*.build.extra_hosts': hosts,
  'services.*.build.labels': asLists,
  'services.*.command': replace,
  'services.*.depends_on': mergeDependsOn,
  'services.*.deploy.labels': asLists,
  'services.*.dns': asLists,
  'services.*.dns_opt': asLists,
  'services.*.dns_search': asLists,
  'services.*.entrypoint': replace,
  'services.*.env_file': asLists,
  'services.*.label_file': asLists,
  'services.*.environment': asLists,
  'services.*.extra_hosts': hosts,
  'services.*.healthcheck.test': replace,
  'services.*.labels': asLists,
  'services.*.logging': mergeLogging,
  'services.*.models': mergeNamed,
  'services.*.networks': mergeNamed,
  'services.*.sysctls': asLists,
  'services.*.tmpfs': asLists,
  'services.*.ulimits.*': replace,
});

/** Merges a later value into an earlier one at a path, as Compose does. What cannot be merged is replaced and reported. */
export function merge(base: Node, over: Node, path: readonly string[], problems: ComposeProblem[]): Node {
  const special = SPECIAL.get(path);
  if (special !== undefined) return special(base, over, path, problems);
  if (isNull(over)) return base;
  if (base.kind === 'map') {
    if (over.kind === 'map') return mergeMappings(base, over, path, problems);
    return refuse(over, path, problems);
  }
  if (base.kind === 'seq') {
    if (over.kind === 'seq') return append(base, over);
    return refuse(over, path, problems);
  }
  return replace(base, over);
}

export function mergeMappings(
  base: Mapping,
  over: Mapping,
  path: readonly string[],
  problems: ComposeProblem[],
): Mapping {
  const entries = new Map<string, Entry>(base.entries);
  for (const [key, entry] of over.entries) {
    const earlier = entries.get(key);
    if (earlier === undefined) entries.set(key, entry);
    else
      entries.set(key, {
        key: path.length === 1 && path[0] === 'services' ? earlier.key : entry.key,
        value: merge(earlier.value, entry.value, [...path, key], problems),
      });
  }
  return { ...base, at: base.entries.size === 0 ? over.at : base.at, entries };
}

function replace(base: Node, over: Node): Node {
  return { ...over, replaced: [...replacedBy(base), ...(over.replaced ?? [])] };
}

function refuse(over: Node, path: readonly string[], problems: ComposeProblem[]): Node {
  problems.push({
    kind: 'merge',
    effect: 'refused',
    at: over.at,
    text: `cannot override ${path.join('.')}: the kinds of value differ`,
  });
  return over;
}

function append(base: Sequence, over: Sequence): Sequence {
  return { ...base, items: [...base.items, ...over.items] };
}

/** `KEY=value` items from either form; the mapping's keys are sorted, as Compose sorts them. */
export function listForm(node: Node): readonly Node[] {
  if (node.kind === 'seq') return node.items;
  if (node.kind === 'scalar') return typeof node.value === 'string' ? [node] : [];
  const out: { text: string; node: Node }[] = [];
  for (const [key, entry] of node.entries) {
    const values = entry.value.kind === 'seq' ? entry.value.items : [entry.value];
    for (const value of values) {
      const text = value.kind === 'scalar' && value.value !== null ? `${key}=${String(value.value)}` : key;
      out.push({ text, node: pairScalar(text, entry.key, value) });
    }
  }
  return out.sort((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0)).map((item) => item.node);
}

function pairScalar(text: string, key: Place, value: Node): Scalar {
  const sameFile = key.file === value.at.file;
  const at = sameFile ? { ...key, endLine: value.at.endLine, endColumn: value.at.endColumn } : key;
  return {
    kind: 'scalar',
    value: text,
    at,
    ...(value.base === undefined ? {} : { base: value.base }),
    ...(value.kind === 'scalar' && value.because !== undefined ? { because: value.because } : {}),
    ...(value.replaced === undefined ? {} : { replaced: value.replaced }),
  };
}

function asLists(base: Node, over: Node): Node {
  return { kind: 'seq', at: isNull(base) ? over.at : base.at, items: [...listForm(base), ...listForm(over)] };
}

function hosts(base: Node, over: Node): Node {
  const first = listForm(base);
  const texts = new Set(first.map((item) => (item.kind === 'scalar' ? item.value : undefined)));
  const added = listForm(over).filter((item) => !(item.kind === 'scalar' && texts.has(item.value)));
  return { kind: 'seq', at: base.at, items: [...first, ...added] };
}

function mergeBuild(base: Node, over: Node, path: readonly string[], problems: ComposeProblem[]): Node {
  const left = buildForm(base);
  const right = buildForm(over);
  if (left === undefined) return over;
  return right === undefined ? base : mergeMappings(left, right, path, problems);
}

export function buildForm(node: Node): Mapping | undefined {
  if (node.kind === 'map') return node;
  if (node.kind !== 'scalar' || node.value === null) return undefined;
  return { kind: 'map', at: node.at, entries: new Map([['context', { key: node.at, value: node }]]) };
}

/** Names in a list as a mapping with a value for each. */
export function namedForm(node: Node, value: (item: Node) => Node): Mapping {
  if (node.kind === 'map') return node;
  const entries = new Map<string, Entry>();
  for (const item of node.kind === 'seq' ? node.items : []) {
    if (item.kind === 'scalar' && item.value !== null)
      entries.set(String(item.value), { key: item.at, value: value(item) });
  }
  return { kind: 'map', at: node.at, entries };
}

export function nothing(at: Place): Scalar {
  return { kind: 'scalar', value: null, at };
}

function mergeNamed(base: Node, over: Node, path: readonly string[], problems: ComposeProblem[]): Node {
  const empty = (item: Node) => nothing(item.at);
  return mergeMappings(namedForm(base, empty), namedForm(over, empty), path, problems);
}

/** `condition: service_started, required: true`, what the short form of depends_on means. */
export function startedDependency(item: Node): Mapping {
  const at = item.at;
  return {
    kind: 'map',
    at,
    entries: new Map<string, Entry>([
      ['condition', { key: at, value: { kind: 'scalar', value: 'service_started', at } }],
      ['required', { key: at, value: { kind: 'scalar', value: true, at } }],
    ]),
  };
}

function mergeDependsOn(base: Node, over: Node, path: readonly string[], problems: ComposeProblem[]): Node {
  return mergeMappings(namedForm(base, startedDependency), namedForm(over, startedDependency), path, problems);
}

/** Options of the same driver merge; another driver replaces all. */
function mergeLogging(base: Node, over: Node, path: readonly string[], problems: ComposeProblem[]): Node {
  if (base.kind !== 'map' || over.kind !== 'map') return isNull(over) ? base : over;
  const left = base.entries.get('driver')?.value;
  const right = over.entries.get('driver')?.value;
  const same = left?.kind === 'scalar' && right?.kind === 'scalar' && left.value === right.value;
  return left === undefined || right === undefined || same
    ? mergeMappings(base, over, path, problems)
    : replace(base, over);
}

function mergeIpam(base: Node, over: Node, path: readonly string[], problems: ComposeProblem[]): Node {
  if (base.kind !== 'seq' || over.kind !== 'seq') return refuse(over, path, problems);
  const subnet = (node: Node) => {
    const value = entriesOf(node).get('subnet')?.value;
    return value?.kind === 'scalar' ? value.value : undefined;
  };
  const out: Node[] = [];
  for (const left of base.items) {
    for (const right of over.items) {
      const differs = subnet(left) !== subnet(right);
      if (differs && !out.some((item) => subnet(item) === subnet(right))) {
        out.push(right);
        continue;
      }
      if (left.kind !== 'map' || right.kind !== 'map') continue;
      const merged = mergeMappings(left, right, path, problems);
      const same = out.findIndex((item) => subnet(item) === subnet(merged));
      if (same === -1) out.push(merged);
      else out[same] = merged;
    }
  }
  return { ...base, items: out };
}
