import { brokenSteps } from '../../broken-steps.ts';
import { rule } from '../../rule.ts';

export default rule({
  on: 'target',
  severity: 'error',
  summary: 'the lock file does not fit package.json, and the install may not change it',
  why: '`npm ci`, and pnpm and yarn with a frozen lock file, compare the lock file with package.json and stop when a dependency is missing in it or locked in a version that is not allowed. It happens when package.json is edited by hand, or when another package manager wrote the last change.',
  remedy: 'Run the package manager once without the frozen option, and commit the lock file.',
  proof: 'engine',
  *check(target) {
    yield* brokenSteps(target, ['lockfile-stale'], {
      concerns: /^\s*RUN\b.*(\bnpm\s+ci\b|--frozen|--immutable)/is,
    });
  },
});
