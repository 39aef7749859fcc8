import { brokenSteps } from '../../broken-steps.ts';
import { rule } from '../../rule.ts';

export default rule({
  on: 'target',
  severity: 'error',
  summary: 'RUN names a file that is not in the image at that point',
  why: 'A command that is given a path that is not there fails, and with it the build.',
  remedy: 'Copy or create the file before, or correct the path.',
  proof: 'engine',
  *check(target) {
    yield* brokenSteps(target, ['file-missing'], {
      concerns: /^\s*RUN\b.*\b(sh|bash|python3?|node|cp|mv|cat|tar|cd|chmod)\s/is,
    });
  },
});
