import type { BuildTarget } from '../model/types.ts';
import type { StageTrace } from '../simulate/trace.ts';

/** The stages whose layers are in the image: the one that is built and those it is built FROM. What is only copied from is not. */
export function finalStages(target: BuildTarget): readonly StageTrace[] {
  const found: StageTrace[] = [];
  let stage: StageTrace | undefined = target.trace.target;
  while (stage !== undefined && !found.includes(stage)) {
    found.push(stage);
    const base: number | undefined = stage.baseStage;
    stage = base === undefined ? undefined : target.trace.stages.find((s) => s.index === base);
  }
  return found;
}
