import type { Tree } from './ir.ts';

/** Trees of files as they were read in an earlier run, found by content. */
export interface TreeStore {
  /** @param kind The extension of the file, with its dot: files of one kind are read alike. */
  find(kind: string, text: string): Tree | undefined;
  keep(kind: string, text: string, tree: Tree): void;
}

let store: TreeStore | undefined;

/** Says where trees are kept between runs; undefined: nowhere. Reading a program takes many times as long as reading its tree. */
export function keepTreesIn(given: TreeStore | undefined): void {
  store = given;
}

/** The tree of a text, read now or in an earlier run. */
export function keptTree(kind: string, text: string, read: () => Tree): Tree {
  const kept = store?.find(kind, text);
  if (kept) return kept;
  const tree = read();
  store?.keep(kind, text, tree);
  return tree;
}
