import type { Finding, Inconclusive } from '../rules/finding.ts';

/** What was looked at, so that silence means something. */
export interface CheckStats {
  readonly files: number;
  readonly targets: number;
  readonly orphans: number;
  readonly stacks: number;
  readonly services: number;
  readonly routes: number;
  readonly rules: number;
  /** Whole run, in milliseconds; absent in output that must be the same every time. */
  readonly milliseconds?: number;
}

/** The result of `check`, from which every format is rendered. */
export interface CheckReport {
  readonly version: 1;
  readonly findings: readonly Finding[];
  readonly inconclusive: readonly Inconclusive[];
  readonly targets: readonly {
    readonly id: string;
    readonly dockerfile: string;
    readonly context: string;
    readonly stage?: string;
    readonly orphan: boolean;
    readonly usedBy: readonly string[];
  }[];
  readonly stacks: readonly {
    readonly id: string;
    readonly files: readonly string[];
    readonly services: readonly string[];
  }[];
  /** Findings an ignore entry or comment took out, counted and not shown. */
  readonly ignored: number;
  readonly problems: readonly {
    readonly at: { readonly file: string; readonly line: number };
    readonly text: string;
    readonly remedy?: string;
  }[];
  readonly stats: CheckStats;
}
