import { brokenSteps } from '../../broken-steps.ts';
import { lockLeftOutBy } from '../../left-out-lock.ts';
import { rule } from '../../rule.ts';

export default rule({
  on: 'target',
  severity: 'error',
  summary: 'an install needs a lock file that is not in the image',
  why: 'npm ci, and every installer asked for a frozen or locked install, stops when there is no lock file. It may be missing in the repository, or not copied yet.',
  remedy: 'Commit the lock file, and copy it before the install.',
  proof: 'engine',
  *check(target) {
    yield* brokenSteps(target, ['lockfile-missing'], {
      concerns: /^\s*RUN\b.*(\bnpm\s+ci\b|--frozen|--locked|--immutable)/is,
      when: (broken) => lockLeftOutBy(target, broken) === undefined,
    });
  },
});
