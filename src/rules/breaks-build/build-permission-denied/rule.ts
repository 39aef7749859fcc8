import { brokenSteps } from '../../broken-steps.ts';
import { rule } from '../../rule.ts';

export default rule({
  on: 'target',
  severity: 'error',
  summary: 'a step writes or runs what its user may not',
  why: 'After USER every step runs as that user: folders of root cannot be written, files without execute permission cannot be run.',
  remedy: 'Do it before USER, or give the files to that user with --chown or --chmod.',
  proof: 'engine',
  *check(target) {
    yield* brokenSteps(target, ['permission-denied', 'not-executable'], {
      concerns: /^\s*RUN\b.*(\.\/|\b(chmod|chown|mkdir|touch|npm|pip)\b|>)/is,
    });
  },
});
