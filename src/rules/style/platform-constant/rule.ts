import { each } from '../../../facts/know.ts';
import { claim, rule } from '../../rule.ts';

export default rule({
  on: 'target',
  severity: 'note',
  summary: 'FROM fixes one platform',
  why: 'The image cannot be built for another platform, and on one it is emulated without a word.',
  remedy: 'Leave it out and say --platform when building, or use $BUILDPLATFORM.',
  aliases: ['FromPlatformFlagConstDisallowed', 'DL3029'],
  proof: 'none',
  decides: 'always',
  *check(target) {
    yield* each(target.dockerfile.stages, function* ({ from, name }) {
      const value = from.platform?.value ?? '';
      if (value === '' || value.includes('$')) return;
      // A stage that is named after the platform is one of several on purpose.
      const [, architecture = ''] = value.split('/');
      if (name !== undefined && architecture !== '' && name.includes(architecture)) return;
      yield claim({ at: from.place, title: `FROM is fixed to ${value}`, subject: `${from.image.text} ${value}` });
    });
  },
});
