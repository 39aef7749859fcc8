import { brokenSteps } from '../../broken-steps.ts';
import { rule } from '../../rule.ts';

export default rule({
  on: 'target',
  severity: 'error',
  summary: 'a script of package.json is run that is not defined',
  why: 'npm, pnpm and yarn stop with `Missing script` when package.json does not define it.',
  remedy: 'Define the script, or call the one that exists.',
  proof: 'engine',
  *check(target) {
    yield* brokenSteps(target, ['script-missing'], { concerns: /^\s*RUN\b.*\b(npm|pnpm|yarn|bun)\s+run\b/is });
  },
});
