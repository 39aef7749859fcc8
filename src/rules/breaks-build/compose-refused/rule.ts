import type { ComposeProblemKind } from '../../../compose/problem.ts';
import { unknown } from '../../../facts/fact.ts';
import { each, know } from '../../../facts/know.ts';
import { missingElsewhere } from '../../missing-elsewhere.ts';
import { claim, rule } from '../../rule.ts';

/** Files that are not there may be made by hand or come from elsewhere: other rules speak of them. */
const OTHERS: ReadonlySet<ComposeProblemKind> = new Set([
  'missing-file',
  'unreadable-file',
  'env-file',
  'missing-env-file',
  'too-large',
]);

export default rule({
  on: 'stack',
  severity: 'error',
  summary: 'Compose refuses the files',
  why: 'Compose reads all files before it does anything. A text that is no YAML, an unknown key, a value of a wrong kind or a name that nothing declares ends every command: nothing is built and nothing starts.',
  remedy: 'Correct the place; `docker compose config` shows what Compose reads.',
  proof: 'engine',
  *check(stack) {
    // Replicas with one name are `replicas-collide`.
    const refused = stack.model.problems.filter(
      (p) => p.effect === 'refused' && !OTHERS.has(p.kind) && !p.text.endsWith('a fixed container_name'),
    );
    // Newer releases merge a resource with the included one of its name: only older ones stop.
    const conflict = refused.find((p) => p.kind === 'include' && p.text.includes(' conflicts with '));
    const seen = new Set<string>();
    yield* each(refused, function* (problem) {
      const cause = `${problem.at.file} ${problem.kind === 'unknown-key' ? lastKey(problem.text) : problem.at.line}`;
      if (seen.has(cause)) return;
      seen.add(cause);
      if (
        conflict !== undefined &&
        (problem.kind === 'include' || problem.text.includes('neither an image nor a build'))
      )
        yield* know(unknown(`Compose before 5 stops here (${conflict.text}), newer releases merge the two`));
      const missing = missingElsewhere(stack, problem);
      if (missing !== undefined) yield* know(missing);
      const fixture = /(^|\/)(fixtures?|test-?data|__tests__)(\/|$)/.test(problem.at.file);
      yield claim({
        at: problem.at,
        severity: fixture ? 'note' : 'error',
        title: problem.text,
        subject: `${problem.kind} ${problem.text}`,
        because: [
          {
            kind: 'compose',
            at: problem.at,
            text:
              problem.remedy === undefined
                ? 'docker compose stops here'
                : `docker compose stops here; ${problem.remedy}`,
          },
        ],
      });
    });
  },
});

/** The key itself: that each service has it is one mistake. */
function lastKey(text: string): string {
  return (text.split(' ')[0] ?? '').split('.').at(-1) ?? text;
}
