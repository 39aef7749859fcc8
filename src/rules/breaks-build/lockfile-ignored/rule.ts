import { brokenSteps, ignorePattern } from '../../broken-steps.ts';
import { lineEdit } from '../../line-edit.ts';
import { rule } from '../../rule.ts';

export default rule({
  on: 'target',
  severity: 'error',
  summary: 'the ignore file leaves out the lock file that an install needs',
  why: 'The ignore file decides what is sent to the engine. npm ci, and every installer asked for a frozen or locked install, stops when there is no lock file, however plainly it lies in the folder.',
  remedy: 'Take the pattern out of the ignore file.',
  proof: 'engine',
  *check(target) {
    yield* brokenSteps(target, ['lockfile-missing'], {
      when: (broken) => ignorePattern(broken) !== undefined,
      at: (broken) => ignorePattern(broken)?.at ?? broken.at,
      fix: (broken) => {
        const pattern = ignorePattern(broken);
        const edit = pattern === undefined ? undefined : lineEdit(target.repo, pattern.at);
        return edit === undefined
          ? undefined
          : { safety: 'safe', title: `let ${broken.subject} into the context`, edits: [edit] };
      },
    });
  },
});
