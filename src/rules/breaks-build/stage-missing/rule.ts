import type { BuildTarget } from '../../../model/types.ts';
import type { Break } from '../../../simulate/trace.ts';
import { brokenSteps, builtNode } from '../../broken-steps.ts';
import { claim, rule } from '../../rule.ts';

export default rule({
  on: 'target',
  severity: 'error',
  summary: 'a stage that does not exist is named',
  why: '`--from` and `target` look for a stage of this name before this point, then for an image of this name in a registry.',
  remedy: 'Name a stage that exists above.',
  aliases: ['DL3022'],
  proof: 'engine',
  *check(target) {
    const asked = target.stageAsked;
    if (target.stageMissing && asked !== undefined) {
      const names = target.dockerfile.stages.flatMap((stage) => stage.name ?? []);
      yield claim({
        breaks: builtNode(target),
        at: asked.at,
        title: `${target.dockerfile.file} has no stage ${target.stage}`,
        subject: target.stage ?? '',
        because: [
          ...target.usedBy.slice(0, 1),
          { kind: 'line', at: target.at, text: `its stages: ${names.join(', ') || 'none has a name'}` },
        ],
      });
    }
    yield* brokenSteps(target, ['stage-unknown'], {
      concerns: /^\s*COPY\b.*--from=/i,
      undecided: (broken) => givenOutside(target, broken),
    });
  },
});

/** A base that is an argument without a default gets its value from whoever builds; compose files say all that they give. */
function givenOutside({ dockerfile, usedBy }: BuildTarget, { at }: Break): string | undefined {
  const image = dockerfile.stages.find(({ from }) => from.place.line === at.line)?.from.image.text ?? '';
  return image.includes('$') && !usedBy.every(({ kind }) => kind === 'compose')
    ? `whoever builds may give ${image} a value`
    : undefined;
}
