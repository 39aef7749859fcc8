import type { Tree } from './ir.ts';
import { keptTree } from './kept-trees.ts';

/** Trees of texts that were parsed already, for all programs that read the same repository: services share their code. */
export class Parses {
  readonly #byKind = new Map<string, Map<string, Tree>>();

  /** The tree of a text; files of one extension are parsed alike. */
  of(text: string, path: string, parse: (text: string, path: string) => Tree): Tree {
    const kind = path.slice(path.lastIndexOf('.'));
    let trees = this.#byKind.get(kind);
    if (!trees) {
      trees = new Map();
      this.#byKind.set(kind, trees);
    }
    let tree = trees.get(text);
    if (!tree) {
      tree = keptTree(kind, text, () => parse(text, path));
      trees.set(text, tree);
    }
    return tree;
  }
}
