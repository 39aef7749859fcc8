import { each } from '../../../facts/know.ts';
import { claim, rule } from '../../rule.ts';

export default rule({
  on: 'target',
  severity: 'note',
  summary: 'FROM and AS are written in different cases',
  why: 'It reads as two languages.',
  remedy: 'Write both in capitals.',
  aliases: ['FromAsCasing'],
  proof: 'none',
  decides: 'always',
  *check(target) {
    yield* each(target.dockerfile.stages, function* ({ from }) {
      const as = /\s(as)\s+\S+\s*$/i.exec(from.original)?.[1];
      if (as === undefined || isUpper(as) === isUpper(from.written)) return;
      yield claim({ at: from.place, title: `${from.written} and ${as} are written in different cases`, subject: as });
    });
  },
});

function isUpper(text: string): boolean {
  return text === text.toUpperCase();
}
