import { brokenSteps } from '../../broken-steps.ts';
import { rule } from '../../rule.ts';

export default rule({
  on: 'target',
  severity: 'error',
  summary: 'a stage that does not exist is named',
  why: '`--from` and `target` look for a stage of this name before this point, then for an image of this name in a registry.',
  remedy: 'Name a stage that exists above.',
  aliases: ['DL3022'],
  proof: 'engine',
  *check(target) {
    yield* brokenSteps(target, ['stage-unknown']);
  },
});
