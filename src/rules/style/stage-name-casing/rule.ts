import { each } from '../../../facts/know.ts';
import { claim, rule } from '../../rule.ts';

export default rule({
  on: 'target',
  severity: 'note',
  summary: 'a stage name has capitals',
  why: 'Stage names are looked up without regard to case; two spellings of one name look like two stages.',
  remedy: 'Write stage names in small letters.',
  aliases: ['StageNameCasing'],
  proof: 'none',
  decides: 'always',
  *check(target) {
    yield* each(target.dockerfile.stages, function* ({ from }) {
      const name = from.alias?.text;
      if (name === undefined || name === name.toLowerCase()) return;
      yield claim({ at: from.place, title: `the stage ${name} should be written in small letters`, subject: name });
    });
  },
});
