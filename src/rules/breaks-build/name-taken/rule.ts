import { brokenSteps } from '../../broken-steps.ts';
import { rule } from '../../rule.ts';

export default rule({
  on: 'target',
  severity: 'error',
  summary: 'a user or group name is asked for that the base already has',
  why: 'groupadd, useradd and adduser refuse a name that is taken.',
  remedy: 'Use the user that is there, or another name.',
  proof: 'engine',
  *check(target) {
    yield* brokenSteps(target, ['name-taken'], { concerns: /^\s*RUN\b.*\b(useradd|groupadd|adduser|addgroup)\b/is });
  },
});
