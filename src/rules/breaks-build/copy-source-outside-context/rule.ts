import { brokenSteps } from '../../broken-steps.ts';
import { rule } from '../../rule.ts';

export default rule({
  on: 'target',
  severity: 'error',
  summary: 'COPY or ADD reaches above the build context',
  why: 'Nothing above the context is sent to the engine: leading `..` are cut off, and the path is looked up inside.',
  remedy: 'Build with a context that has the file, or pass a second one with `additional_contexts`.',
  proof: 'engine',
  *check(target) {
    yield* brokenSteps(target, ['copy-source-outside-context'], { concerns: /^\s*(COPY|ADD)\b.*\$/i });
  },
});
