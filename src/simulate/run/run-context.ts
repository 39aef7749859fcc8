import type { Fact, Reason } from '../../facts/fact.ts';
import type { Part } from '../../shell/ast.ts';
import type { Place, Span } from '../../text/place.ts';
import type { Mount, World } from '../command-model.ts';
import type { SimulatedImage } from '../image.ts';
import type { Break, Step } from '../trace.ts';
import type { Pending, Shell } from './shell-world.ts';

/** A step that may still be given breaks. */
export type OpenStep = Omit<Step, 'breaks'> & { readonly breaks: Break[] };

/** What all commands of one RUN share. */
export interface RunContext {
  readonly stage: number;
  readonly instruction: number;
  readonly dialect: 'dash' | 'bash' | 'busybox' | 'unknown';
  readonly mounts: readonly Mount[];
  readonly world: Omit<World, 'runShell' | 'runArgv'>;
  readonly uid: Fact<number>;
  readonly gid: Fact<number>;
  /** The script that is being walked. */
  readonly text: string;
  /** Place of a range of that script. */
  readonly place: (span: Span) => Place;
  /** How deep scripts call scripts. */
  readonly depth: number;
  readonly steps: OpenStep[];
  readonly budget: { commands: number };
  /** Failures whose consequence is already written down. */
  readonly settled: Set<Pending>;
  /** Notes what could not be known. */
  readonly undecided: (reason: Reason) => void;
  /** Breaks in the order in which they are decided. */
  readonly broke: (item: Break) => void;
  readonly substitute: (
    part: Extract<Part, { kind: 'command' }>,
    shell: Shell,
  ) => { readonly shell: Shell; readonly text: Fact<string> };
}

export function line(context: RunContext, span: Span, text: string): Reason {
  return { kind: 'line', at: context.place(span), text };
}

export interface StepDetails {
  readonly argv?: readonly string[];
  readonly effects?: readonly string[];
  readonly unmodelled?: string | undefined;
  readonly bytes?: number | undefined;
}

export function openStep(
  context: RunContext,
  at: Place,
  before: SimulatedImage,
  after: SimulatedImage,
  more: StepDetails,
): OpenStep {
  const step: OpenStep = {
    stage: context.stage,
    instruction: context.instruction,
    keyword: 'RUN',
    at,
    before,
    after,
    effects: more.effects ?? [],
    breaks: [],
    ...(more.argv ? { argv: more.argv } : {}),
    ...(more.unmodelled === undefined ? {} : { unmodelled: more.unmodelled }),
    ...(more.bytes === undefined ? {} : { bytes: more.bytes }),
  };
  context.steps.push(step);
  return step;
}
