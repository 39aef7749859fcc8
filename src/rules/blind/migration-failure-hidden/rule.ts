import { know } from '../../../facts/know.ts';
import type { Service } from '../../../model/types.ts';
import type { Place } from '../../../text/place.ts';
import { migrationsOf } from '../../migrations.ts';
import { claim, rule } from '../../rule.ts';

export default rule({
  on: 'service',
  severity: 'warning',
  summary: 'the failure of a migration is ignored',
  why: 'The application starts on a database of the wrong shape, reports that it is healthy, and fails at the first request that needs what is missing.',
  remedy:
    'Join with `&&` or begin the script with `set -e`, or run the migration as a service of its own that others wait for (`service_completed_successfully`).',
  proof: 'none',
  *check(service) {
    const own = service.target ?? service.compose.command ?? service.compose.entrypoint;
    if (own === undefined || service.server !== undefined) return;
    yield* know(service.startTexts);
    for (const { command, at, hidden } of migrationsOf(service)) {
      if (hidden === undefined || said(service, at)) continue;
      yield claim({
        at,
        title: `${service.name} starts also when ${command} fails`,
        subject: command,
        because: [
          {
            kind: 'line',
            at,
            text:
              hidden === 'the next line'
                ? 'without `set -e` the script goes on with its next line'
                : `\`${hidden}\` lets the start go on`,
          },
        ],
      });
    }
  },
});

/** Whether another service of the stack that comes before has said it: they share the script. */
function said(service: Service, at: Place): boolean {
  const { services } = service.stack;
  return services
    .slice(0, services.indexOf(service))
    .some((s) => migrationsOf(s).some((m) => m.hidden !== undefined && m.at.file === at.file && m.at.line === at.line));
}
