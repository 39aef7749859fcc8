import type { Reason } from '../../facts/fact.ts';
import type { BuildContext } from '../context/build-context.ts';
import { gone } from '../node.ts';
import type { TreeEdit } from '../tree-edit.ts';

/** A path below a copied folder that the ignore file kept out, with why. */
export interface LeftOut {
  readonly path: string;
  readonly because: readonly Reason[];
}

/** Enough to explain what a step misses; a context that leaves out more is explained no further. */
const MOST = 200;

/** What the ignore file keeps out of a folder of the context. */
export function leftOut(context: BuildContext, folder: string): readonly LeftOut[] {
  const top = folder === '' || folder === '.' ? '' : `${folder}/`;
  const found: LeftOut[] = [];
  for (const { path } of context.excluded()) {
    if (!path.startsWith(top)) continue;
    found.push({ path: path.slice(top.length), because: context.lookup(path).because });
    if (found.length >= MOST) break;
  }
  return found;
}

/** Says why a path is absent; what is there or may be there stays as it is. */
export function absentBecause(edit: TreeEdit, path: string, because: readonly Reason[]): void {
  const found = edit.tree.locate(path, false);
  if (found.presence !== 'absent' || found.real !== path || found.depth < path.split('/').length - 2) return;
  edit.put(path, () => gone(edit.clock, [...because, ...found.because].slice(0, 4)));
}
