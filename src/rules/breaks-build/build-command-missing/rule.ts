import { brokenSteps } from '../../broken-steps.ts';
import { rule } from '../../rule.ts';

export default rule({
  on: 'target',
  severity: 'error',
  summary: 'RUN uses a command that the image does not have',
  why: 'A shell answers `not found` with exit code 127, and the build stops. Slim and Alpine bases have no curl, git or compiler; none has the tools of another distribution.',
  remedy: 'Install the package that brings it, or use what the image has.',
  proof: 'engine',
  *check(target) {
    yield* brokenSteps(target, ['command-missing', 'interpreter-missing'], {
      concerns: /^\s*RUN\b(?!.*is not modelled$)/is,
    });
  },
});
