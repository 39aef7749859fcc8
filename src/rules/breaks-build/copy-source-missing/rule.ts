import { brokenSteps } from '../../broken-steps.ts';
import { bySetUp, madeOutside, onlyBeforeTheBuild, otherContextMeant } from '../../made-outside.ts';
import { rule } from '../../rule.ts';

export default rule({
  on: 'target',
  severity: 'error',
  summary: 'COPY or ADD names a path that is not there',
  why: 'BuildKit looks each source up in the build context (or in the stage of --from). A path that is not there stops the build. A wildcard that matches nothing is silent; it is judged where the files are needed. What git ignores is there where the author works only: a fresh clone does not build.',
  remedy: 'Name a path that exists relative to the build context, or build with the context that has it.',
  proof: 'engine',
  *check(target) {
    yield* brokenSteps(target, ['copy-source-absent'], {
      concerns: /^\s*(COPY|ADD)\b/i,
      title: (broken) =>
        onlyBeforeTheBuild(broken) ? `${broken.text}: it is not in git, and nothing says how it is made` : broken.text,
      // The author has it: only a fresh clone lacks it.
      severity: (broken) => (onlyBeforeTheBuild(broken) ? 'warning' : undefined),
      undecided: (broken) => madeOutside(target.repo, broken) ?? bySetUp(target, broken) ?? otherContextMeant(target),
    });
  },
});
