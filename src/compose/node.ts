import type { Reason } from '../facts/fact.ts';
import type { Place } from '../text/place.ts';

/** What an override took away: where it stood and, for scalars, what it said. */
export interface Replaced {
  readonly at: Place;
  readonly text?: string;
}

interface Common {
  /** The value as written (the file that set it is `at.file`). */
  readonly at: Place;
  /** Earlier values that this one replaced, oldest first. */
  readonly replaced?: readonly Replaced[];
  /** Folder that relative paths of this value start from, when it is not the project directory (`extends`, `include`). */
  readonly base?: string;
}

/** A scalar after interpolation. A string may hold unknown parts: see `unknown-text.ts`. */
export interface Scalar extends Common {
  readonly kind: 'scalar';
  readonly value: string | number | boolean | null;
  /** As written, before interpolation, where interpolation changed it. */
  readonly template?: string;
  /** Where its variables got their values from. */
  readonly because?: readonly Reason[];
}

export interface Entry {
  readonly key: Place;
  readonly value: Node;
}

export interface Mapping extends Common {
  readonly kind: 'map';
  readonly entries: ReadonlyMap<string, Entry>;
}

export interface Sequence extends Common {
  readonly kind: 'seq';
  readonly items: readonly Node[];
}

/** A YAML value with its place. Anchors, aliases and merge keys are resolved; nothing else is lost that a reader could ask for. */
export type Node = Scalar | Mapping | Sequence;

export function scalar(value: Scalar['value'], like: Node): Scalar {
  const because = like.kind === 'scalar' ? like.because : undefined;
  return {
    kind: 'scalar',
    value,
    at: like.at,
    ...(like.base === undefined ? {} : { base: like.base }),
    ...(because === undefined ? {} : { because }),
  };
}

/** The value at a path of keys, or undefined. */
export function at(node: Node | undefined, ...path: readonly string[]): Node | undefined {
  let found = node;
  for (const key of path) found = found?.kind === 'map' ? found.entries.get(key)?.value : undefined;
  return found;
}

export function entriesOf(node: Node | undefined): ReadonlyMap<string, Entry> {
  return node?.kind === 'map' ? node.entries : new Map();
}

export function itemsOf(node: Node | undefined): readonly Node[] {
  return node?.kind === 'seq' ? node.items : [];
}

export function isNull(node: Node | undefined): boolean {
  return node?.kind === 'scalar' && node.value === null;
}

/** The text of a string scalar; undefined for everything else. May hold unknown parts. */
export function textOf(node: Node | undefined): string | undefined {
  return node?.kind === 'scalar' && typeof node.value === 'string' ? node.value : undefined;
}

/** A copy with some entries set. */
export function withEntries(map: Mapping, changes: ReadonlyMap<string, Entry | undefined>): Mapping {
  const entries = new Map(map.entries);
  for (const [key, entry] of changes) {
    if (entry === undefined) entries.delete(key);
    else entries.set(key, entry);
  }
  return { ...map, entries };
}

/** What a later value says about the one it replaces. */
export function replacedBy(earlier: Node): readonly Replaced[] {
  const own: Replaced =
    earlier.kind === 'scalar' ? { at: earlier.at, text: String(earlier.value ?? '') } : { at: earlier.at };
  return [...(earlier.replaced ?? []), own];
}

/** Marks a whole tree as written in another folder; what already has a folder keeps it. */
export function withBase(node: Node, base: string): Node {
  if (node.base !== undefined) return node;
  switch (node.kind) {
    case 'scalar':
      return { ...node, base };
    case 'seq':
      return { ...node, base, items: node.items.map((item) => withBase(item, base)) };
    case 'map':
      return {
        ...node,
        base,
        entries: new Map([...node.entries].map(([key, e]) => [key, { key: e.key, value: withBase(e.value, base) }])),
      };
  }
}
