import { each } from '../../../facts/know.ts';
import { celeryOf } from '../../../source/python/celery-of.ts';
import { nobodyElse, startedProcesses } from '../../other-processes.ts';
import { claim, rule } from '../../rule.ts';

export default rule({
  on: 'stack',
  severity: 'warning',
  summary: 'a schedule that nothing runs',
  why: 'Celery workers do what stands in the queue; only `celery beat` puts scheduled tasks there. Without it nothing of the schedule ever happens, and nothing says so.',
  remedy: 'Add a service that runs `celery -A APP beat`, just one; or `-B` at a single worker.',
  proof: 'none',
  *check(stack) {
    const started = startedProcesses(stack);
    const celery = started.filter(({ source }) => source.launch.program === 'celery');
    const workers = celery.filter(({ source }) => source.launch.role === 'worker');
    if (workers.length === 0 || stack.development) return;
    const beats = ({ source }: (typeof celery)[number]): boolean =>
      source.launch.role === 'scheduler' || source.launch.argv.some((word) => /^(-\w*B|--beat)$/.test(word));
    if (celery.some(beats)) return;
    yield* each(workers.slice(0, 1), function* ({ service, source }) {
      const [schedule] = celeryOf(source)?.beat ?? [];
      if (schedule === undefined || !('at' in schedule)) return;
      yield* nobodyElse(stack, 'run the schedule', BEAT);
      yield claim({
        at: schedule.at,
        title: `nothing runs this schedule: the stack has a worker (${service.name}) and no beat`,
        subject: 'beat',
        because: [{ kind: 'compose', at: service.at, text: `${service.name} runs a worker without -B` }],
      });
    });
  },
});

const BEAT = /celery[^\n]*\s(beat\b|-\w*B\b|--beat)|\bbeat\b[^\n]*celery|celerybeat/i;
