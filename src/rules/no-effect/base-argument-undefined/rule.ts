import { each } from '../../../facts/know.ts';
import { claim, rule } from '../../rule.ts';

export default rule({
  on: 'target',
  severity: 'warning',
  summary: 'FROM uses an argument that is not declared above it',
  why: 'The name of the base is then incomplete, and the build asks for an image that does not exist.',
  remedy: 'Declare it with ARG above the first FROM.',
  aliases: ['UndefinedArgInFrom'],
  proof: 'none',
  decides: 'always',
  *check(target) {
    const declared = target.dockerfile.metaArgs.flatMap((a) => a.args.map(({ name }) => name.text));
    yield* each(target.dockerfile.stages, function* ({ from }) {
      const used = [...`${from.image.text} ${from.platform?.value ?? ''}`.matchAll(/\$\{?(\w+)/g)].map(
        (m) => m[1] ?? '',
      );
      const name = used.find(
        (n) => !declared.includes(n) && !/^(TARGET|BUILD)(PLATFORM|OS|ARCH|VARIANT|STAGE)$/.test(n),
      );
      if (name === undefined) return;
      yield claim({
        at: from.place,
        title: `FROM uses $${name}, which no ARG above the first FROM declares`,
        subject: name,
      });
    });
  },
});
