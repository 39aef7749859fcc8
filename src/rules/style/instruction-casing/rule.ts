import { each } from '../../../facts/know.ts';
import { claim, rule } from '../../rule.ts';

export default rule({
  on: 'target',
  severity: 'note',
  summary: 'keywords are written in different cases',
  why: 'A file with both looks as if the difference meant something.',
  remedy: 'Write all keywords in capitals.',
  aliases: ['ConsistentInstructionCasing'],
  proof: 'none',
  decides: 'always',
  *check(target) {
    const { instructions } = target.dockerfile;
    const upper = instructions.filter((i) => i.written === i.written.toUpperCase()).length;
    const lower = instructions.filter((i) => i.written === i.written.toLowerCase()).length;
    const odd = instructions.filter((i) =>
      upper >= lower ? i.written !== i.written.toUpperCase() : i.written !== i.written.toLowerCase(),
    );
    yield* each(odd, function* (instruction) {
      yield claim({
        at: instruction.place,
        title: `${instruction.written} is written otherwise than most keywords of the file`,
        subject: instruction.written,
      });
    });
  },
});
