import { each, know } from '../../../facts/know.ts';
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
  why: '`condition: service_completed_successfully` waits until the other container has ended with 0. A server runs until it is stopped: `up` waits for ever, and what waits never starts.',
  remedy: 'Wait for `service_healthy` of a server; `service_completed_successfully` is for jobs such as migrations.',
  proof: 'engine',
  *check(service) {
    yield* each(service.compose.dependsOn, function* (dependency) {
      const condition = yield* know(dependency.condition);
      if (condition !== 'service_completed_successfully' || !dependency.required) return;
      const other = service.stack.services.find((s) => s.name === dependency.service);
      if (other === undefined) return;
      const words = yield* know(wordsOfCommand(other));
      const server = other.server !== undefined && words.every((word) => word.startsWith('-')) ? other.server.name : '';
      let what = SERVERS.has(server) ? server : undefined;
      // A server's image with a command of its own may be a job (`nginx -t`, `psql -f`).
      if (what === undefined && other.server !== undefined) return;
      if (what === undefined) {
        const { launch } = yield* know(other.application);
        if (launch.role !== 'web' && launch.role !== 'worker' && launch.role !== 'scheduler') return;
        if (!(yield* know(other.process)).command.includes(launch.argv[0] ?? '')) return;
        what = launch.program;
      }
      const asked = dependency.condition.because.findLast((reason) => 'at' in reason);
      const at = asked !== undefined && 'at' in asked ? asked.at : dependency.at;
      yield claim({
        breaks: service.nodes.starts,
        at,
        title: `${service.name} waits until ${other.name} has ended, and ${other.name} runs ${what}, which never ends`,
        subject: other.name,
        because: [
          {
            kind: 'compose',
            at,
            text: `${service.name} waits for service_completed_successfully of ${other.name}`,
          },
          { kind: 'compose', at: other.at, text: `${other.name} runs ${what}` },
        ],
      });
    });
  },
});
