import type { Layer, LayerEntry } from '../engine/engine.ts';

/** The files that a container sees, and what the layers below hide. */
export interface LayerTree {
  readonly files: ReadonlyMap<string, LayerEntry & { readonly layer: number }>;
  /** Bytes of files that a later layer deleted or wrote again: `layer` holds them, `by` hides them. */
  readonly wasted: readonly {
    readonly path: string;
    readonly bytes: number;
    readonly layer: number;
    readonly by: number;
  }[];
}

/** Lays layers over each other as OCI image layers say: `.wh.NAME` deletes, `.wh..wh..opq` empties a folder. */
export function stackLayers(layers: readonly Layer[]): LayerTree {
  const files = new Map<string, LayerEntry & { layer: number }>();
  const wasted: { path: string; bytes: number; layer: number; by: number }[] = [];
  // Paths below each folder, so that deleting one does not search the whole image.
  const children = new Map<string, Set<string>>();
  const drop = (path: string, below: number): void => {
    const entry = files.get(path);
    if (entry !== undefined && entry.layer < below) {
      files.delete(path);
      if (entry.type === 'file' && entry.size > 0)
        wasted.push({ path, bytes: entry.size, layer: entry.layer, by: below });
    }
    for (const child of children.get(path) ?? []) drop(child, below);
  };
  layers.forEach((layer, index) => {
    for (const entry of layer.entries) {
      const { folder, name } = split(entry.path);
      if (name === '.wh..wh..opq') for (const child of children.get(folder) ?? []) drop(child, index);
      else if (name.startsWith('.wh.')) drop(join(folder, name.slice(4)), index);
      else {
        const before = files.get(entry.path);
        if (before !== undefined && before.layer < index && before.type === 'file' && before.size > 0) {
          wasted.push({ path: entry.path, bytes: before.size, layer: before.layer, by: index });
        }
        // A file in place of a folder hides all that was below it.
        if (entry.type !== 'directory') for (const child of children.get(entry.path) ?? []) drop(child, index);
        files.set(entry.path, { ...entry, layer: index });
        link(children, entry.path);
      }
    }
  });
  return { files, wasted };
}

function link(children: Map<string, Set<string>>, path: string): void {
  let at = path;
  while (at !== '') {
    const { folder } = split(at);
    const set = children.get(folder) ?? new Set();
    if (set.has(at)) return;
    set.add(at);
    children.set(folder, set);
    at = folder;
  }
}

function split(path: string): { folder: string; name: string } {
  const slash = path.lastIndexOf('/');
  return slash === -1 ? { folder: '', name: path } : { folder: path.slice(0, slash), name: path.slice(slash + 1) };
}

function join(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}
