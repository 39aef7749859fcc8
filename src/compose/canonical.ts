import { buildForm, namedForm, nothing, startedDependency } from './merge.ts';
import { type Entry, entriesOf, type Mapping, type Node, type Scalar, scalar } from './node.ts';
import { PatternTable } from './path-pattern.ts';
import type { ComposeProblem } from './problem.ts';
import { portParts } from './short-port.ts';
import { isHostPath, volumeParts } from './short-volume.ts';

type Transformer = (node: Node, problems: ComposeProblem[]) => Node;

/** Short forms that Compose turns into the long form after each file. The deepest pattern is applied first. */
const LONG_FORM = new PatternTable<Transformer>({
  'services.*.build': (node) => buildForm(node) ?? node,
  'services.*.build.secrets.*': mount,
  'services.*.build.ssh': keyValues,
  'services.*.build.additional_contexts': keyValues,
  'services.*.depends_on': dependsOn,
  'services.*.env_file': envFiles,
  'services.*.label_file': stringOrList,
  'services.*.extends': (node) => (node.kind === 'scalar' ? single(node, 'service') : node),
  'services.*.networks': (node) => (node.kind === 'seq' ? namedForm(node, (item) => nothing(item.at)) : node),
  'services.*.models': (node) => (node.kind === 'seq' ? namedForm(node, (item) => nothing(item.at)) : node),
  'services.*.volumes.*': volume,
  'services.*.dns': stringOrList,
  'services.*.devices.*': device,
  'services.*.secrets.*': mount,
  'services.*.configs.*': mount,
  'services.*.ports': ports,
  'services.*.develop.watch.*.ignore': stringOrList,
  'services.*.develop.watch.*.include': stringOrList,
  'volumes.*': external,
  'networks.*': external,
  'secrets.*': external,
  'configs.*': external,
});

export function canonical(node: Node, path: readonly string[], problems: ComposeProblem[]): Node {
  const apply = LONG_FORM.get(path);
  const changed = apply === undefined ? node : apply(node, problems);
  if (changed.kind === 'map') {
    const entries = new Map<string, Entry>();
    for (const [key, entry] of changed.entries) {
      entries.set(key, { key: entry.key, value: canonical(entry.value, [...path, key], problems) });
    }
    return { ...changed, entries };
  }
  if (changed.kind === 'seq') {
    return { ...changed, items: changed.items.map((item) => canonical(item, [...path, '[]'], problems)) };
  }
  return changed;
}

function stringOrList(node: Node): Node {
  return node.kind === 'scalar' && typeof node.value === 'string' ? { kind: 'seq', at: node.at, items: [node] } : node;
}

function mapping(like: Node, parts: Readonly<Record<string, Node | undefined>>): Mapping {
  const entries = new Map<string, Entry>();
  for (const [key, value] of Object.entries(parts)) if (value !== undefined) entries.set(key, { key: like.at, value });
  return {
    kind: 'map',
    at: like.at,
    entries,
    ...(like.base === undefined ? {} : { base: like.base }),
    ...(like.replaced === undefined ? {} : { replaced: like.replaced }),
  };
}

function single(node: Scalar, key: string): Mapping {
  return mapping(node, { [key]: node });
}

function mount(node: Node): Node {
  return node.kind === 'scalar' ? single(node, 'source') : node;
}

/** `key=value` items as a mapping; an item without `=` has no value. */
function keyValues(node: Node): Node {
  if (node.kind !== 'seq') return node;
  const entries = new Map<string, Entry>();
  for (const item of node.items) {
    if (item.kind !== 'scalar' || item.value === null) continue;
    const text = String(item.value);
    const equals = text.indexOf('=');
    const value = equals === -1 ? nothing(item.at) : scalar(text.slice(equals + 1), item);
    entries.set(equals === -1 ? text : text.slice(0, equals), { key: item.at, value });
  }
  return { ...mapping(node, {}), entries };
}

function dependsOn(node: Node): Node {
  if (node.kind === 'seq') return namedForm(node, startedDependency);
  if (node.kind !== 'map') return node;
  const entries = new Map<string, Entry>();
  for (const [key, entry] of node.entries) {
    if (entry.value.kind !== 'map') {
      entries.set(key, entry);
      continue;
    }
    const defaults = startedDependency({ kind: 'scalar', value: key, at: entry.key });
    entries.set(key, {
      key: entry.key,
      value: { ...entry.value, entries: new Map([...defaults.entries, ...entry.value.entries]) },
    });
  }
  return { ...node, entries };
}

