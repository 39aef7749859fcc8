import { each } from '../../../facts/know.ts';
import { claim, rule } from '../../rule.ts';

export default rule({
  on: 'target',
  severity: 'warning',
  summary: 'a stage is called context or scratch',
  why: 'BuildKit has its own meaning for these names in FROM and --from.',
  remedy: 'Give the stage another name.',
  aliases: ['ReservedStageName'],
  proof: 'none',
  decides: 'always',
  *check(target) {
    yield* each(target.dockerfile.stages, function* ({ name, from }) {
      if (name !== 'context' && name !== 'scratch') return;
      yield claim({ at: from.place, title: `${name} is a reserved name of BuildKit`, subject: name });
    });
  },
});
