import { expandIn, globalScope, scopeOfImage } from '../dockerfile/scope.ts';
import { stageGraph } from '../dockerfile/stages.ts';
import type { Dockerfile, Instruction, Stage } from '../dockerfile/types.ts';
import { type Fact, known, type Reason, unknown } from '../facts/fact.ts';
import { lookupImage } from '../images/lookup.ts';
import { linePlace } from '../text/place.ts';
import { baseState } from './base.ts';
import { scratchState, unknownState } from './base-state.ts';
import { change } from './change.ts';
import type { BuildContext } from './context/build-context.ts';
import type { SimulatedImage } from './image.ts';
import { perform } from './instructions/perform.ts';
import { type Build, refuse, type StageEnd, type StageWalk, undecided } from './instructions/stage-walk.ts';
import type { StageTrace, Step, Trace } from './trace.ts';

export interface SimulateInput {
  readonly dockerfile: Dockerfile;
  readonly context: BuildContext;
  /** Name of the stage to build; default: the last. */
  readonly target?: string;
  readonly buildArgs?: ReadonlyMap<string, Fact<string>>;
  /** Default: linux on an architecture that is not known. */
  readonly platform?: { readonly os: string; readonly architecture: string; readonly variant?: string };
  /** `additional_contexts`: names that stand for folders, or (undefined) for something unknown. */
  readonly contexts?: ReadonlyMap<string, BuildContext | undefined>;
  /** What is known of an image; default: the catalogue. */
  readonly image?: (reference: string) => Fact<SimulatedImage>;
}

/** More than any Dockerfile that a person wrote; what comes after is unknown, and said so. */
const MOST_INSTRUCTIONS = 2000;
const MOST_COMMANDS = 10_000;

/** Computes what a build would do, line by line, without running anything. Pure; never throws for what is in the files.
 * Undefined when the Dockerfile has no stage or not the one that is asked for. */
export function simulate(input: SimulateInput): Trace | undefined {
  const build = startBuild(input);
  const target = build.graph.target(input.target);
  if (!target) return undefined;
  const stages: StageTrace[] = [];
  for (const stage of build.graph.needed(target)) stages.push(simulateStage(build, stage));
  const last = stages.at(-1);
  if (!last) return undefined;
  const { breaks, undecided: open, mayFail } = build;
  return { stages, target: last, final: last.final, breaks, undecided: open, ...(mayFail ? { mayFail } : {}) };
}

function startBuild(input: SimulateInput): Build {
  const { dockerfile, context } = input;
  const buildArgs = input.buildArgs ?? new Map<string, Fact<string>>();
  const platform = input.platform;
  const global = globalScope(dockerfile, {
    buildArgs,
    ...(platform ? { platform } : {}),
    ...(input.target === undefined ? {} : { target: input.target }),
  });
  const contexts = new Map<string, BuildContext>();
  for (const [name, item] of input.contexts ?? []) if (item) contexts.set(name, item);
  const images = new Map<string, SimulatedImage>();
  const lookup = input.image ?? catalogue(platform);
  const build: Build = {
    dockerfile,
    context,
    contexts,
    graph: stageGraph(dockerfile, {
      contexts: new Set(input.contexts?.keys() ?? []),
      baseName: (stage) => {
        const found = expandIn(global, stage.from.image.text, dockerfile.escape).text;
        return found.known ? found.value : undefined;
      },
    }),
    global,
    buildArgs,
    platform: platform ?? { os: 'linux', architecture: 'unknown' },
    image: (reference, reason) => {
      const old = images.get(reference);
      if (old) return old;
      const found = lookup(reference);
      const state = found.known ? found.value : unknownState(found.why, reason);
      images.set(reference, state);
      return state;
    },
    ends: new Map<number, StageEnd>(),
    breaks: [],
    undecided: [],
    broken: false,
    mayFail: false,
    budget: { commands: MOST_COMMANDS, instructions: MOST_INSTRUCTIONS },
  };
  return build;
}

/** States of catalogue images: made once for all builds of a run. */
const states = new Map<string, Fact<SimulatedImage>>();

