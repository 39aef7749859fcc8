import { brokenSteps } from '../../broken-steps.ts';
import { rule } from '../../rule.ts';

export default rule({
  on: 'target',
  severity: 'error',
  summary: 'a step asks a question that nobody can answer',
  why: 'apt-get asks "Do you want to continue? [Y/n]" when it has to install more than it was told to. A build has no terminal: it takes silence for no and ends with "Abort."',
  remedy: 'Write `apt-get install -y`.',
  aliases: ['DL3014'],
  proof: 'engine',
  *check(target) {
    yield* brokenSteps(target, ['question-unanswered'], {
      concerns: /^\s*RUN\b.*\b(apt|apt-get)\b.*\binstall\b/is,
    });
  },
});
