import { each } from '../../../facts/know.ts';
import { claim, rule } from '../../rule.ts';

export default rule({
  on: 'target',
  severity: 'warning',
  summary: 'apt-get update stands in a layer of its own',
  why: 'The layer stays in the cache while the install below it changes: it then asks for versions that the mirror has no more, and the build fails on a day nobody chose.',
  remedy: 'Write apt-get update && apt-get install in one RUN.',
  aliases: ['DS017'],
  proof: 'none',
  decides: 'always',
  *check(target) {
    yield* each(target.trace.stages, function* (stage) {
      const apt = stage.steps.filter((s) => /^apt(-get)?$/.test(s.argv?.[0] ?? ''));
      const update = apt.find((s) => s.argv?.includes('update') === true);
      if (update === undefined) return;
      const same = apt.some((s) => s.instruction === update.instruction && s !== update && !s.argv?.includes('update'));
      const later = apt.find((s) => s.instruction > update.instruction && s.argv?.includes('install') === true);
      if (same || later === undefined) return;
      if (apt.some((s) => s.instruction === later.instruction && s.argv?.includes('update') === true)) return;
      yield claim({
        at: update.at,
        title: `apt-get update is cached apart from the install in line ${later.at.line}`,
        subject: `${stage.index} update`,
        because: [{ kind: 'line', at: later.at, text: later.argv?.join(' ') ?? 'apt-get install' }],
      });
    });
  },
});
