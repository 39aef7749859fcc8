import { brokenSteps } from '../../broken-steps.ts';
import { rule } from '../../rule.ts';

/** Folders that builds write to, by the habits of their tools. */
const OUTPUT = /^(.*\/)?(dist|build|out|target|bin|publish|release|artifacts?|\.next|\.output|_build|rel)(\/|$)/;

export default rule({
  on: 'target',
  severity: 'error',
  summary: 'COPY or ADD names a path that is not there',
  why: 'BuildKit looks each source up in the build context (or in the stage of --from). A path that is not there stops the build. A wildcard that matches nothing is silent; it is judged where the files are needed.',
  remedy: 'Name a path that exists relative to the build context, or build with the context that has it.',
  proof: 'engine',
  *check(target) {
    yield* brokenSteps(target, ['copy-source-absent'], {
      concerns: /^\s*(COPY|ADD)\b/i,
      // What git hides, and what bears the name of a build's output, is made by a step outside the build: missing by design.
      undecided: (broken) => {
        if (broken.detail['gitIgnored'] === 'true')
          return `${broken.subject} is hidden from git: something outside the build makes it`;
        return OUTPUT.test(broken.detail['path'] ?? broken.subject) &&
          !broken.because.some((reason) => /--from/i.test(reason.text))
          ? `${broken.subject} looks like the output of a build that runs before this one`
          : undefined;
      },
    });
  },
});
