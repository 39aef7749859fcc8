import { brokenSteps } from '../../broken-steps.ts';
import { rule } from '../../rule.ts';

export default rule({
  on: 'target',
  severity: 'error',
  summary: 'a version of a Python package is asked for that does not exist for the Python of the image',
  why: 'A release says which Pythons it is for, and some bring nothing but wheels. pip leaves out what does not fit and stops with "No matching distribution found".',
  remedy: 'Take the Python that the requirements were made with, or a release that is made for this one.',
  proof: 'engine',
  *check(target) {
    yield* brokenSteps(target, ['release-unavailable'], { concerns: /^\s*RUN\b.*\b(pip[\d.]*|uv)\s.*install/is });
  },
});
