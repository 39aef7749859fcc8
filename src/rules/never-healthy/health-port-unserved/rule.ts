import { know } from '../../../facts/know.ts';
import { isLoopback } from '../../../model/health-request.ts';
import type { Service } from '../../../model/types.ts';
import { claim, rule } from '../../rule.ts';
import { textEdit } from '../../text-edit.ts';

export default rule({
  on: 'service',
  severity: 'error',
  summary: 'the health check asks on a port on which nothing listens',
  why: 'The connection is refused each time, so the container never becomes healthy and what waits for it never starts.',
  remedy: 'Ask on the port on which the process listens.',
  proof: 'engine',
  *check(service) {
    const probe = yield* know(service.probe);
    const request = probe?.request;
    if (probe === null || request === undefined || !isLoopback(request.host) || isJob(service)) return;
    const ports = yield* know(service.listens);
    if (ports.some((p) => p.port === request.port)) return;
    const [first] = ports;
    const edit =
      first === undefined || ports.length > 1
        ? undefined
        : textEdit(service.stack.repo, probe.at, `:${request.port}`, `:${first.port}`);
    yield claim({
      breaks: service.nodes.healthy,
      at: probe.at,
      title: `the health check asks on port ${request.port}, on which nothing listens`,
      subject: String(request.port),
      because: [
        { kind: 'line', at: probe.at, text: `the health check asks on port ${request.port}` },
        ...ports.flatMap((p) => (p.at === undefined ? [] : [{ kind: 'line' as const, at: p.at, text: p.text }])),
      ],
      ...(edit === undefined ? {} : { fix: { safety: 'safe', title: `ask on ${first?.port}`, edits: [edit] } }),
    });
  },
});

/** Whether others wait for its end: nobody looks at the health of a job, which has that check from the image of a server. */
function isJob({ name, stack }: Service): boolean {
  return stack.services.some(({ compose }) =>
    compose.dependsOn.some(
      ({ service, condition }) =>
        service === name && condition.known && condition.value === 'service_completed_successfully',
    ),
  );
}
