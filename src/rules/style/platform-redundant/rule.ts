import { each } from '../../../facts/know.ts';
import { claim, rule } from '../../rule.ts';

export default rule({
  on: 'target',
  severity: 'note',
  summary: 'FROM asks for the platform that it gets anyway',
  why: 'The target platform is the default.',
  remedy: 'Leave --platform out.',
  aliases: ['RedundantTargetPlatform'],
  proof: 'none',
  decides: 'always',
  *check(target) {
    yield* each(target.dockerfile.stages, function* ({ from }) {
      if (!/^\$(TARGETPLATFORM|\{TARGETPLATFORM\})$/.test(from.platform?.value ?? '')) return;
      yield claim({ at: from.place, title: '--platform=$TARGETPLATFORM is the default', subject: from.image.text });
    });
  },
});
