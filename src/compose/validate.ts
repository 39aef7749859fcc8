import type { Place } from '../text/place.ts';
import { nearest } from './nearest.ts';
import type { Mapping, Node } from './node.ts';
import type { ComposeProblem } from './problem.ts';
import { COMPOSE_SCHEMA } from './schema.generated.ts';
import { durationSeconds } from './units.ts';
import { hasUnknown } from './unknown-text.ts';

/** The words of JSON Schema that the official schema uses. */
interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly patternProperties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema;
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly format?: string;
  readonly required?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly uniqueItems?: boolean;
}

interface Fault {
  readonly depth: number;
  readonly kind: 'wrong-type' | 'unknown-key';
  readonly at: Place;
  readonly path: readonly string[];
  readonly text: string;
  readonly remedy?: string;
}

let parsed: (Schema & { readonly definitions: Readonly<Record<string, Schema>> }) | undefined;
const patterns = new Map<string, RegExp>();

/** Checks a compose file against the official schema. One problem for each wrong value, with what would be valid. */
export function validate(tree: Mapping, problems: ComposeProblem[]): void {
  parsed ??= JSON.parse(COMPOSE_SCHEMA) as typeof parsed;
  if (parsed === undefined) return;
  for (const fault of check(tree, parsed, [])) {
    const service = fault.path[0] === 'services' ? fault.path[1] : undefined;
    problems.push({
      kind: fault.kind,
      effect: 'refused',
      at: fault.at,
      text: `${fault.path.join('.')} ${fault.text}`.trim(),
      ...(fault.remedy === undefined ? {} : { remedy: fault.remedy }),
      ...(service === undefined ? {} : { service }),
    });
  }
}

function check(node: Node, schema: Schema, path: readonly string[]): readonly Fault[] {
  if (schema.$ref !== undefined) {
    const target = parsed?.definitions[schema.$ref.slice(schema.$ref.lastIndexOf('/') + 1)];
    return target === undefined ? [] : check(node, target, path);
  }
  // A text with unknown parts may turn out to be anything that a text can be cast to.
  if (node.kind === 'scalar' && typeof node.value === 'string' && hasUnknown(node.value)) return [];
  const choices = schema.oneOf ?? schema.anyOf;
  if (choices !== undefined) {
    const results = choices.map((choice) => check(node, choice, path));
    if (results.some((faults) => faults.length === 0)) return [];
    return mostSpecific(results, node, path, choices);
  }
  const fault = (text: string, kind: Fault['kind'] = 'wrong-type'): Fault => ({
    depth: path.length,
    kind,
    at: node.at,
    path,
    text,
  });
  if (schema.type !== undefined && !hasType(node, schema.type)) return [fault(`must be ${typeNames(schema.type)}`)];
  const faults: Fault[] = [];
  if (node.kind === 'scalar') {
    const value = node.value;
    if (schema.enum !== undefined && !schema.enum.includes(value))
      faults.push(fault(`must be one of ${schema.enum.join(', ')}`));
    if (schema.pattern !== undefined && typeof value === 'string' && !regex(schema.pattern).test(value))
      faults.push(fault(`must fit ${schema.pattern}`));
    if (schema.format === 'duration' && typeof value === 'string' && durationSeconds(value) === undefined) {
      faults.push(fault(`must be a duration such as 30s or 1m30s, not ${JSON.stringify(value)}`));
    }
    if (typeof value === 'number' && schema.minimum !== undefined && value < schema.minimum)
      faults.push(fault(`must be at least ${schema.minimum}`));
    if (typeof value === 'number' && schema.maximum !== undefined && value > schema.maximum)
      faults.push(fault(`must be at most ${schema.maximum}`));
  } else if (node.kind === 'seq') {
    const { items } = schema;
    for (const [index, item] of node.items.entries()) {
      if (items !== undefined) faults.push(...check(item, items, [...path, String(index)]));
    }
    if (schema.uniqueItems === true) faults.push(...repeated(node.items, path));
  } else faults.push(...checkKeys(node, schema, path));
  return faults;
}

