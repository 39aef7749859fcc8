/** A run of lines that both sides share, or that only one has. Indices count lines from 0; ends are exclusive. */
export interface Difference {
  readonly beforeStart: number;
  readonly beforeEnd: number;
  readonly afterStart: number;
  readonly afterEnd: number;
}

/** Work at which the search stops and everything between the common ends counts as replaced. */
const MAX_EDITS = 1500;

/** The shortest list of differences (Myers 1986, greedy), in order. */
export function diffLines(before: readonly string[], after: readonly string[]): readonly Difference[] {
  let head = 0;
  while (head < before.length && head < after.length && before[head] === after[head]) head++;
  let beforeEnd = before.length;
  let afterEnd = after.length;
  while (beforeEnd > head && afterEnd > head && before[beforeEnd - 1] === after[afterEnd - 1]) {
    beforeEnd--;
    afterEnd--;
  }
  if (head === beforeEnd && head === afterEnd) return [];
  const kept = commonLines(before.slice(head, beforeEnd), after.slice(head, afterEnd));
  const out: Difference[] = [];
  let b = head;
  let a = head;
  for (const [x, y] of [...kept, [beforeEnd - head, afterEnd - head] as const]) {
    const nextB = head + x;
    const nextA = head + y;
    if (nextB > b || nextA > a) out.push({ beforeStart: b, beforeEnd: nextB, afterStart: a, afterEnd: nextA });
    b = nextB + 1;
    a = nextA + 1;
  }
  return out;
}

/** Pairs of indices of lines that stay, in order. */
function commonLines(before: readonly string[], after: readonly string[]): readonly (readonly [number, number])[] {
  const n = before.length;
  const m = after.length;
  const max = Math.min(n + m, MAX_EDITS);
  const offset = max + 1;
  const furthest = new Int32Array(2 * max + 3);
  const history: Int32Array[] = [];
  for (let d = 0; d <= max; d++) {
    history.push(furthest.slice(offset - d - 1, offset + d + 2));
    for (let k = -d; k <= d; k += 2) {
      const down = k === -d || (k !== d && at(furthest, offset + k - 1) < at(furthest, offset + k + 1));
      let x = down ? at(furthest, offset + k + 1) : at(furthest, offset + k - 1) + 1;
      while (x < n && x - k < m && before[x] === after[x - k]) x++;
      furthest[offset + k] = x;
      if (x >= n && x - k >= m) return walkBack(history, n, m);
    }
  }
  return [];
}

/** Follows the recorded frontiers from the end to the start. */
function walkBack(history: readonly Int32Array[], n: number, m: number): readonly (readonly [number, number])[] {
  const kept: (readonly [number, number])[] = [];
  let x = n;
  let y = m;
  for (let d = history.length - 1; d >= 0; d--) {
    const row = history[d] ?? new Int32Array(0);
    const value = (k: number): number => at(row, k + d + 1);
    const k = x - y;
    const down = k === -d || (k !== d && value(k - 1) < value(k + 1));
    const fromK = down ? k + 1 : k - 1;
    const fromX = d === 0 ? 0 : value(fromK);
    const fromY = d === 0 ? 0 : fromX - fromK;
    const startX = d === 0 ? 0 : down ? fromX : fromX + 1;
    while (x > startX) kept.push([--x, --y]);
    x = fromX;
    y = fromY;
  }
  return kept.reverse();
}

function at(row: Int32Array, index: number): number {
  return row[index] ?? 0;
}
