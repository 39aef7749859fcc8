import { brokenSteps } from '../../broken-steps.ts';
import { rule } from '../../rule.ts';

export default rule({
  on: 'target',
  severity: 'error',
  summary: 'an install needs a manifest that is not in the image',
  why: 'The installer reads package.json, pyproject.toml or a requirements file of the working directory; it stops when it is not there.',
  remedy: 'Copy it before the install.',
  proof: 'engine',
  *check(target) {
    yield* brokenSteps(target, ['manifest-missing'], {
      concerns: /^\s*RUN\b.*\b(npm|pnpm|yarn|pip3?|poetry|uv|bundle|composer|cargo|go)\s/is,
    });
  },
});
