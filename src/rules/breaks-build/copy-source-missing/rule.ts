import { brokenSteps } from '../../broken-steps.ts';
import { madeOutside, otherContextMeant } from '../../made-outside.ts';
import { rule } from '../../rule.ts';

export default rule({
  on: 'target',
  severity: 'error',
  summary: 'COPY or ADD names a path that is not there',
  why: 'BuildKit looks each source up in the build context (or in the stage of --from). A path that is not there stops the build. A wildcard that matches nothing is silent; it is judged where the files are needed.',
  remedy: 'Name a path that exists relative to the build context, or build with the context that has it.',
  proof: 'engine',
  *check(target) {
    yield* brokenSteps(target, ['copy-source-absent'], {
      concerns: /^\s*(COPY|ADD)\b/i,
      undecided: (broken) => madeOutside(target.repo, broken) ?? otherContextMeant(target),
    });
  },
});
