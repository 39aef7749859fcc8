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

/** Whether the image is meant to be run: a stage that another one is built from, or copies from, is built for its own sake only
 * by whoever wants its layers in the cache. */
export function isShipped({ dockerfile, stage, trace, development }: BuildTarget): boolean {
  if (development) return false;
  const { name, index } = trace.target;
  if (stage === undefined || index === dockerfile.stages.length - 1) return true;
  const names = [name, String(index)];
  return !dockerfile.stages.some(
    (other) =>
      other.index > index &&
      (names.includes(other.from.image.text.toLowerCase()) ||
        other.instructions.some((i) => i.keyword === 'COPY' && names.includes(i.from?.value?.toLowerCase()))),
  );
}
