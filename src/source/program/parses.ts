import { keptWork } from '../../text/kept.ts';
import type { Tree } from './ir.ts';

type Parse = (text: string, path: string) => Tree;

/** Trees of texts that were parsed already, for all programs that read the same repository: services share their code. */
export class Parses {
  readonly #byKind = new Map<string, Map<string, Tree>>();

  /** The tree of a text; files of one extension are parsed alike. */
  of(text: string, path: string, parse: Parse): Tree {
    const kind = path.slice(path.lastIndexOf('.'));
    let trees = this.#byKind.get(kind);
    if (!trees) {
      trees = new Map();
      this.#byKind.set(kind, trees);
    }
    let tree = trees.get(text);
    if (!tree) {
      tree = parsedBefore(text, path, kind, parse);
      trees.set(text, tree);
    }
    return tree;
  }
}

/** Reading a program takes many times as long as decoding its tree, so trees are kept between runs. */
function parsedBefore(text: string, path: string, kind: string, parse: Parse): Tree {
  const work = keptWork();
  if (!work) return parse(text, path);
  const name = `tree ${kind} ${work.digest(text)}`;
  const kept = work.find(name) as Tree | undefined;
  if (kept) return kept;
  const tree = parse(text, path);
  work.keep(name, () => tree);
  return tree;
}
