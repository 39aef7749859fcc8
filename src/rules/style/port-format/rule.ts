import { each } from '../../../facts/know.ts';
import { claim, rule } from '../../rule.ts';

export default rule({
  on: 'target',
  severity: 'warning',
  summary: 'EXPOSE names a host address or port',
  why: 'EXPOSE only notes a port of the container; addresses and ports of the host are said when it is run.',
  remedy: 'Name the port of the container alone.',
  aliases: ['ExposeInvalidFormat'],
  proof: 'none',
  decides: 'always',
  *check(target) {
    yield* each(target.dockerfile.instructions, function* (instruction) {
      if (instruction.keyword !== 'EXPOSE') return;
      const odd = instruction.words.find(({ text }) => text.includes(':') && !text.includes('$'));
      if (odd === undefined) return;
      yield claim({
        at: instruction.place,
        title: `EXPOSE ${odd.text} names the host; only the container's port means something here`,
        subject: odd.text,
      });
    });
  },
});
