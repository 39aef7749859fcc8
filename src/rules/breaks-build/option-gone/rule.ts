import { brokenSteps } from '../../broken-steps.ts';
import { rule } from '../../rule.ts';

export default rule({
  on: 'target',
  severity: 'error',
  summary: 'a command has an option that the installed version does not know any more',
  why: 'A tool that is installed without a version is the newest one. Poetry 2 has dropped `install --no-dev`, `lock --no-update` and the command `export`: it stops with "The option … does not exist".',
  remedy: 'Use what has taken its place, and pin the version of the tool.',
  proof: 'engine',
  *check(target) {
    yield* brokenSteps(target, ['option-gone'], { concerns: /^\s*RUN\b.*\bpoetry\s/is });
  },
});
