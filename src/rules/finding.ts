import type { Edit } from '../text/edit.ts';
import type { Place } from '../text/place.ts';

/** What a defect does, worst first. Findings are ordered by it, not by file type. */
export const CONSEQUENCES = [
  'breaks-build',
  'dies-at-start',
  'never-healthy',
  'unreachable',
  'loses-data',
  'insecure',
  'blind',
  'no-effect',
  'bloated',
  'slow-rebuild',
  'style',
] as const;

export type Consequence = (typeof CONSEQUENCES)[number];
export type Severity = 'error' | 'warning' | 'note';

/** How people read a consequence, as the second half of "x …". */
export const CONSEQUENCE_TEXT: Readonly<Record<Consequence, string>> = {
  'breaks-build': 'breaks the build',
  'dies-at-start': 'dies at start',
  'never-healthy': 'never becomes healthy',
  unreachable: 'unreachable',
  'loses-data': 'loses data',
  insecure: 'insecure',
  blind: 'blind',
  'no-effect': 'has no effect',
  bloated: 'bloated',
  'slow-rebuild': 'slow to rebuild',
  style: 'style',
};

/** A change that answers a finding. `unsafe` ones must be measured by `prove` before they are applied. */
export interface Fix {
  readonly safety: 'safe' | 'unsafe';
  readonly title: string;
  /** Empty when only `refit` can write it, because it concerns whole files. */
  readonly edits: readonly Edit[];
  readonly mustMeasure?: readonly string[];
}

export interface Cause {
  readonly at?: Place;
  readonly text: string;
}

/** The machine-readable finding: a stable contract (design, chapter 8). Everything else is rendered from it. */
export interface Finding {
  readonly rule: string;
  /** Stable over moved lines: rule, file and subject, not the position. */
  readonly fingerprint: string;
  /** Every combination of files in which it holds. */
  readonly stacks: readonly string[];
  readonly consequence: Consequence;
  readonly severity: Severity;
  readonly title: string;
  readonly why: string;
  readonly at: Place;
  readonly because: readonly Cause[];
  readonly symptoms: readonly { readonly at: Place; readonly text: string }[];
  readonly service?: string;
  readonly target?: string;
  /** Concerns only a Dockerfile that nothing builds. */
  readonly orphan?: true;
  /** Holds once an earlier break of the same build is repaired. */
  readonly hypothetical?: true;
  readonly aliases: readonly string[];
  readonly fix?: Fix;
}

/** A point a rule could not decide, and why. Counted always, listed on request. */
export interface Inconclusive {
  readonly rule: string;
  readonly target: string;
  readonly why: string;
  readonly because: readonly Cause[];
}
