import { brokenSteps } from '../../broken-steps.ts';
import { rule } from '../../rule.ts';

export default rule({
  on: 'target',
  severity: 'error',
  summary: 'npm installs in the root folder',
  why: 'npm 7 and later fail in `/` with `Tracker "idealTree" already exists`: the WORKDIR is missing.',
  remedy: 'Set a WORKDIR before the install.',
  proof: 'engine',
  *check(target) {
    yield* brokenSteps(target, ['workdir-is-root'], { concerns: /^\s*RUN\b.*\bnpm\s+(ci|i|install)\b/is });
  },
});
