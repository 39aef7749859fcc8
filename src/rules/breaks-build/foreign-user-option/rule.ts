import { brokenSteps } from '../../broken-steps.ts';
import { rule } from '../../rule.ts';

export default rule({
  on: 'target',
  severity: 'error',
  summary: "a user is made with the options of another distribution's tool",
  why: "Alpine's adduser and addgroup are BusyBox's, Debian's are scripts with long options, and useradd belongs to neither.",
  remedy: 'Use the dialect of the base.',
  proof: 'engine',
  *check(target) {
    yield* brokenSteps(target, ['user-option-of-other-distro'], {
      concerns: /^\s*RUN\b.*\b(useradd|groupadd|adduser|addgroup)\b/is,
    });
  },
});
