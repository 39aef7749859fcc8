import { each, know } from '../../../facts/know.ts';
import { claim, rule } from '../../rule.ts';

export default rule({
  on: 'service',
  severity: 'error',
  summary: 'a service waits for the health of one that has no health check',
  why: '`condition: service_healthy` needs a health check, in the image or in the compose file. Without one Compose stops: "container has no healthcheck configured".',
  remedy: 'Give the other service a health check, or wait for `service_started`.',
  proof: 'engine',
  *check(service) {
    yield* each(service.compose.dependsOn, function* (dependency) {
      const condition = yield* know(dependency.condition);
      if (condition !== 'service_healthy') return;
      const other = service.stack.services.find((s) => s.name === dependency.service);
      if (other === undefined) return;
      const probe = yield* know(other.probe);
      if (probe !== null) return;
      const asked = dependency.condition.because.findLast((reason) => 'at' in reason);
      const at = asked !== undefined && 'at' in asked ? asked.at : dependency.at;
      yield claim({
        breaks: service.nodes.starts,
        at,
        title: `${service.name} waits until ${other.name} is healthy, and ${other.name} has no health check`,
        subject: other.name,
        because: [
          { kind: 'compose', at, text: `${service.name} waits for service_healthy of ${other.name}` },
          { kind: 'compose', at: other.at, text: `${other.name} has no health check, neither here nor in its image` },
        ],
        fix: { safety: 'unsafe', title: `give ${other.name} a health check`, edits: [] },
      });
    });
  },
});
