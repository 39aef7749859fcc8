import { each, know } from '../../../facts/know.ts';
import { withdrawn, withdrawnText } from '../../../model/withdrawn.ts';
import { claim, rule } from '../../rule.ts';

export default rule({
  on: 'stack',
  severity: 'error',
  summary: 'an image whose tag was withdrawn from its registry, or never was there',
  why: 'The tag is not there: "manifest unknown" wherever it was not pulled before.',
  remedy: 'Take the image of the product itself, or another publisher.',
  proof: 'none',
  *check(stack) {
    yield* each(stack.services, function* (service) {
      const { image, build } = service.compose;
      if (image === undefined || build !== undefined) return;
      const name = yield* know(image.fact);
      const gone = withdrawn(name);
      if (gone === undefined) return;
      yield claim({
        breaks: service.nodes.starts,
        at: image.at,
        title: `${name} (${service.name}) ${withdrawnText(gone)}`,
        subject: name,
        because: [{ kind: 'server-table', ref: gone.source, text: gone.what }],
      });
    });
  },
});
