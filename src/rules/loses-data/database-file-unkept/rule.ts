import { unknown } from '../../../facts/fact.ts';
import { each, know } from '../../../facts/know.ts';
import type { Service } from '../../../model/types.ts';
import { joinPath } from '../../../source/source-tree.ts';
import { isWithin, mountTargets } from '../../container-path.ts';
import { claim, rule } from '../../rule.ts';

/** What may be gone after a restart, by its place or its name. */
const PASSING = /^\/(?:tmp|dev\/shm|var\/tmp|run)\/|cache|\btmp\b|celerybeat/i;

export default rule({
  on: 'service',
  severity: 'error',
  summary: 'an application keeps its database in a file of the container',
  why: 'The file lies in the writable layer of this container. The next deployment makes a new container from the image: everything that was written is gone.',
  remedy:
    'Mount a named volume at the folder of the file, and name that folder in the setting; or use a database server.',
  proof: 'none',
  *check(service) {
    const { target, stack, compose } = service;
    if (target === undefined || stack.files.length === 0 || stack.development || target.development) return;
    if (/test|e2e|\bci\b/i.test(`${service.name} ${stack.files.join(' ')}`)) return;
    const application = yield* know(service.application);
    const files = application.databaseFiles.filter(
      ({ path, at }) => !PASSING.test(path) && !saidBefore(service, at.file),
    );
    yield* each(files, function* ({ path, through, at }) {
      const full = path.startsWith('/') ? path : joinPath(application.context.cwd, path);
      const mounts = mountTargets(service);
      if (mounts.some((mount) => mount !== undefined && isWithin(full, mount))) return;
      if (mounts.includes(undefined)) yield* know(unknown('where a volume is mounted is not known'));
      if (compose.volumesFrom.length > 0) yield* know(unknown('volumes of another container are mounted'));
      const [gap] = compose.environment.open;
      if (gap !== undefined) yield* know(unknown(gap.text, gap));
      if (application.environment.files.length > 0)
        yield* know(unknown('the application may load another address from a file'));
      yield claim({
        breaks: `kept:${service.id}`,
        severity:
          { production: 'error' as const, presumed: 'warning' as const }[stack.purpose.grade as string] ?? 'note',
        at,
        title: `${service.name} keeps its database in ${full}, which no volume holds: it is gone with the container`,
        subject: full,
        because: [
          { kind: 'source', at, text: `${through} opens ${path}` },
          {
            kind: 'compose',
            at: service.at,
            text:
              mounts.length === 0 ? `${service.name} mounts nothing` : `${service.name} mounts ${mounts.join(', ')}`,
          },
        ],
      });
    });
  },
});

/** Workers run the same code: the first service that has it is spoken of. */
function saidBefore(service: Service, file: string): boolean {
  const first = service.stack.services.find(
    ({ target, application }) =>
      target !== undefined && application.known && application.value.databaseFiles.some(({ at }) => at.file === file),
  );
  return first !== undefined && first !== service;
}
