import { each } from '../../../facts/know.ts';
import { claim, rule } from '../../rule.ts';

export default rule({
  on: 'target',
  severity: 'note',
  summary: 'the protocol of EXPOSE is written in capitals',
  why: 'Everything else writes tcp and udp in small letters.',
  remedy: 'Write it in small letters.',
  aliases: ['ExposeProtoCasing'],
  proof: 'none',
  decides: 'always',
  *check(target) {
    yield* each(target.dockerfile.instructions, function* (instruction) {
      if (instruction.keyword !== 'EXPOSE') return;
      const odd = instruction.words.find(({ text }) => /\/.*[A-Z]/.test(text) && !text.includes('$'));
      if (odd === undefined) return;
      yield claim({
        at: instruction.place,
        title: `EXPOSE ${odd.text}: protocols are written in small letters`,
        subject: odd.text,
      });
    });
  },
});
