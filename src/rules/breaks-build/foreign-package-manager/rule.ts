import { brokenSteps } from '../../broken-steps.ts';
import { rule } from '../../rule.ts';

export default rule({
  on: 'target',
  severity: 'error',
  summary: 'the package manager of another distribution is used',
  why: 'apk exists only on Alpine, apt-get only on Debian and Ubuntu, dnf only on Fedora and Red Hat.',
  remedy: "Use the base's own package manager, or change the base.",
  proof: 'engine',
  *check(target) {
    yield* brokenSteps(target, ['package-manager-of-other-distro'], {
      concerns: /^\s*RUN\b.*\b(apt|apt-get|apk|dnf|yum|microdnf)\s/is,
    });
  },
});
