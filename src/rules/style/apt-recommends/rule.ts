import { each } from '../../../facts/know.ts';
import { claim, rule } from '../../rule.ts';

export default rule({
  on: 'target',
  severity: 'note',
  summary: 'apt-get installs what packages recommend',
  why: 'Recommended packages are often several times as large as what was asked for, and each has to be patched.',
  remedy: 'apt-get install --no-install-recommends',
  aliases: ['DL3015'],
  proof: 'none',
  decides: 'always',
  *check(target) {
    yield* each(target.trace.stages, function* (stage) {
      for (const step of stage.steps) {
        const words = step.argv ?? [];
        if (!/^apt(-get)?$/.test(words[0] ?? '') || !words.includes('install')) continue;
        if (words.some((word) => /install-recommends/i.test(word))) continue;
        if (stage.steps.some((s) => /apt\.conf\.d/.test(s.argv?.join(' ') ?? ''))) return;
        yield claim({
          at: step.at,
          title: `apt-get installs what ${words.filter((w) => !w.startsWith('-'))[2] ?? 'the packages'} and its like only recommend`,
          subject: words.filter((w) => !w.startsWith('-')).join(' '),
        });
        return;
      }
    });
  },
});
