import { each, know } from '../../../facts/know.ts';
import { isWithin } from '../../container-path.ts';
import { claim, rule } from '../../rule.ts';

export default rule({
  on: 'service',
  severity: 'error',
  summary: 'the data folder of a server is a tmpfs in production',
  why: 'A tmpfs lives in memory: everything in it is gone as soon as the container stops, a restart included.',
  remedy: 'Mount a named volume there.',
  proof: 'engine',
  *check(service) {
    const { server, compose, stack } = service;
    if (server === undefined || stack.purpose.grade !== 'production') return;
    const mounts = [
      ...compose.tmpfs.map((t) => ({ at: t.at, target: t.target })),
      ...compose.volumes
        .filter((m) => m.type.known && m.type.value === 'tmpfs')
        .map((m) => ({ at: m.at, target: m.target.fact })),
    ];
    yield* each(mounts, function* (mount) {
      const target = yield* know(mount.target);
      const data = server.data.find((d) => isWithin(d.path, target));
      if (data === undefined || server.scratch.some((path) => isWithin(path, target))) return;
      yield claim({
        breaks: `kept:${service.id}`,
        at: mount.at,
        title: `the data of ${service.name} (${server.name}) lie in memory: ${target} is a tmpfs`,
        subject: target,
        because: [
          { kind: 'compose', at: mount.at, text: `a tmpfs is mounted at ${target}` },
          { kind: 'server-table', ref: server.origin.source, text: `${server.name} keeps its data in ${data.path}` },
        ],
      });
    });
  },
});
