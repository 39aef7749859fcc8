import { unknown } from '../../../facts/fact.ts';
import { know } from '../../../facts/know.ts';
import { isWithin, mountTargets } from '../../container-path.ts';
import { claim, rule } from '../../rule.ts';

/** Servers that were seen to stop when these folders cannot be written. */
const STOPS: ReadonlyMap<string, RegExp> = new Map([
  ['nginx', /^\/var\/(cache\/nginx|run)$/],
  ['PostgreSQL', /^\/var\/run\/postgresql$/],
]);

export default rule({
  on: 'service',
  severity: 'error',
  summary: 'a read-only root without the folders that the server must write',
  why: 'With `read_only: true` only mounts can be written. The server cannot make its lock, pid or cache files and stops: "Read-only file system".',
  remedy: 'Mount a tmpfs at these folders.',
  proof: 'engine',
  *check(service) {
    const { server, compose } = service;
    const stops = server === undefined ? undefined : STOPS.get(server.name);
    if (server === undefined || stops === undefined || compose.readOnly === undefined) return;
    const readOnly = yield* know(compose.readOnly.fact);
    if (!readOnly) return;
    const targets = mountTargets(service);
    const missing = server.scratch.filter(
      (path) => stops.test(path) && !targets.some((t) => t !== undefined && isWithin(path, t)),
    );
    if (missing.length === 0) return;
    if (targets.includes(undefined)) yield* know(unknown('where a volume is mounted is not known'));
    if (
      compose.command !== undefined ||
      compose.entrypoint !== undefined ||
      targets.some((t) => t?.startsWith('/etc/') === true)
    )
      yield* know(unknown(`settings of ${service.name} may say where it writes`));
    yield claim({
      breaks: service.nodes.starts,
      at: compose.readOnly.at,
      title: `${service.name} (${server.name}) cannot write ${missing.join(', ')}`,
      subject: 'read_only',
      because: [
        { kind: 'compose', at: compose.readOnly.at, text: 'the root file system is read-only' },
        { kind: 'server-table', ref: server.origin.source, text: `${server.name} writes ${missing.join(', ')}` },
      ],
    });
  },
});
