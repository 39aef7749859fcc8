import type { Reason } from '../facts/fact.ts';
import type { Place } from '../text/place.ts';
import type { ImageState } from './state.ts';

/** Why the engine would stop at a step. Each kind is judged by one rule of the same meaning. */
export type BreakKind =
  | 'copy-source-absent'
  | 'copy-source-ignored'
  | 'copy-source-outside-context'
  | 'copy-destination-conflict'
  | 'stage-unknown'
  | 'command-missing'
  | 'package-manager-of-other-distro'
  | 'package-unknown'
  | 'user-option-of-other-distro'
  | 'id-taken'
  | 'name-taken'
  | 'user-unknown'
  | 'lockfile-missing'
  | 'lockfile-stale'
  | 'lockfile-host'
  | 'build-input-missing'
  | 'manifest-missing'
  | 'package-source-missing'
  | 'option-gone'
  | 'release-archived'
  | 'python-managed'
  | 'release-unavailable'
  | 'toolchain-mismatch'
  | 'library-missing'
  | 'question-unanswered'
  | 'setting-missing'
  | 'group-missing'
  | 'compiler-missing'
  | 'file-missing'
  | 'script-missing'
  | 'dev-dependency-absent'
  | 'workdir-is-root'
  | 'interpreter-missing'
  | 'not-executable'
  | 'permission-denied'
  | 'syntax'
  | 'other';

/** A step that the engine will refuse, with the causes. */
export interface Break {
  readonly kind: BreakKind;
  readonly at: Place;
  /** What is missing, taken or refused, in the user's words: a path, a command, an id. */
  readonly subject: string;
  /** One sentence that says what happens. */
  readonly text: string;
  readonly because: readonly Reason[];
  /** A part of the engine's own message that a proof must find. */
  readonly says?: string;
  /** The break is below another one: it holds only as if that were repaired. */
  readonly hypothetical: boolean;
  /** The shell swallows the failure (`|| true`, `;`): the build goes on without the effect. */
  readonly swallowed: boolean;
  /** Facts a rule may need for its fix, by name. */
  readonly detail: Readonly<Record<string, string>>;
}

/** One instruction, or one command of a RUN. */
export interface Step {
  readonly stage: number;
  /** Index of the instruction in its stage. */
  readonly instruction: number;
  /** Keyword in capitals: `COPY`, `RUN`. */
  readonly keyword: string;
  readonly at: Place;
  /** For a command of a RUN: its words as far as they are known. */
  readonly argv?: readonly string[];
  readonly before: ImageState;
  readonly after: ImageState;
  /** Bytes added to the layer, where known. */
  readonly bytes?: number;
  /** What the step did, in short sentences: for `show image` and for reasons. */
  readonly effects: readonly string[];
  /** Set when the step was not modelled: why later facts may be unknown. */
  readonly unmodelled?: string;
  readonly breaks: readonly Break[];
}

export interface StageTrace {
  readonly index: number;
  readonly name?: string;
  readonly at: Place;
  readonly baseName: string;
  /** Index of the stage it is built from, when its base is a stage. */
  readonly baseStage?: number;
  readonly base: ImageState;
  readonly steps: readonly Step[];
  readonly final: ImageState;
}

/** The history of one build target: every stage that the target needs, in the order of the file. */
export interface Trace {
  readonly stages: readonly StageTrace[];
  /** The stage that is built. */
  readonly target: StageTrace;
  readonly final: ImageState;
  /** All breaks, in order; the first that is not swallowed is where the engine stops. */
  readonly breaks: readonly Break[];
  /** What could not be known, with why: counted as undecided. */
  readonly undecided: readonly Reason[];
  /** Some step may stop the build or not: no break says that it does. */
  readonly mayFail?: true;
}
