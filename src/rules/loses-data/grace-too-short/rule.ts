import type { Reason } from '../../../facts/fact.ts';
import { know } from '../../../facts/know.ts';
import type { Service } from '../../../model/types.ts';
import { claim, rule } from '../../rule.ts';

/** What the engine waits for after the stop signal when nothing else is said. */
const DEFAULT_GRACE = 10;
/** Options with which a process says how long it takes to end its work, in seconds. */
const OPTIONS = [
  { program: 'gunicorn', option: /^--graceful-timeout(?:=(\d+))?$/, what: 'requests may take' },
  { program: 'uvicorn', option: /^--timeout-graceful-shutdown(?:=(\d+))?$/, what: 'requests may take' },
  { program: 'celery', option: /^--(?:hard-)?time-limit(?:=(\d+))?$/, what: 'a task may take' },
];

export default rule({
  on: 'service',
  severity: 'warning',
  summary: 'a process is killed before it can end its work',
  why: 'After the stop signal the engine waits for the grace period (10 s when nothing is said) and then sends SIGKILL: requests and tasks are cut off, a database must repair its files at the next start.',
  remedy: 'Set `stop_grace_period` to more than the process needs, and leave the stop signal of the image.',
  proof: 'engine',
  *check(service) {
    const { compose, server, stack } = service;
    if (stack.development) return;
    const { stopSignal, stopGracePeriod } = compose;
    if (stopSignal !== undefined) {
      const signal = (yield* know(stopSignal.fact)).replace(/^SIG/i, '').toUpperCase();
      if (signal === 'KILL' || signal === '9')
        yield claim(
          said(
            service,
            stopSignal.at,
            `${service.name} is stopped with SIGKILL, without a chance to end its work`,
            'stop_signal',
          ),
        );
    }
    const grace = stopGracePeriod === undefined ? DEFAULT_GRACE : yield* know(stopGracePeriod.fact);
    if (server !== undefined) {
      if (stopGracePeriod === undefined || (server.stopSeconds ?? 0) <= DEFAULT_GRACE || grace >= DEFAULT_GRACE) return;
      const text = `${service.name} (${server.name}) has ${grace} s to write its data and end`;
      yield claim(
        said(service, stopGracePeriod.at, text, 'stop_grace_period', [
          {
            kind: 'server-table',
            ref: server.origin.source,
            text: `${server.name} may need ${server.stopSeconds} s under load`,
          },
        ]),
      );
      return;
    }
    const process = yield* know(service.process);
    const needs = secondsOf(process.command);
    if (needs === undefined || !(needs.seconds > grace)) return;
    const text = `${needs.what} ${needs.seconds} s to end, but the engine kills ${service.name} after ${grace} s`;
    const because = { kind: 'line' as const, at: process.at, text: process.command.join(' ') };
    yield claim(said(service, process.at, text, needs.program, [because]));
  },
});

/** What a command says that it may take to end. */
function secondsOf(command: readonly string[]): { program: string; what: string; seconds: number } | undefined {
  for (const { program, option, what } of OPTIONS) {
    if (!command.some((word) => word === program || word.endsWith(`/${program}`))) continue;
    const at = command.findIndex((word) => option.test(word));
    if (at === -1) return undefined;
    return { program, what, seconds: Number(option.exec(command[at] ?? '')?.[1] ?? command[at + 1]) };
  }
  return undefined;
}

function said(service: Service, at: Service['at'], title: string, subject: string, because: readonly Reason[] = []) {
  return { breaks: `kept:${service.id}` as const, at, title, subject: `${service.name} ${subject}`, because };
}
