import { each } from '../../../facts/know.ts';
import { claim, rule } from '../../rule.ts';

export default rule({
  on: 'target',
  severity: 'note',
  summary: 'an empty line in the middle of a continued instruction',
  why: 'BuildKit still reads on over the empty line, but has announced that it will not.',
  remedy: 'Remove the empty line, or end the instruction before it.',
  aliases: ['NoEmptyContinuation'],
  proof: 'none',
  decides: 'always',
  *check(target) {
    const lines = target.dockerfile.text.split('\n');
    const instructions = target.dockerfile.instructions.filter((i) => i.heredocs.length === 0);
    yield* each(instructions, function* ({ place, keyword }) {
      for (let line = place.line + 1; line < place.endLine; line++) {
        if ((lines[line - 1] ?? '').trim() !== '') continue;
        yield claim({
          at: { ...place, line, column: 1, endLine: line, endColumn: 1 },
          title: `${keyword} goes on behind an empty line`,
          subject: `${keyword} ${line - place.line}`,
        });
        return;
      }
    });
  },
});
