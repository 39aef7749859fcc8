import { each, know } from '../../../facts/know.ts';
import { claim, rule } from '../../rule.ts';

export default rule({
  on: 'stack',
  severity: 'error',
  summary: 'a file with secrets that the stack reads is in the repository',
  why: 'Whoever can read the repository, now or later, has the secret; deleting the file leaves it in the history.',
  remedy:
    'Take the file out of git (`git rm --cached`), name it in .gitignore, keep an example beside it, and change the secret.',
  proof: 'none',
  *check(stack) {
    if (stack.development) return;
    yield* each(stack.secretFiles, function* (file) {
      const tracked = yield* know(file.tracked);
      if (!tracked) return;
      yield claim({
        at: file.at,
        title: `${file.path} is in the repository: ${file.why}`,
        subject: file.path,
        because: [{ kind: 'compose', at: file.usedAt, text: `the stack reads ${file.path}` }],
      });
    });
  },
});
