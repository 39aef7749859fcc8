import { unknown } from '../../../facts/fact.ts';
import { each, know } from '../../../facts/know.ts';
import { claim, rule } from '../../rule.ts';

export default rule({
  on: 'service',
  severity: 'error',
  summary: 'a server refuses to start with a volume at the old place of its data',
  why: 'From PostgreSQL 18 on the image keeps its data in a folder per version. When something is mounted at the old place, the entrypoint stops, so that nobody loses an old database.',
  remedy:
    'Mount the volume at /var/lib/postgresql; data of an older version must be moved with pg_upgrade or dump and restore.',
  proof: 'engine',
  *check(service) {
    const { server, compose } = service;
    const stops = server?.wrongData.filter((w) => w.why.includes('entrypoint stops')) ?? [];
    if (server === undefined || stops.length === 0) return;
    yield* each(compose.volumes, function* (mount) {
      const target = yield* know(mount.target.fact);
      const wrong = stops.find((w) => w.path === target.replace(/(.)\/+$/, '$1'));
      if (wrong === undefined) return;
      const set = (service.env.get('PGDATA')?.origin ?? 'image') !== 'image';
      if (set || compose.command !== undefined || compose.entrypoint !== undefined)
        yield* know(unknown('a setting may say where the data lie'));
      const image = service.imageName.known ? service.imageName.value : server.name;
      yield claim({
        breaks: service.nodes.starts,
        at: mount.at,
        title: `${service.name} does not start with a volume at ${wrong.path}: ${image} keeps its data elsewhere`,
        subject: wrong.path,
        because: [
          { kind: 'compose', at: mount.at, text: `a volume is mounted at ${wrong.path}` },
          { kind: 'server-table', ref: server.origin.source, text: wrong.why },
        ],
      });
    });
  },
});
