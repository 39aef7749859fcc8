import { isAlias, isMap, isScalar, isSeq, parseAllDocuments, type Node as YamlNode } from 'yaml';
import { LineIndex } from '../text/line-index.ts';
import type { Place } from '../text/place.ts';
import type { Entry, Node } from './node.ts';
import { plainScalar } from './plain-scalar.ts';
import type { ComposeProblem } from './problem.ts';
import { maskColonsInVariables } from './unquoted-variables.ts';

/** One document of a compose file. */
export interface YamlDocument {
  readonly root: Node;
  /** Paths tagged `!reset` or `!override`: what earlier files say there is dropped before merging. */
  readonly resets: readonly (readonly string[])[];
}

export interface YamlFile {
  readonly file: string;
  readonly documents: readonly YamlDocument[];
  readonly problems: readonly ComposeProblem[];
  /** False when a part of the file could not be understood: what is not there may still be meant to be. */
  readonly complete: boolean;
}

/** Nodes that aliases may add up to; a "billion laughs" file stops here. */
const MAX_NODES = 200_000;

/** Reads YAML as Compose's parser does, keeping places. Never throws: broken files give what could be understood, and problems. */
export function readYaml(file: string, source: string): YamlFile {
  const masked = maskColonsInVariables(file, source);
  const text = masked.text;
  const lines = new LineIndex(text);
  const problems: ComposeProblem[] = [...masked.problems];
  const documents: YamlDocument[] = [];
  let complete = true;
  const parsed = parseAllDocuments(text, {
    schema: 'failsafe',
    merge: false,
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'silent',
  });
  for (const doc of Array.isArray(parsed) ? parsed : []) {
    const [first] = doc.errors;
    if (first !== undefined) {
      complete = false;
      const [start, end] = first.pos;
      const at = lines.place(file, { start, end: Math.max(start, end) });
      // The parser gives up where its stack ends: that says nothing about what Compose makes of the file.
      problems.push(
        /call stack/.test(first.message)
          ? { kind: 'too-large', effect: 'refused', at, text: 'nested more deeply than Plimsoll reads' }
          : { kind: 'not-yaml', effect: 'refused', at, text: `not valid YAML: ${first.message}` },
      );
    }
    if (doc.contents === null) continue;
    const reader = new DocumentReader(file, lines);
    const root = reader.node(doc.contents as YamlNode, []);
    problems.push(...reader.problems);
    if (reader.cut) complete = false;
    documents.push({ root, resets: reader.resets });
  }
  return { file, documents, problems, complete };
}

class DocumentReader {
  readonly problems: ComposeProblem[] = [];
  readonly resets: (readonly string[])[] = [];
  readonly #anchors = new Map<string, YamlNode>();
  readonly #open = new Set<YamlNode>();
  readonly #file: string;
  readonly #lines: LineIndex;
  #count = 0;
  cut = false;

  constructor(file: string, lines: LineIndex) {
    this.#file = file;
    this.#lines = lines;
  }

  node(yaml: YamlNode | null, path: readonly string[], fallback?: Place): Node {
    if (yaml === null)
      return { kind: 'scalar', value: null, at: fallback ?? this.#lines.place(this.#file, { start: 0, end: 0 }) };
    const at = this.#place(yaml);
    if (++this.#count > MAX_NODES) {
      if (!this.cut)
        this.#problem('too-large', at, 'the aliases of this file expand to more values than Plimsoll reads');
      this.cut = true;
      return { kind: 'scalar', value: null, at };
    }
    if (isAlias(yaml)) return this.#alias(yaml.source, path, at);
    if ('anchor' in yaml && yaml.anchor !== undefined) this.#anchors.set(yaml.anchor, yaml);
    if (yaml.tag === '!reset' || yaml.tag === '!override') this.resets.push(path);
    if (yaml.tag === '!reset') return { kind: 'scalar', value: null, at, template: '!reset' };
    if (isScalar(yaml)) {
      const text = String(yaml.value ?? '');
      const plain = yaml.type === 'PLAIN' && (yaml.tag === undefined || yaml.tag === '!override');
      return { kind: 'scalar', value: plain ? plainScalar(text) : text, at };
    }
    if (isSeq(yaml)) {
      const items = yaml.items.map((item, index) => this.node(item as YamlNode, [...path, String(index)], at));
      return { kind: 'seq', items, at };
    }
    if (isMap(yaml)) return this.#map(yaml, path, at);
    return { kind: 'scalar', value: null, at };
  }

  #alias(name: string, path: readonly string[], at: Place): Node {
    const target = this.#anchors.get(name);
    if (target === undefined || this.#open.has(target)) {
      this.#problem(
        'not-yaml',
        at,
        target === undefined ? `no anchor &${name} stands before this alias` : `the anchor &${name} contains itself`,
      );
      this.cut = true;
      return { kind: 'scalar', value: null, at };
    }
    return this.node(target, path);
  }

  #map(yaml: YamlNode & { items: { key: unknown; value: unknown }[] }, path: readonly string[], at: Place): Node {
    this.#open.add(yaml);
    const entries = new Map<string, Entry>();
    const merged: Node[] = [];
    for (const pair of yaml.items) {
      const keyNode = this.#keyNode(pair.key as YamlNode | null);
      if (keyNode === undefined) continue;
      const { name, place } = keyNode;
      // `!!merge <<`, as some tools print it, becomes the sign of YAML's merge key.
      if (name === '<<' || name === 'Symbol(<<)') {
        merged.push(this.node(pair.value as YamlNode | null, path, place));
        continue;
      }
      const value = this.node(pair.value as YamlNode | null, [...path, name], place);
      const earlier = entries.get(name);
      if (earlier !== undefined) {
        this.problems.push({
          kind: 'duplicate-key',
          effect: 'refused',
          at: place,
          text: `${name} is already defined at line ${earlier.key.line}`,
          remedy: 'keep one of the two',
        });
      }
      if (!(value.kind === 'scalar' && value.template === '!reset')) entries.set(name, { key: place, value });
    }
    this.#open.delete(yaml);
    for (const source of merged) this.#mergeKey(source, entries);
    return { kind: 'map', entries, at };
  }

  /** Keys of the map itself win over merged ones; of several merged maps the first wins. */
  #mergeKey(source: Node, entries: Map<string, Entry>): void {
    if (source.kind === 'map') {
      for (const [key, entry] of source.entries) if (!entries.has(key)) entries.set(key, entry);
    } else if (source.kind === 'seq') {
      for (const item of source.items) this.#mergeKey(item, entries);
    } else this.#problem('not-yaml', source.at, 'a merge key (<<) needs a mapping or a list of mappings');
  }

  #keyNode(key: YamlNode | null): { name: string; place: Place } | undefined {
    if (key === null) return undefined;
    const place = this.#place(key);
    const target = isAlias(key) ? this.#anchors.get(key.source) : key;
    if (target === undefined || !isScalar(target)) {
      this.#problem('wrong-type', place, 'a key must be a plain text');
      return undefined;
    }
    if (target.anchor !== undefined) this.#anchors.set(target.anchor, target);
    return { name: String(target.value ?? ''), place };
  }

  #place(yaml: YamlNode): Place {
    const [start, end] = yaml.range ?? [0, 0];
    return this.#lines.place(this.#file, { start, end: Math.max(start, end) });
  }

  #problem(kind: ComposeProblem['kind'], at: Place, text: string): void {
    this.problems.push({ kind, effect: 'refused', at, text });
  }
}
