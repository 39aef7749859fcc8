import { expect, test } from 'vitest';
import { type Fact, known } from '../../facts/fact.ts';
import { memoryTree } from '../memory-tree.ts';
import { PythonApplication } from './application.ts';
import { celeryFacts, unconsumedQueues } from './celery.ts';

function celery(files: Record<string, string>, entry: string, env: Record<string, string> = {}) {
  const { program } = new PythonApplication(memoryTree(files), { roots: [''] });
  const module = program.load(entry);
  const values = new Map(Object.entries(env).map(([name, value]) => [name, known(value)]));
  return celeryFacts(program, module ? program.reach([module]) : [], values);
}

const show = <T>(fact: Fact<T> | undefined) =>
  fact === undefined ? 'none' : fact.known ? fact.value : `unknown: ${fact.why}`;

test('the broker of an application and the variable it comes from', () => {
  const source = (broker: string) => `import os\nfrom celery import Celery\napp = Celery("shop", broker=${broker})\n`;
  const first = (broker: string, env = {}) => {
    const [app] = celery({ 'shop.py': source(broker) }, 'shop.py', env).apps;
    return [show(app?.broker), app?.brokerVariable];
  };
  expect(first('"redis://redis:6379/0"')).toEqual(['redis://redis:6379/0', undefined]);
  expect(first('os.environ.get("BROKER", "redis://localhost")')).toEqual(['redis://localhost', 'BROKER']);
  expect(first('os.environ["BROKER"]', { BROKER: 'amqp://mq' })).toEqual(['amqp://mq', 'BROKER']);
  expect(first('os.environ["BROKER"]')).toEqual(['unknown: BROKER is not set', 'BROKER']);
  expect(celery({ 'shop.py': 'from celery import Celery\napp = Celery("shop")\n' }, 'shop.py').apps).toHaveLength(1);
});

test('tasks of an application and shared tasks, under the names they are given', () => {
  const facts = celery(
    {
      'app.py': 'from celery import Celery\nimport jobs\napp = Celery("a")\n@app.task\ndef one(): ...\n',
      'jobs.py':
        'from celery import shared_task\n@shared_task(name="mail.send", queue="mail")\ndef two(): ...\n@shared_task\ndef three(): ...\ndef four(): ...\n',
    },
    'app.py',
  );
  expect(facts.tasks.map((task) => [task.name, show(task.queue)])).toEqual([
    ['one', 'none'],
    ['mail.send', 'mail'],
    ['three', 'none'],
  ]);
});

test('queues that nobody consumes', () => {
  const files = (call: string) => ({
    'app.py': `from celery import Celery\napp = Celery("a")\n@app.task\ndef one(): ...\ndef later(name):\n    ${call}\n`,
  });
  const left = (call: string, ...consumed: string[]) =>
    unconsumedQueues(celery(files(call), 'app.py'), new Set(consumed));
  const names = (fact: ReturnType<typeof left>) =>
    fact.known ? fact.value.map((queue) => `${queue.name} ${queue.at.line}`) : `unknown: ${fact.why}`;
  expect(names(left('one.apply_async(queue="mail")', 'celery'))).toEqual(['mail 6']);
  expect(names(left('one.apply_async(queue="mail")', 'celery', 'mail'))).toEqual([]);
  expect(names(left('app.send_task("other.task", queue="high")', 'celery'))).toEqual(['high 6']);
  expect(names(left('one.apply_async()', 'celery'))).toEqual([]);
  expect(names(left('one.apply_async(queue=name)', 'celery'))).toMatch(/^unknown/);
  const routed = (table: string) => left(`pass\napp.conf.task_routes = ${table}`, 'celery');
  expect(names(routed('{"one": "x"}'))).toEqual(['x 7']);
  expect(names(routed('{"one": {"queue": "x"}, "two.*": {"queue": "celery"}}'))).toEqual(['x 7']);
  expect(names(routed('make()'))).toMatch(/^unknown: the routing/);
  expect(names(routed('{"one": {"exchange": "x"}}'))).toMatch(/^unknown: the routing/);
});

test('a schedule needs a beat, wherever it is set; an empty one needs none', () => {
  const beat = (line: string) =>
    celery({ 'app.py': `from celery import Celery\napp = Celery("a")\n${line}\n` }, 'app.py').beat.length > 0;
  expect(beat('app.conf.beat_schedule = {"a": {"task": "x", "schedule": 3}}')).toBe(true);
  expect(beat('CELERY_BEAT_SCHEDULE = {"a": {}}')).toBe(true);
  expect(beat('app.conf.update(beat_schedule={"a": {}})')).toBe(true);
  expect(
    beat('@app.on_after_configure.connect\ndef setup(sender, **kw):\n    sender.add_periodic_task(10.0, x.s())'),
  ).toBe(true);
  expect(beat('app.conf.beat_schedule = {}')).toBe(false);
  expect(beat('')).toBe(false);
});
