import { expandIn, globalScope } from '../../../dockerfile/scope.ts';
import { each } from '../../../facts/know.ts';
import { claim, rule } from '../../rule.ts';

export default rule({
  on: 'target',
  severity: 'note',
  summary: 'the name of the base is not valid without a build argument',
  why: 'A build without the argument stops; tools that read the file cannot tell the base.',
  remedy: 'Give the ARG a default.',
  aliases: ['InvalidDefaultArgInFrom'],
  proof: 'none',
  decides: 'always',
  *check(target) {
    const scope = globalScope(target.dockerfile, { platform: { os: 'linux', architecture: 'amd64' } });
    yield* each(target.dockerfile.stages, function* ({ from }) {
      if (!from.image.text.includes('$')) return;
      const name = expandIn(scope, from.image.text, target.dockerfile.escape).text;
      if (!name.known || (name.value !== '' && !/[:/@-]$|:[-.]|^[:/]/.test(name.value))) return;
      yield claim({
        at: from.place,
        title: `without build arguments FROM ${from.image.text} is "${name.value}"`,
        subject: from.image.text,
      });
    });
  },
});
