import { brokenSteps } from '../../broken-steps.ts';
import { lockLeftOutBy } from '../../left-out-lock.ts';
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
      concerns: /^\s*RUN\b.*(\bnpm\s+ci\b|--frozen|--locked|--immutable)/is,
      when: (broken) => lockLeftOutBy(target, broken) !== undefined,
      because: (broken) => {
        const pattern = lockLeftOutBy(target, broken);
        return pattern === undefined ? broken.because : [pattern, ...broken.because];
      },
      at: (broken) => lockLeftOutBy(target, broken)?.at ?? broken.at,
      fix: (broken) => {
        const pattern = lockLeftOutBy(target, broken);
        const name = broken.subject.slice(broken.subject.lastIndexOf('/') + 1);
        // A pattern that names more than this file stays: taking it out would let in what it was written for.
        const edit =
          pattern === undefined || !pattern.text.includes(`pattern ${name} `)
            ? undefined
            : lineEdit(target.repo, pattern.at);
        return edit === undefined
          ? undefined
          : { safety: 'safe', title: `let ${broken.subject} into the context`, edits: [edit] };
      },
    });
  },
});