function catalogue(platform: SimulateInput['platform']): (reference: string) => Fact<SimulatedImage> {
  return (reference) => {
    const key = `${platform?.os ?? ''} ${reference}`;
    let found = states.get(key);
    if (!found) {
      const base = lookupImage(reference, platform ? { platform } : {});
      found = base.known ? known(baseState(base.value), ...base.because) : base;
      if (states.size > 500) states.clear();
      states.set(key, found);
    }
    return found;
  };
}

function simulateStage(build: Build, stage: Stage): StageTrace {
  const place = stage.place;
  const reference = build.graph.base(stage);
  const reason: Reason = { kind: 'line', at: stage.from.place, text: `FROM ${stage.from.image.text}` };
  let from: StageEnd | undefined;
  let base: SimulatedImage;
  let baseName = stage.from.image.text;
  let refused: string | undefined;
  if (reference.kind === 'stage') {
    from = build.ends.get(reference.stage.index);
    base = from?.state ?? unknownState('its base stage was not simulated', reason);
    baseName = reference.stage.name ?? String(reference.stage.index);
  } else if (reference.kind === 'image') {
    baseName = reference.name;
    base = build.image(reference.name, reason);
    if (!base.user.known) undecided(build, { ...reason, text: base.user.why });
  } else if (reference.kind === 'scratch') base = scratchState(reason);
  else {
    const why =
      reference.kind === 'unknown'
        ? reference.why
        : reference.kind === 'invalid'
          ? reference.error
          : `the named context ${reference.name} is not known`;
    if (reference.kind === 'invalid') refused = why;
    else undecided(build, { ...reason, text: why });
    base = unknownState(why, reason);
  }
  const open = base.envOpen ? `the environment of ${baseName} is not listed in full` : undefined;
  const walk: StageWalk = {
    build,
    stage,
    state: base,
    scope: from?.scope ?? scopeOfImage(base.env, open),
    steps: [],
    cmdSet: false,
    triggers: [],
    index: 0,
  };
  if (refused !== undefined) {
    const text = `the base of the stage cannot be used: ${refused}`;
    const item = refuse(walk, {
      kind: 'stage-unknown',
      at: place,
      subject: baseName,
      text,
      because: [reason],
      says: refused,
    });
    walk.steps.push(fromStep(stage, base, [item]));
  }
  for (const trigger of from?.triggers ?? []) step(walk, trigger.inner);
  for (const [i, instruction] of stage.instructions.entries()) {
    walk.index = i;
    step(walk, instruction);
  }
  build.ends.set(stage.index, { state: walk.state, scope: walk.scope, triggers: walk.triggers });
  return {
    index: stage.index,
    at: place,
    baseName,
    base,
    steps: walk.steps,
    final: walk.state,
    ...(stage.name === undefined ? {} : { name: stage.name }),
    ...(reference.kind === 'stage' ? { baseStage: reference.stage.index } : {}),
  };
}

function fromStep(stage: Stage, base: SimulatedImage, breaks: Step['breaks']): Step {
  return {
    stage: stage.index,
    instruction: -1,
    keyword: 'FROM',
    at: stage.from.place,
    before: base,
    after: base,
    effects: [],
    breaks,
  };
}

function step(walk: StageWalk, instruction: Instruction): void {
  const { build } = walk;
  if (build.budget.instructions-- > 0) {
    perform(walk, instruction);
    return;
  }
  if (build.budget.instructions < -1) return;
  const why = `the Dockerfile has more than ${MOST_INSTRUCTIONS} instructions: what follows is not simulated`;
  const reason: Reason = { kind: 'line', at: instruction.place ?? linePlace(build.dockerfile.file, 1), text: why };
  undecided(build, reason);
  const no = unknown(why, reason);
  walk.state = change(walk.state, reason).assumeEverywhere(why).set({
    envOpen: true,
    workdir: no,
    user: no,
    cmd: no,
    entrypoint: no,
    healthcheck: no,
    users: no,
    groups: no,
  }).state;
}
