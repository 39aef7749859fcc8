import { know } from '../../../facts/know.ts';
import { claim, rule } from '../../rule.ts';

export default rule({
  on: 'service',
  severity: 'warning',
  summary: 'the image of a server without a version',
  why: 'A pull on another day brings another major version. A database then refuses the data folder of the one before and does not start.',
  remedy: 'Name at least the major version.',
  proof: 'none',
  *check(service) {
    if (service.compose.image === undefined || service.compose.build !== undefined || service.stack.development) return;
    const reference = yield* know(service.compose.image.fact);
    if (service.server === undefined || reference.includes('@')) return;
    const tag = /:([^/:]+)$/.exec(reference)?.[1] ?? 'latest';
    if (/\d/.test(tag)) return;
    yield claim({
      at: service.compose.image.at,
      title: `${service.name} takes whatever ${service.server.name} is newest (${reference})`,
      subject: reference,
      because: [{ kind: 'compose', at: service.compose.image.at, text: `image: ${reference}` }],
    });
  },
});
