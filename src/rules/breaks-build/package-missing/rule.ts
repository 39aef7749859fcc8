import { brokenSteps } from '../../broken-steps.ts';
import { rule } from '../../rule.ts';

export default rule({
  on: 'target',
  severity: 'error',
  summary: 'a package is installed that the distribution does not have',
  why: 'Package names differ between distributions and releases. The package manager stops at the first it cannot find, also when its lists were never fetched.',
  remedy: 'Use the name that this release has, after `apt-get update` in the same RUN.',
  proof: 'engine',
  *check(target) {
    yield* brokenSteps(target, ['package-unknown'], {
      concerns: /^\s*RUN\b.*\b(apt|apt-get|apk)\b.*\b(install|add)\b/is,
    });
  },
});
