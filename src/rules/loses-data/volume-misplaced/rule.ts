import { unknown } from '../../../facts/fact.ts';
import { each, know } from '../../../facts/know.ts';
import { isWithin } from '../../container-path.ts';
import { claim, rule } from '../../rule.ts';

export default rule({
  on: 'service',
  severity: 'error',
  summary: 'a volume is mounted where the server does not keep its data',
  why: 'The data lie elsewhere: in the container, or in an anonymous volume that nobody finds again after `docker compose down`. ',
  remedy: 'Mount the volume at the folder that this version of the image uses.',
  proof: 'engine',
  *check(service) {
    const { server, compose } = service;
    if (server === undefined || server.wrongData.length === 0) return;
    yield* each(compose.volumes, function* (mount) {
      const target = yield* know(mount.target.fact);
      const wrong = server.wrongData.find((w) => w.path === target.replace(/(.)\/+$/, '$1'));
      // Where the entrypoint stops, that is another finding.
      if (wrong === undefined || wrong.why.includes('entrypoint stops')) return;
      const right = server.data.map((d) => d.path);
      const kept = compose.volumes.some(
        (m) =>
          m !== mount &&
          m.target.fact.known &&
          right.some((p) => m.target.fact.known && isWithin(m.target.fact.value, p)),
      );
      if (kept) return;
      if (
        ['PGDATA', 'KAFKA_LOG_DIRS'].some((name) => (service.env.get(name)?.origin ?? 'image') !== 'image') ||
        compose.command !== undefined ||
        compose.entrypoint !== undefined
      )
        yield* know(unknown('a setting may say where the data lie'));
      yield claim({
        breaks: `kept:${service.id}`,
        at: mount.at,
        title: `${service.name} (${server.name}) keeps nothing in ${wrong.path}: ${wrong.why}`,
        subject: wrong.path,
        because: [
          { kind: 'compose', at: mount.at, text: `a volume is mounted at ${wrong.path}` },
          {
            kind: 'server-table',
            ref: server.origin.source,
            text: `${service.compose.image?.fact.known === true ? service.compose.image.fact.value : server.name}: the data belong in ${right.join(', ')}`,
          },
        ],
      });
    });
  },
});
