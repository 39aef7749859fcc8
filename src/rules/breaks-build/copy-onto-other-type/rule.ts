import { brokenSteps } from '../../broken-steps.ts';
import { rule } from '../../rule.ts';

export default rule({
  on: 'target',
  severity: 'error',
  summary: 'COPY puts a folder where a file is',
  why: 'BuildKit does not replace a file by a folder, and makes no folder where a file is.',
  remedy: 'Choose another destination, or remove the file before.',
  proof: 'engine',
  *check(target) {
    yield* brokenSteps(target, ['copy-destination-conflict'], { concerns: /^\s*(COPY|ADD)\b/i });
  },
});
