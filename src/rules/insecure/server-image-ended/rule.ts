import { know } from '../../../facts/know.ts';
import { claim, rule } from '../../rule.ts';

export default rule({
  on: 'service',
  severity: 'warning',
  summary: 'the image of a server whose product has no more security fixes',
  why: 'After its end of life nobody mends holes that are found, and the image is built no more.',
  remedy: 'Move to a release that is still supported; a database needs its data moved too.',
  proof: 'none',
  *check(service) {
    if (service.target !== undefined || service.compose.build !== undefined || service.stack.development) return;
    const ended = yield* know(service.ended);
    if (ended === null) return;
    const at = service.compose.image?.at ?? service.at;
    yield claim({
      // Products with a release every few weeks are always a little behind.
      severity: /^(Prometheus|Grafana|Loki|Traefik)/i.test(ended.product) ? 'note' : 'warning',
      at,
      title: `${ended.product} ${ended.cycle} (${service.name}) has had no security fixes since ${ended.date}`,
      subject: `${ended.product} ${ended.cycle}`,
      because: [{ kind: 'compose', at, text: `image: ${service.imageName.known ? service.imageName.value : ''}` }],
      fix: {
        safety: 'unsafe',
        title: `move to a supported ${ended.product}`,
        edits: [],
        mustMeasure: ['service.healthy'],
      },
    });
  },
});
