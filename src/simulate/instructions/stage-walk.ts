import { expandIn, type Scope } from '../../dockerfile/scope.ts';
import type { StageGraph } from '../../dockerfile/stages.ts';
import type { Dockerfile, Instruction, OnbuildInstruction, Stage, Word } from '../../dockerfile/types.ts';
import type { Fact, Reason } from '../../facts/fact.ts';
import type { Place } from '../../text/place.ts';
import type { Failure, World } from '../command-model.ts';
import type { BuildContext } from '../context/build-context.ts';
import type { SimulatedImage } from '../image.ts';
import { toBreak } from '../run/pending.ts';
import type { Break, Step } from '../trace.ts';

/** What a stage leaves to those that build on it. */
export interface StageEnd {
  readonly state: SimulatedImage;
  readonly scope: Scope;
  readonly triggers: readonly OnbuildInstruction[];
}

/** What all stages of one build share. */
export interface Build {
  readonly dockerfile: Dockerfile;
  readonly context: BuildContext;
  readonly contexts: ReadonlyMap<string, BuildContext>;
  readonly graph: StageGraph;
  readonly global: Scope;
  readonly buildArgs: ReadonlyMap<string, Fact<string>>;
  readonly platform: World['platform'];
  /** State of an image by its reference. */
  readonly image: (reference: string, reason: Reason) => SimulatedImage;
  readonly ends: Map<number, StageEnd>;
  readonly breaks: Break[];
  readonly undecided: Reason[];
  /** A break that stops the engine was found: what follows is as if it were repaired. */
  broken: boolean;
  /** Some step may stop the build or not. */
  mayFail: boolean;
  /** Commands that may still be walked, instructions that may still be simulated. */
  readonly budget: { commands: number; instructions: number };
}

/** One stage on its way from its base to its end. */
export interface StageWalk {
  readonly build: Build;
  readonly stage: Stage;
  state: SimulatedImage;
  scope: Scope;
  readonly steps: Step[];
  /** CMD was set in this stage: ENTRYPOINT keeps it. */
  cmdSet: boolean;
  readonly triggers: OnbuildInstruction[];
  /** Set while the triggers of a base run: their lines are elsewhere. */
  index: number;
}

export function undecided(build: Build, reason: Reason): void {
  if (build.undecided.length < 500) build.undecided.push(reason);
}

/** The line itself as a reason. */
export function because(instruction: Instruction, text?: string): Reason {
  const shown = text ?? shorten(instruction.original);
  return { kind: 'line', at: instruction.place, text: shown };
}

function shorten(text: string): string {
  const one = text.replace(/\s+/g, ' ').trim();
  return one.length > 120 ? `${one.slice(0, 117)}...` : one;
}

/** A word with its variables replaced. What BuildKit refuses is a break. */
export function expand(walk: StageWalk, word: Pick<Word, 'text' | 'span'>, breaks: Break[]): Fact<string> {
  const { dockerfile } = walk.build;
  const found = expandIn(walk.scope, word.text, dockerfile.escape);
  if (found.error !== undefined) {
    const at = placeOf(walk, word);
    const text = `the builder refuses \`${word.text}\`: ${found.error}`;
    breaks.push(refuse(walk, { kind: 'syntax', at, subject: word.text, text, because: [], says: found.error }));
  }
  return found.text;
}

export function placeOf(walk: StageWalk, word: Pick<Word, 'span'>): Place {
  const { dockerfile } = walk.build;
  return dockerfile.lines.place(dockerfile.file, word.span);
}

/** A step that the engine refuses for certain. */
export function refuse(walk: StageWalk, failure: Failure): Break {
  const item = toBreak(failure, walk.build.broken, false);
  walk.build.breaks.push(item);
  walk.build.broken = true;
  return item;
}

/** Writes down what an instruction did and moves on. */
export function advance(
  walk: StageWalk,
  instruction: Instruction,
  after: SimulatedImage,
  more: Partial<Pick<Step, 'effects' | 'bytes' | 'unmodelled' | 'breaks'>> = {},
): void {
  walk.steps.push({
    stage: walk.stage.index,
    instruction: walk.index,
    keyword: instruction.keyword,
    at: instruction.place,
    before: walk.state,
    after,
    effects: more.effects ?? [],
    breaks: more.breaks ?? [],
    ...(more.bytes === undefined ? {} : { bytes: more.bytes }),
    ...(more.unmodelled === undefined ? {} : { unmodelled: more.unmodelled }),
  });
  walk.state = after;
}
