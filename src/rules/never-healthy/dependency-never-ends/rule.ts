import { type Ask, each, know } from '../../../facts/know.ts';
import type { Service } from '../../../model/types.ts';
import { wordsOfCommand } from '../../command-words.ts';
import { claim, rule } from '../../rule.ts';

/** Servers whose own programs never end by themselves. */
const SERVERS = new Set([
  'PostgreSQL',
  'MySQL',
  'MariaDB',
  'MongoDB',
  'Redis',
  'Valkey',
  'nginx',
  'RabbitMQ',
  'Prometheus',
  'Grafana',
]);

export default rule({
  on: 'service',
  severity: 'error',
  summary: 'a service waits for the end of one that never ends',
  why: '`condition: service_completed_successfully` waits until the other container has ended with 0. A server runs until it is stopped, and a job with `restart: always` is started again each time: `up` waits for ever, and what waits never starts.',
  remedy:
    'Wait for `service_healthy` of a server; `service_completed_successfully` is for jobs such as migrations, with `restart: on-failure` or "no".',
  proof: 'engine',
  *check(service) {
    yield* each(service.compose.dependsOn, function* (dependency) {
      const condition = yield* know(dependency.condition);
      if (condition !== 'service_completed_successfully' || !dependency.required) return;
      const other = service.stack.services.find((s) => s.name === dependency.service);
      if (other === undefined) return;
      const what = yield* endless(other);
      if (what === undefined) return;
      const asked = dependency.condition.because.findLast((reason) => 'at' in reason);
      const at = asked !== undefined && 'at' in asked ? asked.at : dependency.at;
      yield claim({
        breaks: service.nodes.starts,
        at,
        title: `${service.name} waits until ${other.name} has ended, and ${other.name} ${what}`,
        subject: other.name,
        because: [
          {
            kind: 'compose',
            at,
            text: `${service.name} waits for service_completed_successfully of ${other.name}`,
          },
          { kind: 'compose', at: other.compose.restart?.at ?? other.at, text: `${other.name} ${what}` },
        ],
      });
    });
  },
});

/** Why a service never comes to an end; undefined: it may. */
function* endless(other: Service): Generator<Ask, string | undefined, unknown> {
  // Seen on 2026-11-21 (Compose 2.40): `up` waits on while the job is started again and again.
  const restart = other.compose.restart?.fact;
  if (restart !== undefined && /^(always|unless-stopped)$/.test(yield* know(restart)))
    return `is started again whenever it ends (restart: ${restart.known ? restart.value : ''})`;
  const words = yield* know(wordsOfCommand(other));
  const { server } = other;
  if (server !== undefined)
    // A server's image with a command of its own may be a job (`nginx -t`, `psql -f`).
    return SERVERS.has(server.name) && words.every((word) => word.startsWith('-'))
      ? `runs ${server.name}, which never ends`
      : undefined;
  const { launch } = yield* know(other.application);
  if (launch.role !== 'web' && launch.role !== 'worker' && launch.role !== 'scheduler') return undefined;
  const process = yield* know(other.process);
  return process.command.includes(launch.argv[0] ?? '') ? `runs ${launch.program}, which never ends` : undefined;
}
