import type { Engine } from '../engine/engine.ts';
import type { Entry, EvidenceId } from '../ledger/entry.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { FrontHints } from '../measure/front-door.ts';
import type { Repo } from '../repo/repo.ts';
import type { Budgets } from './budget.ts';

/** Which combination of files is started, or which Dockerfiles where there is no compose file. */
export type StackChoice =
  | { readonly files: readonly string[]; readonly profiles?: readonly string[] }
  | { readonly targets: readonly TargetChoice[] };

export interface TargetChoice {
  readonly name: string;
  /** Relative to the repository. */
  readonly dockerfile: string;
  readonly context: string;
  readonly stage?: string;
  readonly args?: Readonly<Record<string, string>>;
}

/** A part of a plan, as far as a proof needs it. */
export interface ProvablePart {
  readonly id: string;
  readonly tier: 'safe' | 'unproven';
  /** Paths that it writes. */
  readonly files: readonly string[];
  /** Measures that must hold afterwards: `service.healthy`, or `web:service.healthy` for one service. */
  readonly mustMeasure: readonly string[];
}

/** Seconds that one build may take. A package manager gives a dead connection up only after minutes (npm: five) and then tries
 * again: the limit leaves time for that. */
export const buildLimit = 600;

export interface ProveOptions {
  /** The repository as found. */
  readonly before: Repo;
  /** As refitted (`overlay(before, edits)`); absent: only `before` is proven. */
  readonly after?: Repo;
  /** The same for both sides unless the refit adds files. */
  readonly stack: StackChoice;
  readonly afterStack?: StackChoice;
  /** How people call the stack, the same for both sides. */
  readonly stackName: string;
  readonly parts?: readonly ProvablePart[];
  /** The repository with the safe parts and, of the unproven ones, only these: with it, parts are tried one by one where all
   * together do not work. */
  readonly withParts?: (ids: readonly string[]) => Repo;
  readonly engine: Engine;
  readonly ledger: Ledger;
  readonly budgets: Budgets;
  readonly quick: boolean;
  /** How often times are measured; 3 unless said, 1 in a quick run. */
  readonly runs?: number;
  /** Values for variables from the config. */
  readonly env?: Readonly<Record<string, string>>;
  /** The text of a real `.env` (`--env-file`): used instead of made-up values, its secrets masked. */
  readonly envText?: string;
  readonly front?: FrontHints;
  /** Seconds to wait for a stack to become healthy. */
  readonly healthyWithin?: number;
  /** Seconds that one build may take; `buildLimit` unless said. */
  readonly buildWithin?: number;
  readonly allowEgress?: boolean;
  readonly signal?: AbortSignal;
  /** Continues this run: rows that it has measured on the same inputs are not measured again. */
  readonly resume?: string;
  readonly progress?: (event: ProveEvent) => void;
}

export type ProveEvent =
  | { readonly kind: 'estimate'; readonly seconds: number; readonly bytes: number; readonly free: number }
  | { readonly kind: 'step'; readonly side: 'before' | 'after'; readonly text: string }
  | { readonly kind: 'row'; readonly id: EvidenceId; readonly entry: Omit<Entry, 'at'> }
  | { readonly kind: 'note'; readonly text: string };

/** An unproven part of the plan that has shown to work. */
export interface ProvenPart {
  readonly id: string;
  readonly evidence: readonly EvidenceId[];
}

export interface ProveResult {
  readonly run: string;
  /** `missed`: a budget or something indispensable was missed. `fault`: see there; what was measured is kept. */
  readonly status: 'met' | 'missed' | 'aborted' | 'fault';
  readonly entries: readonly { readonly id: EvidenceId; readonly entry: Omit<Entry, 'at'> }[];
  /** Of the side that counts (`after` where there is one). */
  readonly missed: readonly { readonly id: EvidenceId; readonly entry: Omit<Entry, 'at'> }[];
  readonly proven: readonly ProvenPart[];
  /** Why the run could not go on, and what to do. */
  readonly fault?: string;
}
