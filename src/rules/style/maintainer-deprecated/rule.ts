import { each } from '../../../facts/know.ts';
import { claim, rule } from '../../rule.ts';

export default rule({
  on: 'target',
  severity: 'note',
  summary: 'MAINTAINER is deprecated',
  why: 'It has been replaced by a label, which tools can read.',
  remedy: 'LABEL org.opencontainers.image.authors="…"',
  aliases: ['MaintainerDeprecated', 'DL4000'],
  proof: 'none',
  decides: 'always',
  *check(target) {
    yield* each(target.dockerfile.instructions, function* (instruction) {
      if (instruction.keyword !== 'MAINTAINER') return;
      yield claim({ at: instruction.place, title: 'MAINTAINER is deprecated; a label says it', subject: 'MAINTAINER' });
    });
  },
});
