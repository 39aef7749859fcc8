import { brokenSteps } from '../../broken-steps.ts';
import { rule } from '../../rule.ts';

export default rule({
  on: 'target',
  severity: 'error',
  summary: 'packages are fetched for a release of the distribution that is archived',
  why: 'When a release of Debian or Ubuntu is archived, its packages leave the servers that its images ask. `apt-get update` gets a 404 and stops with "does not have a Release file". Debian buster (node:14, node:16 and everything -buster) went in July 2025.',
  remedy: 'Take a base on a release that is still served.',
  proof: 'none',
  *check(target) {
    yield* brokenSteps(target, ['release-archived'], {
      concerns: /^\s*RUN\b.*\b(apt|apt-get)\b.*\bupdate\b/is,
    });
  },
});
