import { unknown } from '../../../facts/fact.ts';
import { type Ask, each, know } from '../../../facts/know.ts';
import type { Stack } from '../../../model/types.ts';
import { celeryOf } from '../../../source/python/celery-of.ts';
import { claim, rule } from '../../rule.ts';

export default rule({
  on: 'stack',
  severity: 'warning',
  summary: 'a schedule that nothing runs',
  why: 'Celery workers do what stands in the queue; only `celery beat` puts scheduled tasks there. Without it nothing of the schedule ever happens, and nothing says so.',
  remedy: 'Add a service that runs `celery -A APP beat`, just one; or `-B` at a single worker.',
  proof: 'none',
  *check(stack) {
    const started = stack.services.flatMap((s) =>
      s.application.known ? [{ service: s, source: s.application.value }] : [],
    );
    const celery = started.filter(({ source }) => source.launch.program === 'celery');
    const workers = celery.filter(({ source }) => source.launch.role === 'worker');
    if (workers.length === 0 || stack.development) return;
    const beats = ({ source }: (typeof celery)[number]): boolean =>
      source.launch.role === 'scheduler' || source.launch.argv.some((word) => /^(-\w*B|--beat)$/.test(word));
    if (celery.some(beats)) return;
    yield* each(workers.slice(0, 1), function* ({ service, source }) {
      const [schedule] = celeryOf(source)?.beat ?? [];
      if (schedule === undefined || !('at' in schedule)) return;
      yield* nobodyElse(stack);
      yield claim({
        at: schedule.at,
        title: `nothing runs this schedule: the stack has a worker (${service.name}) and no beat`,
        subject: 'beat',
        because: [{ kind: 'compose', at: service.at, text: `${service.name} runs a worker without -B` }],
      });
    });
  },
});

/** Ends the path where a process that is not seen here may be the scheduler. */
function* nobodyElse(stack: Stack): Generator<Ask, void, unknown> {
  for (const other of stack.services) {
    if (other.server !== undefined) continue;
    if (!other.application.known) yield* know(unknown(`${other.name} may run the schedule: ${other.application.why}`));
    else if (other.application.value.launch.role === 'unknown')
      yield* know(unknown(`${other.name} may run the schedule`));
  }
  const { repo, model } = stack;
  const elsewhere = repo
    .files()
    .filter(
      (file) =>
        /\.(ya?ml|sh|md|rst|toml|json|conf|service|ini)$|(^|\/)(Procfile|Makefile|justfile)/.test(file) &&
        !model.loaded.includes(file),
    )
    .find((file) =>
      /celery[^\n]*\s(beat\b|-\w*B\b|--beat)|\bbeat\b[^\n]*celery|celerybeat/i.test(repo.text(file) ?? ''),
    );
  if (elsewhere !== undefined) yield* know(unknown(`${elsewhere} speaks of beat`));
}