function checkKeys(node: Mapping, schema: Schema, path: readonly string[]): readonly Fault[] {
  const faults: Fault[] = [];
  for (const key of schema.required ?? []) {
    if (!node.entries.has(key))
      faults.push({ depth: path.length, kind: 'wrong-type', at: node.at, path, text: `needs ${key}` });
  }
  for (const [key, entry] of node.entries) {
    const here = [...path, key];
    const own = schema.properties?.[key];
    const fitting = Object.entries(schema.patternProperties ?? {}).filter(([pattern]) => regex(pattern).test(key));
    if (own !== undefined) faults.push(...check(entry.value, own, here));
    for (const [, inner] of fitting) faults.push(...check(entry.value, inner, here));
    if (own !== undefined || fitting.length > 0) continue;
    if (typeof schema.additionalProperties === 'object')
      faults.push(...check(entry.value, schema.additionalProperties, here));
    if (schema.additionalProperties === false) {
      const remedy = nearest(key, Object.keys(schema.properties ?? {}));
      faults.push({
        depth: path.length + 1,
        kind: 'unknown-key',
        at: entry.key,
        path: here,
        text: 'is no key that Compose knows',
        ...(remedy === undefined ? {} : { remedy }),
      });
    }
  }
  return faults;
}

function repeated(items: readonly Node[], path: readonly string[]): readonly Fault[] {
  const seen = new Set<string>();
  return items.flatMap((item, index): Fault[] => {
    if (item.kind !== 'scalar') return [];
    const key = `${typeof item.value}:${String(item.value)}`;
    if (!seen.has(key)) {
      seen.add(key);
      return [];
    }
    return [
      {
        depth: path.length,
        kind: 'wrong-type',
        at: item.at,
        path: [...path, String(index)],
        text: `repeats ${String(item.value)}`,
      },
    ];
  });
}

/** Of the ways that all fail, the one that came furthest says best what is wrong. */
function mostSpecific(
  results: readonly (readonly Fault[])[],
  node: Node,
  path: readonly string[],
  choices: readonly Schema[],
): readonly Fault[] {
  const deepest = (faults: readonly Fault[]) => Math.max(...faults.map((fault) => fault.depth));
  const best = [...results].sort((a, b) => deepest(b) - deepest(a))[0] ?? [];
  if (deepest(best) > path.length) return best;
  const names = [...new Set(choices.flatMap((choice) => typeList(choice)))];
  return [
    {
      depth: path.length,
      kind: 'wrong-type',
      at: node.at,
      path,
      text: names.length === 0 ? 'has no valid value' : `must be ${typeNames(names)}`,
    },
  ];
}

function typeList(schema: Schema): readonly string[] {
  if (schema.$ref !== undefined) {
    const target = parsed?.definitions[schema.$ref.slice(schema.$ref.lastIndexOf('/') + 1)];
    return target === undefined ? [] : typeList(target);
  }
  if (schema.oneOf !== undefined) return schema.oneOf.flatMap(typeList);
  return schema.type === undefined ? [] : typeof schema.type === 'string' ? [schema.type] : schema.type;
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
  object: 'a mapping',
  array: 'a list',
  string: 'a text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  null: 'empty',
};

function typeNames(type: string | readonly string[]): string {
  const names = (typeof type === 'string' ? [type] : type).map((name) => TYPE_NAMES[name] ?? name);
  return names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} or ${names.at(-1) ?? ''}`;
}

function hasType(node: Node, type: string | readonly string[]): boolean {
  return (typeof type === 'string' ? [type] : type).some((name) => {
    if (name === 'object') return node.kind === 'map';
    if (name === 'array') return node.kind === 'seq';
    if (node.kind !== 'scalar') return false;
    if (name === 'null') return node.value === null;
    if (name === 'integer') return typeof node.value === 'number' && Number.isInteger(node.value);
    return typeof node.value === name;
  });
}

function regex(pattern: string): RegExp {
  const known = patterns.get(pattern);
  if (known !== undefined) return known;
  const made = new RegExp(pattern);
  patterns.set(pattern, made);
  return made;
}
