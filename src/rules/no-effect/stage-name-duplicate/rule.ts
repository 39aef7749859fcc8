import { each } from '../../../facts/know.ts';
import { claim, rule } from '../../rule.ts';

export default rule({
  on: 'target',
  severity: 'warning',
  summary: 'two stages have one name',
  why: '`--from` and `target` mean the last stage of that name above them; the other can be reached by its number only.',
  remedy: 'Give each stage a name of its own.',
  aliases: ['DuplicateStageName', 'DL3024'],
  proof: 'none',
  decides: 'always',
  *check(target) {
    const { stages } = target.dockerfile;
    yield* each(stages, function* ({ name, index, from }) {
      const earlier = stages.find((s) => s.name !== undefined && s.name === name && s.index < index);
      if (earlier === undefined || name === undefined) return;
      yield claim({
        at: from.place,
        title: `a stage is called ${name} already`,
        subject: name,
        because: [
          { kind: 'line', at: earlier.from.place, text: `the first stage of this name: ${earlier.from.image.text}` },
        ],
      });
    });
  },
});
