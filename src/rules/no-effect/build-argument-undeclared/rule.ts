import type { Fact } from '../../../facts/fact.ts';
import { each, know } from '../../../facts/know.ts';
import type { Place } from '../../../text/place.ts';
import { declaredArguments } from '../../argument-uses.ts';
import { claim, rule } from '../../rule.ts';

export default rule({
  on: 'target',
  severity: 'warning',
  summary: 'a build argument is given that no ARG declares',
  why: 'BuildKit drops a value whose name no ARG line declares, without a word: the build uses its defaults. ENV does not take it either.',
  remedy: 'Declare it with ARG in the stage that needs it, correct the name, or do not give it.',
  proof: 'none',
  *check(target) {
    const { dockerfile, trace } = target;
    const declared = new Set(declaredArguments(dockerfile).map(({ name }) => name));
    const asked = [...target.args].filter(([name]) => !declared.has(name) && !PREDEFINED.test(name));
    yield* each(asked, function* ([name, fact]) {
      const at = placeOf(fact);
      if (at === undefined || dockerfile.syntax?.image.includes('dockerfile') === false) return;
      // ONBUILD lines of a base may declare arguments.
      for (const stage of trace.stages) if (stage.baseStage === undefined) yield* know(stage.base.user);
      const near = [...declared].find((other) => other.toLowerCase() === name.toLowerCase());
      yield claim({
        at,
        title: `${dockerfile.file} declares no ARG ${name}: the value is dropped${near === undefined ? '' : `; ${near} is declared`}`,
        subject: `${dockerfile.file} ${name}`,
        because: [
          { kind: 'compose', at, text: `${name} is given as a build argument` },
          {
            kind: 'line',
            at: target.at,
            text: declared.size === 0 ? 'no line is an ARG' : `declared are ${[...declared].slice(0, 8).join(', ')}`,
          },
        ],
      });
    });
  },
});

/** Declared by BuildKit itself, or read by it. */
const PREDEFINED =
  /^(BUILDKIT_\w+|SOURCE_DATE_EPOCH|(https?|ftp|no|all)_proxy|(TARGET|BUILD)(PLATFORM|OS|ARCH|VARIANT|STAGE)|DOCKER_BUILDKIT|COMPOSE_\w+)$/i;

function placeOf(fact: Fact<string>): Place | undefined {
  return fact.because.flatMap((reason) => ('at' in reason ? [reason.at] : []))[0];
}
