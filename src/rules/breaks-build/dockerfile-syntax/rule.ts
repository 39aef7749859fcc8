import { brokenSteps } from '../../broken-steps.ts';
import { rule } from '../../rule.ts';

export default rule({
  on: 'target',
  severity: 'error',
  summary: 'the Dockerfile cannot be read',
  why: 'BuildKit reads the whole file before it builds any of it.',
  remedy: 'Correct the line.',
  proof: 'engine',
  decides: 'always',
  *check(target) {
    yield* brokenSteps(target, ['syntax']);
  },
});
