import type { Place } from '../text/place.ts';
import { EMPTY, type FileRequest, type LoadState, loadFile, MAX_DEPTH, servicesOf } from './loader.ts';
import { merge } from './merge.ts';
import { at, type Entry, type Mapping, type Node, textOf, withBase, withEntries } from './node.ts';
import { folderOf, joinRepoPath } from './repo-path.ts';
import { dropResets } from './reset.ts';
import { displayText, hasUnknown } from './unknown-text.ts';

interface Context {
  readonly state: LoadState;
  readonly request: FileRequest;
  readonly resets: readonly (readonly string[])[];
}

/** Merges every service with the one that it `extends`. */
export function applyExtends(
  state: LoadState,
  request: FileRequest,
  tree: Mapping,
  resets: readonly (readonly string[])[],
): Mapping {
  const entry = tree.entries.get('services');
  if (entry === undefined || entry.value.kind !== 'map') return tree;
  const services = new Map(entry.value.entries);
  const context: Context = { state, request, resets };
  for (const [name, service] of services) {
    const merged = extended(context, name, services, request.file, []);
    if (merged !== undefined) services.set(name, { key: service.key, value: merged });
  }
  return withEntries(tree, new Map([['services', { key: entry.key, value: { ...entry.value, entries: services } }]]));
}

function extended(
  context: Context,
  name: string,
  services: ReadonlyMap<string, Entry>,
  file: string,
  chain: readonly string[],
): Node | undefined {
  const service = services.get(name)?.value;
  const extend = at(service, 'extends');
  if (service?.kind !== 'map' || extend === undefined) return service;
  const plain = withEntries(service, new Map([['extends', undefined]]));
  const wanted = textOf(extend) ?? textOf(at(extend, 'service'));
  if (wanted === undefined) {
    report(context, extend.at, 'extends names no service', name);
    return plain;
  }
  const step = `${file}#${name}`;
  if (chain.includes(step) || chain.length > MAX_DEPTH) {
    report(context, extend.at, `${name} extends itself`, name);
    return plain;
  }
  const fileNode = at(extend, 'file');
  const target = fileNode === undefined ? { services, file } : fromFile(context, fileNode, name);
  if (target === undefined) return plain;
  if (!target.services.has(wanted)) {
    report(context, extend.at, `cannot extend ${wanted}: no such service in ${target.file}`, name);
    return plain;
  }
  const base = extended(context, wanted, target.services, target.file, [...chain, step]);
  if (base?.kind !== 'map') return plain;
  // What the extending service tags !reset is dropped from the base.
  const wrapped = dropResets(underServices(name, base), context.resets);
  const kept = at(wrapped, 'services', name);
  if (kept === undefined) return plain;
  const merged = merge(kept, plain, ['services', 'x'], context.state.problems);
  return merged.kind === 'map' ? { ...merged, at: service.at } : plain;
}

function underServices(name: string, service: Mapping): Mapping {
  const inner: Mapping = { ...EMPTY, entries: new Map([[name, { key: service.at, value: service }]]) };
  return { ...EMPTY, entries: new Map([['services', { key: service.at, value: inner }]]) };
}

function fromFile(
  context: Context,
  fileNode: Node,
  service: string,
): { services: ReadonlyMap<string, Entry>; file: string } | undefined {
  const written = textOf(fileNode);
  const path =
    written === undefined || hasUnknown(written) || isRemote(written)
      ? undefined
      : joinRepoPath(fileNode.base ?? context.request.projectDirectory, written);
  if (path === undefined) {
    context.state.gap(fileNode.at, `${service} extends a file that cannot be known: ${displayText(written ?? '')}`);
    return undefined;
  }
  const request: FileRequest = { ...context.request, file: path, at: fileNode.at, plain: true };
  const before = context.state.gaps.length;
  const tree = loadFile(context.state, request, EMPTY);
  if (context.state.gaps.length > before && tree.entries.size === 0) return undefined;
  return { services: servicesOf(withBase(tree, folderOf(path))), file: path };
}

export function isRemote(path: string): boolean {
  return /^(?:[a-z+]+:\/\/|oci:|git@|github\.com\/)/.test(path);
}

function report(context: Context, place: Place, text: string, service: string): void {
  context.state.problems.push({ kind: 'extends', effect: 'refused', at: place, text, service });
  context.state.gap(place, text);
}
