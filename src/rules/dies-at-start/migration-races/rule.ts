import { each, know } from '../../../facts/know.ts';
import type { Service, Stack } from '../../../model/types.ts';
import { migrationsOf } from '../../migrations.ts';
import { claim, rule } from '../../rule.ts';

export default rule({
  on: 'service',
  severity: 'warning',
  summary: 'several containers run the same migration at the same time',
  why: 'The tool takes no lock: two that start together make the same tables and columns. One of them fails ("already exists") and ends, or both do half of it.',
  remedy: 'Run the migration in one service of its own; let the others wait for it (`service_completed_successfully`).',
  // Which of the two fails, and whether, depends on who is faster.
  proof: 'none',
  *check(service) {
    const { stack, compose } = service;
    if (service.server !== undefined || compose.profiles.length > 0) return;
    if (service.target === undefined && compose.command === undefined && compose.entrypoint === undefined) return;
    const twin = stack.services.some(
      (s) => s !== service && s.target !== undefined && s.target.dockerfile === service.target?.dockerfile,
    );
    if (!twin && compose.replicas === undefined) return;
    yield* know(service.startTexts);
    const own = migrationsOf(service).filter((m) => !m.locks);
    yield* each(own, function* ({ command, at }) {
      const replicas = compose.replicas === undefined ? 1 : yield* know(compose.replicas.fact);
      const earlier = stack.services
        .slice(0, stack.services.indexOf(service))
        .find((other) => rival(stack, service, other, command));
      if (earlier === undefined && replicas < 2) return;
      yield claim({
        breaks: service.nodes.starts,
        at: service.at,
        title:
          earlier === undefined
            ? `${replicas} replicas of ${service.name} all run ${command} when they start`
            : `${earlier.name} and ${service.name} both run ${command} when they start`,
        subject: `${service.name} ${command}`,
        because: [
          { kind: 'line', at, text: `${command} runs before the process` },
          ...(earlier === undefined
            ? []
            : [
                {
                  kind: 'compose' as const,
                  at: earlier.at,
                  text: `${earlier.name} runs it too, and neither waits for the other`,
                },
              ]),
        ],
      });
    });
  },
});

/** Whether another service runs the same migration of the same code, and may do it at the same time. */
function rival(stack: Stack, service: Service, other: Service, command: string): boolean {
  if (other.target === undefined || other.target.dockerfile !== service.target?.dockerfile) return false;
  if (other.compose.profiles.length > 0 || !migrationsOf(other).some((m) => m.command === command)) return false;
  return !waits(stack, service, other) && !waits(stack, other, service);
}

/** Whether a service starts only after another is healthy or done, over others too. */
function waits(stack: Stack, who: Service, forWhom: Service, seen: readonly string[] = []): boolean {
  return who.compose.dependsOn.some((dependency) => {
    const waited = !dependency.condition.known || dependency.condition.value !== 'service_started';
    if (!waited || seen.includes(dependency.service)) return false;
    if (dependency.service === forWhom.name) return true;
    const next = stack.services.find((s) => s.name === dependency.service);
    return next !== undefined && waits(stack, next, forWhom, [...seen, dependency.service]);
  });
}
