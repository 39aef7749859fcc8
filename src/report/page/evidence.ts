import type { Entry, EvidenceId } from '../../ledger/entry.ts';
import type { Finding } from '../../rules/finding.ts';

/** An entry with the id the ledger gave it. */
export interface Evidence {
  readonly id: EvidenceId;
  readonly entry: Entry;
}

/** One side of one row: what was found, with its proof. */
export interface Cell {
  readonly evidence: Evidence;
  readonly text: string;
  readonly state: 'good' | 'bad' | 'plain' | 'open';
}

export interface Row {
  readonly measure: string;
  readonly title: string;
  readonly before?: Cell;
  readonly after?: Cell;
}

/** Rows of one service, of the stack as a whole or of the parts of a plan (both: `service` undefined). */
export interface Section {
  readonly service?: string;
  readonly title: string;
  readonly rows: readonly Row[];
}

/** Everything the page says, each sentence with the evidence it comes from. */
export interface Proof {
  readonly run: string;
  readonly stack: string;
  readonly started: string;
  readonly ended: string;
  readonly engine?: string;
  readonly standIns: readonly string[];
  readonly sections: readonly Section[];
  readonly counts: {
    readonly measured: number;
    readonly notMeasured: number;
    readonly met: number;
    readonly missed: number;
    readonly assumptions: number;
  };
  readonly assumptions: readonly Evidence[];
  readonly predictions: { readonly before: readonly Prediction[]; readonly after: readonly Prediction[] };
  /** Where the engine contradicted `check`. */
  readonly wrong: readonly { readonly text: string; readonly prediction: Evidence; readonly measurement: Evidence }[];
  readonly evidence: readonly Evidence[];
}

export interface Prediction {
  readonly evidence: Evidence;
  readonly finding: Finding;
}

/** Whether a row says anything: one that was measured on neither side is only counted where room is short. */
export function isOpen(row: Row): boolean {
  return (row.before?.state ?? 'open') === 'open' && (row.after?.state ?? 'open') === 'open';
}

/** Why cells were not measured, each reason once with how often it was given, the most frequent first. */
export function reasonsOf(
  cells: readonly (Cell | undefined)[],
): readonly { readonly why: string; readonly times: number }[] {
  const times = new Map<string, number>();
  for (const cell of cells)
    if (cell?.state === 'open') times.set(cell.evidence.entry.text, (times.get(cell.evidence.entry.text) ?? 0) + 1);
  return [...times].map(([why, n]) => ({ why, times: n })).sort((a, b) => b.times - a.times);
}
