import type { Reason } from '../facts/fact.ts';
import type { Repo } from '../repo/repo.ts';
import { linePlace, type Place } from '../text/place.ts';
import { canonical } from './canonical.ts';
import { interpolateTree } from './cast.ts';
import type { ComposeEnvironment } from './environment.ts';
import { applyExtends } from './extends.ts';
import { applyIncludes } from './include.ts';
import { merge } from './merge.ts';
import { entriesOf, isNull, type Mapping, type Node } from './node.ts';
import type { ComposeProblem } from './problem.ts';
import type { YamlFile } from './read-yaml.ts';
import { yamlOf } from './repo-yaml.ts';
import { dropResets } from './reset.ts';
import { enforceUnique } from './unique.ts';
import { validate } from './validate.ts';

/** How deep `include` and `extends` may nest before Plimsoll stops. */
export const MAX_DEPTH = 50;

/** What one load shares: the repository, what was read, what went wrong. */
export class LoadState {
  readonly repo: Repo;
  readonly problems: ComposeProblem[] = [];
  /** Files that took part, in the order they were read. */
  readonly files = new Set<string>();
  /** Why something may be missing from the model. */
  readonly gaps: Reason[] = [];
  readonly #taken = new Set<string>();

  constructor(repo: Repo) {
    this.repo = repo;
  }

  read(file: string): YamlFile | undefined {
    const read = yamlOf(this.repo, file);
    if (read === undefined || this.#taken.has(file)) return read;
    this.#taken.add(file);
    this.files.add(file);
    this.problems.push(...read.problems);
    if (!read.complete) this.gap(read.problems[0]?.at ?? linePlace(file, 1), `${file} could not be read as a whole`);
    return read;
  }

  gap(at: Place, text: string): void {
    this.gaps.push({ kind: 'compose', at, text });
  }
}

export interface FileRequest {
  readonly file: string;
  /** Who asked for it; the file itself when the caller did. */
  readonly at: Place;
  readonly environment: ComposeEnvironment;
  /** Folder that relative paths start from. */
  readonly projectDirectory: string;
  /** Files that led here, to find cycles. */
  readonly chain: readonly string[];
  /** A file that `extends` reads gives services as they stand. */
  readonly plain?: true;
}

export const EMPTY: Mapping = { kind: 'map', at: linePlace('', 1), entries: new Map() };

/** Merges one file (each of its documents) into what was read before, in the order of Compose's own loader. */
export function loadFile(state: LoadState, request: FileRequest, before: Mapping): Mapping {
  const yaml = state.read(request.file);
  if (yaml === undefined) {
    const entry = state.repo.entry(request.file);
    const kind = entry === undefined ? 'missing-file' : 'unreadable-file';
    const text = entry === undefined ? `${request.file} does not exist` : `${request.file} cannot be read as text`;
    state.problems.push({ kind, effect: 'refused', at: request.at, text });
    state.gap(request.at, text);
    return before;
  }
  let merged = before;
  for (const document of yaml.documents) {
    if (document.root.kind !== 'map') {
      if (!isNull(document.root)) {
        state.problems.push({
          kind: 'wrong-type',
          effect: 'refused',
          at: document.root.at,
          text: 'a compose file must be a mapping at its top',
        });
        state.gap(document.root.at, `${request.file} holds no mapping`);
      }
      continue;
    }
    let own = interpolateTree(document.root, [], request.environment, state.problems) as Mapping;
    if (request.plain === undefined) {
      own = applyExtends(state, request, own, document.resets);
      merged = dropResets(merged, document.resets);
      own = applyIncludes(state, request, own);
    }
    const joined = merged.entries.size === 0 ? own : mergeTop(merged, own, state);
    const unique = enforceUnique(joined, []) as Mapping;
    // Of a file that is not YAML, what is left says nothing about keys and types.
    if (request.plain === undefined && yaml.complete) validate(unique, state.problems);
    merged = enforceUnique(canonical(unique, [], state.problems), []) as Mapping;
  }
  return merged;
}

function mergeTop(before: Mapping, own: Mapping, state: LoadState): Mapping {
  const result = merge(before, own, [], state.problems);
  return result.kind === 'map' ? result : before;
}

/** The service mappings of a tree. */
export function servicesOf(tree: Node): ReadonlyMap<string, { readonly key: Place; readonly value: Node }> {
  const services = entriesOf(tree).get('services')?.value;
  return services === undefined ? new Map() : entriesOf(services);
}
