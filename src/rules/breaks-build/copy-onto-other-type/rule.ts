import { brokenSteps } from '../../broken-steps.ts';
import { rule } from '../../rule.ts';

export default rule({
  on: 'target',
  severity: 'error',
  summary: 'COPY puts a file where a folder is, or several files where a file is',
  why: 'A folder cannot be replaced by a file, and several sources need a destination that is a folder and ends in `/`.',
  remedy: 'End the destination with `/`, or name the file.',
  aliases: ['DL3021'],
  proof: 'engine',
  *check(target) {
    yield* brokenSteps(target, ['copy-destination-conflict']);
  },
});
