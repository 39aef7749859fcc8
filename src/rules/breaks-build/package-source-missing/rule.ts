import { brokenSteps } from '../../broken-steps.ts';
import { rule } from '../../rule.ts';

export default rule({
  on: 'target',
  severity: 'error',
  summary: 'an install builds the project itself before its package or readme is in the image',
  why: '`poetry install`, `uv sync` and `pip install .` do not only install dependencies: they build the project, too. The build stops when the package, the readme or another file that pyproject.toml or setup.py names is not there, because it is copied later, ignored, or never was.',
  remedy:
    'Install the dependencies only (`poetry install --no-root`, `uv sync --no-install-project`), or copy the package and its readme first.',
  proof: 'engine',
  *check(target) {
    yield* brokenSteps(target, ['package-source-missing'], {
      concerns: /^\s*RUN\b.*\b(pip3?|poetry|uv)\s.*\b(install|sync)\b/is,
    });
  },
});
