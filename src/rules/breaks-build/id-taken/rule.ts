import { brokenSteps } from '../../broken-steps.ts';
import { rule } from '../../rule.ts';

export default rule({
  on: 'target',
  severity: 'error',
  summary: 'a user or group id is asked for that the base already uses',
  why: "Official images come with users: node has uid and gid 1000. groupadd, useradd and BusyBox's tools refuse an id that is taken.",
  remedy: 'Use the user that is there, or another id.',
  proof: 'engine',
  *check(target) {
    yield* brokenSteps(target, ['id-taken'], {
      concerns: /^\s*RUN\b.*\b(useradd|groupadd|adduser|addgroup|usermod|groupmod)\b/is,
    });
  },
});
