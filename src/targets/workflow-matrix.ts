import { at, entriesOf, itemsOf, type Node } from '../compose/node.ts';
import type { ExpressionScope } from './workflow-expression.ts';
import { scalarText } from './yaml-file.ts';

const MAX_COMBINATIONS = 100;

/** The combinations of a matrix with their `include`s; one empty row without a matrix. */
export function matrixRows(matrix: Node | undefined): readonly ExpressionScope[] {
  let rows: Map<string, string>[] = [new Map()];
  for (const [name, entry] of entriesOf(matrix)) {
    if (name === 'include' || name === 'exclude' || entry.value.kind !== 'seq') continue;
    const values = entry.value.items.map((item) => flatten(`matrix.${name}`, item));
    rows = rows.flatMap((row) => values.map((value) => new Map([...row, ...value]))).slice(0, MAX_COMBINATIONS);
  }
  const axes = rows[0]?.size ?? 0;
  const extra: Map<string, string>[] = [];
  for (const item of itemsOf(at(matrix, 'include'))) {
    const values = flatten('matrix', item);
    // An include that agrees with a row adds to it; one that fits none is a row of its own.
    const fitting = rows.filter(
      (row) =>
        [...values].every(([key, value]) => !row.has(key) || row.get(key) === value) &&
        [...values.keys()].some((key) => row.has(key)),
    );
    if (axes > 0 && fitting.length > 0)
      for (const row of fitting) for (const [key, value] of values) row.set(key, value);
    else extra.push(values);
  }
  if (axes === 0 && extra.length > 0) rows = [];
  return [...rows, ...extra].slice(0, MAX_COMBINATIONS);
}

function flatten(prefix: string, node: Node): Map<string, string> {
  const out = new Map<string, string>();
  const text = scalarText(node);
  if (text !== undefined) out.set(prefix, text);
  for (const [key, entry] of entriesOf(node))
    for (const [inner, value] of flatten(`${prefix}.${key}`, entry.value)) out.set(inner, value);
  return out;
}
