import { brokenSteps } from '../../broken-steps.ts';
import { rule } from '../../rule.ts';

export default rule({
  on: 'target',
  severity: 'error',
  summary: 'COPY or ADD names a path that the ignore file leaves out',
  why: 'The ignore file decides what is sent to the engine. A file that is left out does not exist for COPY, however plainly it lies in the folder.',
  remedy: 'Take the pattern out, or re-include the path with a line that begins with `!`.',
  aliases: ['CopyIgnoredFile'],
  proof: 'engine',
  *check(target) {
    yield* brokenSteps(target, ['copy-source-ignored'], { concerns: /^\s*(COPY|ADD)\b(?!.*--from=)/i });
  },
});
