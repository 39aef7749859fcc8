import { unknown } from '../../../facts/fact.ts';
import { know } from '../../../facts/know.ts';
import type { Service } from '../../../model/types.ts';
import { isWithin, mountTargets } from '../../container-path.ts';
import { claim, rule } from '../../rule.ts';

/** What people keep for good; caches and queues may be empty after a restart. */
const KEEPS = new Set(['PostgreSQL', 'MySQL', 'MariaDB', 'MongoDB', 'MinIO']);

export default rule({
  on: 'service',
  severity: 'error',
  summary: 'a database without a volume for its data',
  why: 'The data lie in an anonymous volume that belongs to this container. After `docker compose down` the next `up` makes a new, empty one.',
  remedy: 'Mount a named volume at the data folder.',
  proof: 'engine',
  *check(service) {
    const { server, compose, stack } = service;
    if (server === undefined || !KEEPS.has(server.name) || stack.development || stack.files.length === 0) return;
    if (
      /test|e2e|spec|playwright|cypress|fixture|\bci\b/i.test(
        `${service.name} ${stack.files.join(' ')} ${compose.profiles.join(' ')}`,
      )
    )
      return;
    const targets = mountTargets(service);
    const data = [...server.data, ...server.wrongData].map((d) => d.path);
    if (targets.some((t) => t !== undefined && data.some((p) => isWithin(p, t) || isWithin(t, p)))) return;
    if (targets.includes(undefined)) yield* know(unknown('where a volume is mounted is not known'));
    if (compose.volumesFrom.length > 0) yield* know(unknown('volumes of another container are mounted'));
    if (
      (service.env.get('PGDATA')?.origin ?? 'image') !== 'image' ||
      (compose.command !== undefined && !namesFolder(service, data)) ||
      compose.entrypoint !== undefined
    )
      yield* know(unknown('a setting may say where the data lie'));
    yield claim({
      breaks: `kept:${service.id}`,
      // Nobody says that more than an example is meant.
      severity: { production: 'error' as const, presumed: 'warning' as const }[stack.purpose.grade as string] ?? 'note',
      at: service.at,
      title: `${service.name} (${server.name}) has no volume: its data are gone after \`docker compose down\``,
      subject: service.name,
      because: [
        { kind: 'compose', at: service.at, text: `${service.name} mounts nothing at ${data[0] ?? 'its data folder'}` },
        {
          kind: 'server-table',
          ref: server.origin.source,
          text: `${server.name} keeps its data in ${data[0] ?? 'a folder'}`,
        },
      ],
    });
  },
});

/** The command of MinIO names the folder itself. */
function namesFolder({ compose, server }: Service, data: readonly string[]): boolean {
  const words = compose.command?.fact;
  return server?.name === 'MinIO' && words?.known === true && words.value.some((word) => data.includes(word));
}
