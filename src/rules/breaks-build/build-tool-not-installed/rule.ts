import { brokenSteps } from '../../broken-steps.ts';
import { rule } from '../../rule.ts';

export default rule({
  on: 'target',
  severity: 'error',
  summary: 'a build step needs a development dependency that was not installed',
  why: 'With --omit=dev or NODE_ENV=production the installer leaves devDependencies out; bundlers and compilers are usually among them. npm runs the script `prepare` all the same, and hooks of git (husky) are development dependencies.',
  remedy:
    'Install all dependencies in the build stage; leave the development ones out of the final stage. Where only a `prepare` script wants them, `--ignore-scripts` does.',
  proof: 'engine',
  *check(target) {
    yield* brokenSteps(target, ['dev-dependency-absent'], {
      concerns: /^\s*RUN\b.*\b(npm|pnpm|yarn|bun)\b.*\bbuild\b/is,
    });
  },
});
