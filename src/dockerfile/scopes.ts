import type { Fact } from '../facts/fact.ts';
import { globalScope, type Scope, type ScopeOptions, scopeAfter, scopeOfImage } from './scope.ts';
import { stageGraph } from './stages.ts';
import type { Dockerfile, Instruction, Stage } from './types.ts';

export interface Scopes {
  /** What FROM sees. */
  readonly global: Scope;
  /** What an instruction of a stage sees: everything set above it, in its stage and in those it is built from. */
  before(instruction: Instruction): Scope | undefined;
  /** What a stage has set at its end. */
  after(stage: Stage): Scope | undefined;
}

/** The variables at every instruction. `imageEnv` gives the environment of a base image; without it (or where it gives
 * undefined) any variable may come from there, and one that is not set in the file is unknown. */
export function scopesOf(
  dockerfile: Dockerfile,
  options: ScopeOptions = {},
  imageEnv: (stage: Stage) => ReadonlyMap<string, Fact<string>> | undefined = () => undefined,
): Scopes {
  const global = globalScope(dockerfile, options);
  const graph = stageGraph(dockerfile);
  const before = new Map<Instruction, Scope>();
  const after = new Map<Stage, Scope>();
  for (const stage of dockerfile.stages) {
    const base = graph.base(stage);
    const env = base.kind === 'scratch' ? new Map<string, Fact<string>>() : imageEnv(stage);
    const inherited = base.kind === 'stage' ? after.get(base.stage) : undefined;
    let scope =
      inherited ?? scopeOfImage(env ?? new Map(), env === undefined ? 'the base image is not known' : undefined);
    before.set(stage.from, global);
    for (const instruction of stage.instructions) {
      before.set(instruction, scope);
      scope = scopeAfter(scope, instruction, global, dockerfile.escape, options.buildArgs);
    }
    after.set(stage, scope);
  }
  return { global, before: (instruction) => before.get(instruction), after: (stage) => after.get(stage) };
}