function envFiles(node: Node): Node {
  const list = node.kind === 'seq' ? node.items : node.kind === 'scalar' && node.value !== null ? [node] : [];
  const items = list.map((item) => {
    const required: Scalar = { kind: 'scalar', value: true, at: item.at };
    if (item.kind === 'scalar') return mapping(item, { path: item, required });
    if (item.kind === 'map' && !item.entries.has('required')) {
      return { ...item, entries: new Map([...item.entries, ['required', { key: item.at, value: required }] as const]) };
    }
    return item;
  });
  return { kind: 'seq', at: node.at, items };
}

function volume(node: Node, problems: ComposeProblem[]): Node {
  if (node.kind !== 'scalar' || node.value === null) return node;
  const spec = String(node.value);
  const parts = volumeParts(spec);
  if (parts === undefined) {
    problems.push({
      kind: 'wrong-type',
      effect: 'refused',
      at: node.at,
      text: `not a volume: ${spec}`,
      remedy: 'write source:target or source:target:options',
    });
    return node;
  }
  const bind = parts.source !== undefined && isHostPath(parts.source);
  const has = (option: string) => parts.options.includes(option);
  const propagation = parts.options.find((option) => /^r?(private|shared|slave)$/.test(option));
  const selinux = parts.options.find((option) => option === 'z' || option === 'Z');
  const options = {
    propagation: propagation === undefined ? undefined : scalar(propagation, node),
    selinux: selinux === undefined ? undefined : scalar(selinux, node),
  };
  const bound = propagation !== undefined || selinux !== undefined;
  const binding = bind ? mapping(node, { create_host_path: scalar(true, node), ...options }) : mapping(node, options);
  // A source that is nothing but a variable without value may be a path or a name.
  const undecided = parts.source?.startsWith('\u{E000}') === true;
  return mapping(node, {
    type: scalar(undecided ? (parts.source ?? null) : bind ? 'bind' : 'volume', node),
    source: parts.source === undefined ? undefined : scalar(parts.source, node),
    target: scalar(cleanPath(parts.target), node),
    read_only: has('ro') ? scalar(true, node) : undefined,
    bind: bind || bound ? binding : undefined,
    volume: bind ? undefined : mapping(node, { nocopy: has('nocopy') ? scalar(true, node) : undefined }),
  });
}

/** The shortest equal absolute path, as Go's path.Clean. */
export function cleanPath(path: string): string {
  const out: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..' && out.length > 0 && out.at(-1) !== '..') out.pop();
    else if (part !== '..' || !path.startsWith('/')) out.push(part);
  }
  return (path.startsWith('/') ? '/' : '') + out.join('/') || '.';
}

function device(node: Node): Node {
  if (node.kind !== 'scalar' || typeof node.value !== 'string') return node;
  const [source = '', target, permissions] = node.value.split(':');
  return mapping(node, {
    source: scalar(source, node),
    target: scalar(target ?? source, node),
    permissions: scalar(permissions ?? 'rwm', node),
  });
}

function ports(node: Node, problems: ComposeProblem[]): Node {
  if (node.kind !== 'seq') return node;
  const items: Node[] = [];
  for (const item of node.items) {
    if (item.kind !== 'scalar' || item.value === null) {
      items.push(item);
      continue;
    }
    const parsed = portParts(String(item.value));
    if (typeof parsed === 'string') {
      problems.push({
        kind: 'wrong-type',
        effect: 'refused',
        at: item.at,
        text: parsed,
        remedy: 'write [host:]container[/protocol]',
      });
      continue;
    }
    for (const part of parsed) {
      items.push(
        mapping(item, {
          mode: scalar('ingress', item),
          host_ip: part.hostIp === '' ? undefined : scalar(part.hostIp, item),
          target: scalar(/^\d+$/.test(part.target) ? Number(part.target) : part.target, item),
          published: part.published === '' ? undefined : scalar(part.published, item),
          protocol: scalar(part.protocol, item),
        }),
      );
    }
  }
  return { ...node, items };
}

/** `external: { name: x }`, the old form, as `external: true` and a name. */
function external(node: Node): Node {
  const entry = entriesOf(node).get('external');
  if (node.kind !== 'map' || entry?.value.kind !== 'map') return node;
  const entries = new Map(node.entries);
  entries.set('external', { key: entry.key, value: scalar(true, entry.value) });
  const name = entry.value.entries.get('name');
  if (name !== undefined && !entries.has('name')) entries.set('name', name);
  return { ...node, entries };
}
