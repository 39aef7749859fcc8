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

/** Rows of one service, or of the stack as a whole (`service` undefined). */
export interface Section {
  readonly service?: string;
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
