import { brokenSteps } from '../../broken-steps.ts';
import { rule } from '../../rule.ts';

export default rule({
  on: 'target',
  severity: 'error',
  summary: 'a build tool runs where its configuration or first file is not in the image',
  why: 'A compiler or bundler stops when what it starts from is not there: tsconfig.json, index.html, a Prisma schema. It happens when only some folders are copied, when the ignore file leaves one out, and when an install runs the script `prepare` or `postinstall` before the source is copied.',
  remedy:
    'Copy the file before the step; or install with `--ignore-scripts` and run the script after the source is copied.',
  proof: 'engine',
  *check(target) {
    yield* brokenSteps(target, ['build-input-missing'], {
      concerns: /^\s*RUN\b.*\b(build|generate|tsc|prisma)\b/is,
    });
  },
});
