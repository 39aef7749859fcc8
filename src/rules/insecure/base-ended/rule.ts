import { each, know } from '../../../facts/know.ts';
import { claim, rule } from '../../rule.ts';

export default rule({
  on: 'target',
  severity: 'warning',
  summary: 'a base image whose product has no more security fixes',
  why: 'After its end of life nobody mends holes that are found, and the image is built no more.',
  remedy: 'Move to a release that is still supported.',
  proof: 'none',
  *check(target) {
    yield* each(target.bases, function* (base) {
      const ended = yield* know(base.ended);
      if (ended === null) return;
      yield claim({
        at: base.at,
        title: `${ended.product} ${ended.cycle} has had no security fixes since ${ended.date}`,
        subject: `${ended.product} ${ended.cycle}`,
        because: [{ kind: 'line', at: base.at, text: `FROM ${base.name}` }],
        fix: {
          safety: 'unsafe',
          title: `move to a supported ${ended.product}`,
          edits: [],
          mustMeasure: ['image.builds', 'service.healthy'],
        },
      });
    });
  },
});
