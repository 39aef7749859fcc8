import { withdrawn, withdrawnText } from '../../../model/withdrawn.ts';
import { builtNode } from '../../broken-steps.ts';
import { claim, rule } from '../../rule.ts';

export default rule({
  on: 'target',
  severity: 'error',
  summary: 'a base image whose tag was withdrawn from its registry, or never was there',
  why: 'The tag is not there: the build stops at FROM with "not found" wherever the image was not pulled before.',
  remedy: 'Take the image that has taken its place.',
  proof: 'none',
  decides: 'always',
  *check(target) {
    for (const { name, at } of target.bases) {
      const gone = withdrawn(name);
      if (gone === undefined) continue;
      yield claim({
        breaks: builtNode(target),
        at,
        title: `${name} ${withdrawnText(gone)}`,
        subject: name,
        because: [{ kind: 'server-table', ref: gone.source, text: gone.what }],
      });
    }
  },
});
