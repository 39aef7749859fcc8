import { type Fact, known, unknown } from '../../../facts/fact.ts';
import { each, know } from '../../../facts/know.ts';
import { unconsumedQueues } from '../../../source/python/celery.ts';
import { celeryOf } from '../../../source/python/celery-of.ts';
import { nobodyElse, startedProcesses } from '../../other-processes.ts';
import { claim, rule } from '../../rule.ts';
import { literally } from '../../speaks-of.ts';

export default rule({
  on: 'stack',
  severity: 'error',
  summary: 'tasks go to a queue that no worker consumes',
  why: 'Celery puts the task into the queue and reports nothing. No worker looks there: the task waits for ever, and whoever waits for its result too.',
  remedy: 'Name the queue in `-Q` of a worker, or send the task to a queue that is consumed.',
  proof: 'engine',
  *check(stack) {
    const started = startedProcesses(stack);
    const workers = started.filter(
      ({ source }) => source.launch.program === 'celery' && source.launch.role === 'worker',
    );
    const [worker] = workers;
    if (worker === undefined) return;
    yield* each(started, function* ({ service, source }) {
      const facts = celeryOf(source);
      if (facts === undefined || facts.queues.length + facts.routing.length === 0) return;
      const defaultQueue = yield* know(facts.defaultQueue);
      const consumed = new Set<string>();
      for (const { source: own } of workers) {
        const queues = own.launch.queues ?? [defaultQueue];
        const [declared] = facts.declared;
        if (own.launch.queues === undefined && declared !== undefined)
          yield* know(unknown('task_queues is set', declared));
        for (const name of queues) consumed.add(yield* know(plain(name)));
      }
      const left = yield* know(unconsumedQueues(facts, consumed));
      yield* each(left, function* ({ name, at }) {
        yield* nobodyElse(stack, `consume ${name}`, consumer(name), service);
        yield claim({
          breaks: worker.service.nodes.reachable,
          at,
          title: `tasks go to the queue ${name}, which no worker consumes`,
          subject: name,
          because: workers.map(({ service: w }) => ({
            kind: 'compose',
            at: w.process.known ? w.process.value.at : w.at,
            text: `${w.name} consumes ${[...consumed].join(', ')}`,
          })),
        });
      });
    });
  },
});

function plain(name: string): Fact<string> {
  return /[$`]/.test(name) ? unknown(`which queues ${name} names is not known`) : known(name.trim());
}

function consumer(queue: string): RegExp {
  return new RegExp(`(-Q|--queues|-X)[ =]?\\S*\\b${literally(queue)}\\b`);
}
