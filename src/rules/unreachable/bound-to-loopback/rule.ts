import { each, know } from '../../../facts/know.ts';
import { reachesOutside } from '../../../source/launch/launch.ts';
import { claim, rule } from '../../rule.ts';

export default rule({
  on: 'service',
  severity: 'error',
  summary: 'a published process listens on localhost only',
  why: 'In a container 127.0.0.1 is the container itself. Neither the published port nor another service reaches it.',
  remedy: 'Listen on 0.0.0.0 inside the container; publish on 127.0.0.1 where only the host may connect.',
  proof: 'engine',
  *check(service) {
    const published = service.compose.ports;
    if (published.length === 0 || service.compose.networkMode !== undefined) return;
    const ports = yield* know(service.listens);
    yield* each(published, function* (mapping) {
      const target = yield* know(mapping.target);
      const listening = ports.filter((p) => p.port === target);
      if (listening.length === 0 || listening.some((p) => p.host === undefined || reachesOutside(p.host))) return;
      const [first] = listening;
      if (first?.at === undefined) return;
      yield claim({
        breaks: service.nodes.reachable,
        at: first.at,
        title: `${service.name} listens on ${first.host} only, so its published port reaches nobody`,
        subject: String(target),
        because: [
          { kind: 'line', at: first.at, text: `${first.text}, at ${first.host}` },
          { kind: 'compose', at: mapping.at, text: `port ${target} is published` },
        ],
      });
    });
  },
});
