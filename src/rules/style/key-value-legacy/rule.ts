import { each } from '../../../facts/know.ts';
import { claim, rule } from '../../rule.ts';

export default rule({
  on: 'target',
  severity: 'note',
  summary: 'ENV or LABEL with a space instead of =',
  why: 'The old form takes the rest of the line as one value, so that it can set one name only.',
  remedy: 'Write NAME=value.',
  aliases: ['LegacyKeyValueFormat'],
  proof: 'none',
  decides: 'always',
  *check(target) {
    yield* each(target.dockerfile.instructions, function* (instruction) {
      if (instruction.keyword !== 'ENV' && instruction.keyword !== 'LABEL') return;
      const old = instruction.pairs.find((pair) => pair.old);
      if (old === undefined) return;
      yield claim({
        at: instruction.place,
        title: `${instruction.keyword} ${old.key.text} is written with a space instead of =`,
        subject: old.key.text,
      });
    });
  },
});
