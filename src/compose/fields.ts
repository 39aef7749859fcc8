import { type Fact, known, type Reason, unknown } from '../facts/fact.ts';
import type { Place } from '../text/place.ts';
import { listForm } from './merge.ts';
import { entriesOf, type Node, scalar } from './node.ts';
import { joinRepoPath } from './repo-path.ts';
import type { ComposePath, Field } from './settings.ts';
import { durationSeconds, sizeBytes } from './units.ts';
import { displayText, textFact } from './unknown-text.ts';

/** Turns a node into a field; `read` gives the value of a known scalar, or undefined when it is of a wrong kind. */
export function fieldOf<T>(
  node: Node,
  label: string,
  read: (value: string | number | boolean) => T | undefined,
): Field<T> {
  return { fact: factOf(node, label, read), at: node.at, replaced: node.replaced ?? [] };
}

export function factOf<T>(
  node: Node,
  label: string,
  read: (value: string | number | boolean) => T | undefined,
): Fact<T> {
  if (node.kind !== 'scalar') return unknown(`${label} is no single value`, reason(node, label));
  if (node.value === null) return unknown(`${label} is empty`, reason(node, label));
  const because = [reason(node, label), ...(node.because ?? [])];
  const whole = typeof node.value === 'string' ? textFact(node.value, because) : known(node.value, ...because);
  if (!whole.known) return whole;
  const value = read(whole.value);
  return value === undefined ? unknown(`${label} has no valid value`, ...because) : known(value, ...because);
}

function reason(node: Node, label: string): Reason {
  const said = node.kind === 'scalar' ? `: ${displayText(String(node.value ?? ''))}` : '';
  const before = node.replaced?.at(-1);
  const tail =
    before === undefined ? '' : ` (replaces ${before.text ?? 'what stands'} at ${before.at.file}:${before.at.line})`;
  return { kind: 'compose', at: node.at, text: `${label}${said}${tail}` };
}

export function text(value: string | number | boolean): string {
  return String(value);
}

export function bool(value: string | number | boolean): boolean | undefined {
  return typeof value === 'boolean' ? value : value === 'true' ? true : value === 'false' ? false : undefined;
}

export function number(value: string | number | boolean): number | undefined {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value)) ? Number(value) : undefined;
}

export function seconds(value: string | number | boolean): number | undefined {
  return typeof value === 'boolean' ? undefined : durationSeconds(String(value));
}

export function bytes(value: string | number | boolean): number | undefined {
  return typeof value === 'boolean' ? undefined : sizeBytes(value);
}

/** A setting of a mapping; absent when it is not there or null. */
export function optional<T>(
  map: Node | undefined,
  key: string,
  read: (value: string | number | boolean) => T | undefined,
  label = key,
): Field<T> | undefined {
  const node = entriesOf(map).get(key)?.value;
  if (node === undefined || (node.kind === 'scalar' && node.value === null)) return undefined;
  return fieldOf(node, label, read);
}

/** The texts of a list (or of a single value). */
export function textList(node: Node | undefined, label: string): readonly Field<string>[] {
  if (node === undefined) return [];
  const items = node.kind === 'seq' ? node.items : node.kind === 'scalar' && node.value !== null ? [node] : [];
  return items.map((item) => fieldOf(item, label, text));
}

export interface Pair {
  readonly name: string;
  /** Undefined: a name without value. */
  readonly value: Node | undefined;
  readonly at: Place;
}

/** `KEY=value` lists and mappings in one form. */
export function pairsOf(node: Node | undefined): readonly Pair[] {
  if (node === undefined) return [];
  if (node.kind === 'map') {
    return [...node.entries].map(([name, entry]) => {
      const empty = entry.value.kind === 'scalar' && entry.value.value === null;
      return { name, value: empty ? undefined : entry.value, at: entry.key };
    });
  }
  return listForm(node).flatMap((item): Pair[] => {
    if (item.kind !== 'scalar' || item.value === null) return [];
    const said = String(item.value);
    const equals = said.indexOf('=');
    if (equals === -1) return [{ name: said, value: undefined, at: item.at }];
    const value = {
      ...scalar(said.slice(equals + 1), item),
      ...(item.replaced === undefined ? {} : { replaced: item.replaced }),
    };
    return [{ name: said.slice(0, equals), value, at: item.at }];
  });
}

export function textMap(node: Node | undefined, label: string): ReadonlyMap<string, Field<string>> {
  const out = new Map<string, Field<string>>();
  for (const pair of pairsOf(node)) {
    const value = pair.value ?? { kind: 'scalar' as const, value: '', at: pair.at };
    out.set(pair.name, fieldOf(value, `${label} ${pair.name}`, text));
  }
  return out;
}

/** A path as written and, where it is inside the repository, resolved. */
export function pathField(node: Node, label: string, projectDirectory: string): Field<ComposePath> {
  return fieldOf(node, label, (value) => composePath(String(value), node.base ?? projectDirectory));
}

export function composePath(written: string, folder: string): ComposePath {
  const path = joinRepoPath(folder, written);
  return path === undefined ? { written } : { written, path };
}
