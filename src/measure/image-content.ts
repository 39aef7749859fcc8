import type { Layer } from '../engine/engine.ts';
import { secretName, secretsIn } from '../ledger/mask.ts';
import type { ImageConfig } from './image-config.ts';
import { type LayerTree, stackLayers } from './layer-tree.ts';
import { measured, notMeasured, type Row } from './row.ts';

/** What a layer's file says about secrets: the argument of `Engine.layers`. Only kinds and paths, never values. */
export function searchFile(path: string, content: Uint8Array): readonly string[] {
  if (content.includes(0)) return [];
  const said = secretsIn(new TextDecoder('latin1').decode(content)).map((kind) => `${kind} in /${path}`);
  if (/(^|\/)\.env(\.(local|production|development|staging))?$/.test(path) && content.length > 0) {
    said.push(...envSecrets(new TextDecoder().decode(content)).map((name) => `${name} in /${path}`));
  }
  return said;
}

const placeholderValue =
  /^$|^["']?(change[-_ ]?me|example|placeholder|dummy|test|secret|password|postgres|todo|xxx+|your[-_ ].*|<.*>|\$.*)["']?$/i;

function envSecrets(text: string): string[] {
  return text.split(/\r?\n/).flatMap((line) => {
    const found = /^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=\s*(.*?)\s*$/.exec(line);
    const [, name = '', value = ''] = found ?? [];
    return secretName.test(name) && !placeholderValue.test(value) ? [name] : [];
  });
}

/** Rows that follow from an image's layers and configuration. Pure.
 * @param own index of the first layer that is not the base's; undefined when the base is not known */
export function imageContent(config: ImageConfig, layers: readonly Layer[], own: number | undefined): Row[] {
  const tree = stackLayers(layers);
  const unpacked = layers.reduce((sum, layer) => sum + layer.bytes, 0);
  const compressed = layers.map((layer) => layer.compressed);
  const rows = [
    measured('image.size.unpacked', unpacked, `the files of ${layers.length} layers`),
    measured(
      'image.layers',
      layers.length,
      own === undefined ? 'of a base that is not known' : `${own} of them from the base`,
    ),
    wasted(tree, layers, own ?? 0),
    secrets(config, layers, own ?? 0),
    tools(tree, own),
    setuid(tree, own),
  ];
  if (compressed.every((size) => size !== undefined)) {
    const sum = compressed.reduce((total: number, size) => total + (size ?? 0), 0);
    rows.push(measured('image.size.compressed', sum, 'every layer as gzip level 6, as a registry stores it'));
  }
  if (own !== undefined) {
    const added = layers.slice(own).reduce((sum, layer) => sum + layer.bytes, 0);
    rows.push(
      measured('image.size.overBase', added, `the files of the ${layers.length - own} layers on top of the base`),
    );
  }
  return rows;
}

function wasted(tree: LayerTree, layers: readonly Layer[], own: number): Row {
  const total = (files: typeof tree.wasted): number => files.reduce((sum, file) => sum + file.bytes, 0);
  // What the base's layers hide of each other, nobody who builds on it can mend.
  const ours = tree.wasted.filter((file) => file.by >= own);
  const worst = [...ours].sort((a, b) => b.bytes - a.bytes).slice(0, 3);
  const named = worst.map((file) => `/${file.path} (${file.bytes} bytes)`).join(', ');
  const ofBase = total(ours.filter((file) => file.layer < own));
  const within = total(tree.wasted.filter((file) => file.by < own));
  const text = [
    layers.length === 0 ? 'no layers' : named === '' ? 'nothing by the layers of the build' : `most: ${named}`,
    ...(ofBase > 0 ? [`${ofBase} bytes of it are files of the base`] : []),
    ...(within > 0 ? [`the base's own layers waste another ${within}`] : []),
  ];
  return measured('image.wasted', total(ours), text.join('; '));
}

function secrets(config: ImageConfig, layers: readonly Layer[], own: number): Row {
  const inLayers = layers.slice(own).flatMap((layer) => layer.said);
  const inEnv = config.env.flatMap((pair) => {
    const equals = pair.indexOf('=');
    const [name, value] = [pair.slice(0, equals), pair.slice(equals + 1)];
    const named = secretName.test(name) && !placeholderValue.test(value) && !publicNames.test(name);
    return named || secretsIn(value).length > 0 ? [`${name} in the environment`] : [];
  });
  const inHistory = config.history.flatMap((line) => {
    const shaped = secretsIn(line);
    const given = [...line.matchAll(/(?:^|[\s|])([A-Za-z_]\w*)=([^\s]+)/g)].flatMap(([, name = '', value = '']) =>
      secretName.test(name) && !placeholderValue.test(value) && !publicNames.test(name) ? [name] : [],
    );
    return [...shaped, ...given].map((kind) => `${kind} in the history`);
  });
  const found = [...new Set([...inLayers, ...inEnv, ...inHistory])];
  const text = found.length === 0 ? 'none found by name or shape' : `${found.slice(0, 5).join(', ')}${more(found, 5)}`;
  return measured('image.secrets', found.length, text);
}

/** Base images carry public signing keys' fingerprints; `VITE_` and the like are public by design. */
const publicNames =
  /^(GPG_KEY|GPG_KEYS|VITE_|NEXT_PUBLIC_|REACT_APP_|PUBLIC_|.*PUBLIC_KEY$|.*_KEY_?ID$|.*_KEY_FILE$|.*_FILE$)/;

const binFolders = /^(usr\/)?(local\/)?s?bin\/|^opt\/[^/]+\/bin\/|^root\/\.(local|cargo)\/bin\/|^app\/\.venv\/bin\//;
const toolNames =
  /^(gcc|g\+\+|cc|c\+\+|clang|make|cmake|ld|as|go|rustc|cargo|javac|git|apt|apt-get|dpkg|apk|pip|pip3|uv|poetry|pipenv|npm|npx|yarn|pnpm|corepack|gem|bundle|composer)$/;

function tools(tree: LayerTree, own: number | undefined): Row {
  const found = new Map<string, number>();
  for (const [path, entry] of tree.files) {
    const name = path.slice(path.lastIndexOf('/') + 1);
    if (entry.type !== 'directory' && binFolders.test(path) && toolNames.test(name)) found.set(name, entry.layer);
  }
  return apart('image.tools', found, own);
}

function setuid(tree: LayerTree, own: number | undefined): Row {
  const found = new Map(
    [...tree.files].flatMap(([path, entry]) =>
      entry.type === 'file' && (entry.mode & 0o6000) !== 0 ? [[`/${path}`, entry.layer] as const] : [],
    ),
  );
  return apart('image.setuid', found, own);
}

/** Counts what the layers of the build brought; what the base has is told beside it and held against nobody.
 * @param found names and the layers that hold them */
function apart(measure: string, found: ReadonlyMap<string, number>, own: number | undefined): Row {
  const names = [...found.keys()].sort();
  const listed = (some: readonly string[]): string => `${some.slice(0, 6).join(', ')}${more(some, 6)}`;
  if (own === undefined && names.length > 0) {
    return notMeasured(measure, `the base is not known, so it cannot be told who brought ${listed(names)}`);
  }
  const added = names.filter((name) => (found.get(name) ?? 0) >= (own ?? 0));
  const base = names.filter((name) => !added.includes(name));
  const text = [
    added.length === 0 ? 'none' : listed(added),
    ...(base.length === 0 ? [] : [`the base has ${listed(base)}`]),
  ];
  return measured(measure, added.length, text.join('; '));
}

function more(list: readonly unknown[], shown: number): string {
  return list.length > shown ? ` and ${list.length - shown} more` : '';
}

/** What differs between two builds of the same image: paths whose content, kind or rights differ; and whether the layers are
 * the same bytes. */
export function compareBuilds(
  first: readonly Layer[],
  second: readonly Layer[],
): { equal: boolean; differing: string[] } {
  const equal = first.length === second.length && first.every((layer, i) => layer.diffId === second[i]?.diffId);
  if (equal) return { equal, differing: [] };
  const [a, b] = [stackLayers(first).files, stackLayers(second).files];
  const differing = new Set<string>();
  for (const [path, entry] of a) {
    const other = b.get(path);
    const same =
      other !== undefined &&
      entry.type === other.type &&
      entry.mode === other.mode &&
      entry.uid === other.uid &&
      entry.gid === other.gid &&
      entry.digest === other.digest &&
      entry.link === other.link;
    if (!same) differing.add(path);
  }
  for (const path of b.keys()) if (!a.has(path)) differing.add(path);
  return { equal, differing: [...differing].sort() };
}
