import { LineIndex } from '../text/line-index.ts';
import type { Place } from '../text/place.ts';
import { readHcl } from './hcl.ts';
import type { HclBlock, HclExpression } from './hcl-tree.ts';
import { evaluate, type HclScope, type HclValue } from './hcl-value.ts';

/** A target of a bake file with what it inherits. */
export interface BakeTarget {
  readonly name: string;
  readonly at: Place;
  readonly values: ReadonlyMap<string, HclValue>;
}

export interface BakeFile {
  readonly targets: readonly BakeTarget[];
  readonly groups: ReadonlyMap<string, readonly string[]>;
}

interface RawTarget {
  readonly names: readonly string[];
  readonly at: Place;
  readonly values: ReadonlyMap<string, HclValue>;
}

/** Reads bake files (HCL or JSON) together, as `buildx bake -f a -f b` does: later ones win attribute by attribute. */
export function readBakeFiles(files: readonly { readonly file: string; readonly text: string }[]): BakeFile {
  const raw = new Map<string, { at: Place; values: Map<string, HclValue> }>();
  const groups = new Map<string, readonly string[]>();
  const blocks = files.map(({ file, text }) => ({
    file,
    lines: new LineIndex(text),
    root: file.endsWith('.json') ? jsonBlock(text) : readHcl(text),
  }));
  const scope = new Map<string, HclValue>();
  for (const { root } of blocks) readVariables(root, scope);
  for (const { file, lines, root } of blocks) {
    for (const block of root.blocks) {
      const place = lines.place(file, { start: block.offset, end: block.offset });
      const [label] = block.labels;
      if (block.type === 'group' && label !== undefined)
        groups.set(label, texts(valuesOf(block, scope).get('targets')));
      if (block.type !== 'target' || label === undefined) continue;
      for (const target of matrix(block, label, place, scope)) {
        const [name = label] = target.names;
        const before = raw.get(name);
        if (before === undefined) raw.set(name, { at: target.at, values: new Map(target.values) });
        else for (const [key, value] of target.values) before.values.set(key, merged(before.values.get(key), value));
      }
      if (block.attributes.has('matrix'))
        groups.set(
          label,
          [...raw.keys()].filter((name) => raw.get(name)?.at.line === place.line),
        );
    }
  }
  const targets = [...raw].map(([name, target]) => ({ name, at: target.at, values: inherited(name, raw, []) }));
  return { targets, groups };
}

function merged(before: HclValue, after: HclValue): HclValue {
  const mapping = (value: HclValue): value is { readonly [key: string]: HclValue } =>
    typeof value === 'object' && value !== null && !Array.isArray(value);
  return mapping(before) && mapping(after) ? { ...before, ...after } : after;
}

function readVariables(root: HclBlock, scope: Map<string, HclValue>): void {
  for (const block of root.blocks) {
    const [name] = block.labels;
    if (block.type !== 'variable' || name === undefined) continue;
    const given = block.attributes.get('default');
    scope.set(name, given === undefined ? undefined : evaluate(given.value, scope));
  }
  for (const [name, attribute] of root.attributes) scope.set(name, evaluate(attribute.value, scope));
}

function valuesOf(block: HclBlock, scope: HclScope): Map<string, HclValue> {
  return new Map([...block.attributes].map(([key, attribute]) => [key, evaluate(attribute.value, scope)]));
}

/** One target for each combination of a `matrix`. */
function matrix(block: HclBlock, label: string, at: Place, scope: HclScope): readonly RawTarget[] {
  const axes = block.attributes.get('matrix');
  const table = axes === undefined ? undefined : evaluate(axes.value, scope);
  if (typeof table !== 'object' || table === null || Array.isArray(table))
    return [{ names: [label], at, values: valuesOf(block, scope) }];
  let scopes: Map<string, HclValue>[] = [new Map(scope)];
  for (const [name, values] of Object.entries(table)) {
    const list: readonly HclValue[] = Array.isArray(values) ? values : [undefined];
    scopes = scopes.flatMap((inner) => list.map((value) => new Map(inner).set(name, value))).slice(0, 200);
  }
  return scopes.map((inner, index) => {
    const values = valuesOf(block, inner);
    const name = values.get('name');
    return { names: [typeof name === 'string' ? name : `${label}-${index}`], at, values };
  });
}

function inherited(
  name: string,
  raw: ReadonlyMap<string, { readonly values: ReadonlyMap<string, HclValue> }>,
  chain: readonly string[],
): Map<string, HclValue> {
  const target = raw.get(name);
  const out = new Map<string, HclValue>();
  if (target === undefined || chain.includes(name)) return out;
  for (const parent of texts(target.values.get('inherits'))) {
    for (const [key, value] of inherited(parent, raw, [...chain, name])) out.set(key, merged(out.get(key), value));
  }
  for (const [key, value] of target.values) if (value !== null) out.set(key, merged(out.get(key), value));
  return out;
}

export function texts(value: HclValue): readonly string[] {
  return Array.isArray(value) ? value.flatMap((item) => (typeof item === 'string' ? [item] : [])) : [];
}

/** Names of targets that a list of names stands for: groups are followed. */
export function expandTargets(bake: BakeFile, names: readonly string[]): ReadonlySet<string> {
  const out = new Set<string>();
  const known = new Set(bake.targets.map((target) => target.name));
  const visit = (name: string, chain: readonly string[]): void => {
    const group = bake.groups.get(name);
    if (group !== undefined && !chain.includes(name)) for (const inner of group) visit(inner, [...chain, name]);
    if (known.has(name)) out.add(name);
  };
  for (const name of names) visit(name, []);
  return out;
}

function jsonBlock(text: string): HclBlock {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    parsed = {};
  }
  const blocks: HclBlock[] = [];
  const sections = typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, unknown>) : {};
  for (const type of ['variable', 'group', 'target']) {
    const section = sections[type];
    if (typeof section !== 'object' || section === null) continue;
    for (const [label, body] of Object.entries(section)) {
      const offset = Math.max(0, text.indexOf(`"${label}"`));
      const attributes = new Map(
        Object.entries(typeof body === 'object' && body !== null ? body : {}).map(([key, value]) => [
          key,
          { value: jsonExpression(value), offset },
        ]),
      );
      blocks.push({ type, labels: [label], attributes, blocks: [], offset });
    }
  }
  return { type: '', labels: [], attributes: new Map(), blocks, offset: 0 };
}

function jsonExpression(value: unknown): HclExpression {
  if (Array.isArray(value)) return { kind: 'list', items: value.map(jsonExpression) };
  if (typeof value === 'object' && value !== null) {
    return {
      kind: 'object',
      entries: Object.entries(value).map(
        ([key, inner]) => [{ kind: 'value', value: key }, jsonExpression(inner)] as const,
      ),
    };
  }
  if (typeof value === 'string') {
    const inner = readHcl(
      `v = "${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`,
    ).attributes.get('v');
    return inner?.value ?? { kind: 'opaque' };
  }
  return typeof value === 'number' || typeof value === 'boolean'
    ? { kind: 'value', value }
    : { kind: 'value', value: null };
}
