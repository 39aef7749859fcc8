import { each } from '../../../facts/know.ts';
import { finalStages, isShipped } from '../../final-stages.ts';
import { claim, rule } from '../../rule.ts';

export default rule({
  on: 'target',
  severity: 'note',
  summary: 'the lists of the package manager stay in the image',
  why: 'They are some twenty megabytes that nobody reads again; removed in a later layer they are still there.',
  remedy: 'rm -rf /var/lib/apt/lists/* in the same RUN, or RUN --mount=type=cache,target=/var/lib/apt.',
  aliases: ['DL3009'],
  proof: 'none',
  decides: 'always',
  *check(target) {
    if (!isShipped(target)) return;
    yield* each(finalStages(target), function* (stage) {
      for (const step of stage.steps) {
        const words = step.argv ?? [];
        if (!/^apt(-get)?$/.test(words[0] ?? '') || !words.includes('update')) continue;
        const run = target.dockerfile.stages[stage.index]?.instructions[step.instruction];
        if (run?.keyword !== 'RUN' || run.mounts.length > 0) continue;
        if (
          /\/var\/lib\/apt|apt-get\s+(dist)?clean\b.*lists/.test(
            run.original + run.heredocs.map((h) => h.content).join('\n'),
          )
        )
          continue;
        yield claim({
          at: step.at,
          title: 'the lists of apt-get stay in this layer',
          subject: `${stage.index} ${step.instruction}`,
          because: [
            { kind: 'line', at: step.at, text: 'apt-get update fetches them; nothing in this RUN removes them' },
          ],
        });
        return;
      }
    });
  },
});
