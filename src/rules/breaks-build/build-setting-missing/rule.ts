import { brokenSteps } from '../../broken-steps.ts';
import { rule } from '../../rule.ts';

export default rule({
  on: 'target',
  severity: 'error',
  summary: 'a step of the build loads settings that ask for what only the running container has',
  why: 'manage.py loads the settings before it does anything. Variables of compose and env files are not there while an image is built: `os.environ["SECRET_KEY"]` ends the step, and collectstatic ends without STATIC_ROOT.',
  remedy:
    'Give the step a value of its own (`RUN SECRET_KEY=build python manage.py collectstatic --noinput`) or the setting a default; run migrations when the container starts.',
  proof: 'engine',
  *check(target) {
    yield* brokenSteps(target, ['setting-missing'], { concerns: /^\s*RUN\b.*\bmanage\.py\b/is });
  },
});
