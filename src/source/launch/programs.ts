import { NodeApplication } from '../node/application.ts';
import { aliasesOf } from '../node/built.ts';
import type { Parses } from '../program/parses.ts';
import { PythonApplication } from '../python/application.ts';
import type { SourceTree } from '../source-tree.ts';

/** The programs of one process by what names mean in them: launch, routes and environment are read from one and the same. */
export class Programs {
  readonly tree: SourceTree;
  readonly installed: ReadonlySet<string>;
  readonly parses: Parses;
  readonly #python = new Map<string, PythonApplication>();
  readonly #node = new Map<string, NodeApplication>();

  constructor(tree: SourceTree, installed: ReadonlySet<string>, parses: Parses) {
    this.tree = tree;
    this.installed = installed;
    this.parses = parses;
  }

  /** For another command of the same line: what its code passes to functions says nothing of this process. */
  apart(): Programs {
    return new Programs(this.tree, this.installed, this.parses);
  }

  python(roots: readonly string[]): PythonApplication {
    const key = roots.join('\n');
    let found = this.#python.get(key);
    if (!found) {
      found = new PythonApplication(this.tree, { roots }, this.installed, this.parses);
      this.#python.set(key, found);
    }
    return found;
  }

  /** `folder`: the one with the package.json whose aliases hold. */
  node(folder: string): NodeApplication {
    let found = this.#node.get(folder);
    if (!found) {
      found = new NodeApplication(this.tree, aliasesOf(this.tree, folder), this.parses);
      this.#node.set(folder, found);
    }
    return found;
  }
}
