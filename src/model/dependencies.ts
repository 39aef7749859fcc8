import type { Dependency, Stack } from './types.ts';

/** What fails because something else does: an image that is not built does not start, a service that is not healthy stops
 * those that wait for it. */
export function dependenciesOf(stacks: readonly Stack[]): readonly Dependency[] {
  return stacks.flatMap((stack) =>
    stack.services.flatMap((service): Dependency[] => {
      const own: Dependency[] = [
        { from: service.nodes.starts, to: service.nodes.healthy, at: service.at, text: '' },
        { from: service.nodes.starts, to: service.nodes.reachable, at: service.at, text: '' },
      ];
      if (service.target !== undefined)
        own.push({
          from: `built:${service.target.id}`,
          to: service.nodes.starts,
          at: service.at,
          text: stack.files.length === 0 ? '' : `${service.name} is built from it, so it never starts`,
        });
      for (const dependency of service.compose.dependsOn) {
        const other = stack.services.find((s) => s.name === dependency.service);
        if (other === undefined || !dependency.required || !dependency.condition.known) continue;
        const healthy = dependency.condition.value === 'service_healthy';
        if (dependency.condition.value === 'service_started' && dependency.from !== 'depends_on') continue;
        own.push({
          from: healthy ? other.nodes.healthy : other.nodes.starts,
          to: service.nodes.starts,
          at: dependency.at,
          text: healthy
            ? `${service.name} waits until ${other.name} is healthy, so it never starts`
            : `${service.name} waits for ${other.name}, so it never starts`,
        });
      }
      return own;
    }),
  );
}
