import { brokenSteps } from '../../broken-steps.ts';
import { rule } from '../../rule.ts';

export default rule({
  on: 'target',
  severity: 'error',
  summary: 'an install names a group of dependencies that the project does not have',
  why: 'Poetry 2 and uv stop when an option asks for, or leaves out, a group that pyproject.toml does not declare: `--without dev` is not a way to say "no development dependencies" where there are none.',
  remedy: 'Leave the option out, name a group that is there, or declare the group.',
  proof: 'engine',
  *check(target) {
    yield* brokenSteps(target, ['group-missing'], {
      concerns: /^\s*RUN\b.*\b(poetry|uv)\s.*--((with|without|only)|((no|only)-)?group)\b/is,
    });
  },
});
