import { brokenSteps } from '../../broken-steps.ts';
import { rule } from '../../rule.ts';

export default rule({
  on: 'target',
  severity: 'error',
  summary: 'a user or group is named that the image does not have',
  why: "chown and USER look names up in the image's /etc/passwd and /etc/group at that point.",
  remedy: 'Make the user before, or use a number.',
  proof: 'engine',
  *check(target) {
    yield* brokenSteps(target, ['user-unknown'], {
      concerns: /^\s*(USER\b|RUN\b.*\bchown\b|(COPY|ADD)\b.*--chown=)/is,
    });
  },
});
