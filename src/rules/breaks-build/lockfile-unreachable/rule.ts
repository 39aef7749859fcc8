import { brokenSteps } from '../../broken-steps.ts';
import { rule } from '../../rule.ts';

export default rule({
  on: 'target',
  severity: 'error',
  summary: 'the lock file fetches packages from a host that only one machine or network knows',
  why: 'The installer follows the addresses that the lock file has written down. One that was written behind a proxy or a registry of a development environment (`*.local`, `localhost:4873`, a private address) names a host that nobody else can find; npm puts its own registry in the place of the public one only.',
  remedy:
    'Make the lock file again with the public registry (`npm install --package-lock-only --replace-registry-host=always`), or set `replace-registry-host=always` in .npmrc.',
  proof: 'engine',
  *check(target) {
    yield* brokenSteps(target, ['lockfile-host'], {
      concerns: /^\s*RUN\b.*\b(npm|yarn)\b\s*(ci|install|i\b|--|$)/is,
    });
  },
});
