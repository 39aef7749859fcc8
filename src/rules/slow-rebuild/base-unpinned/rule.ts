import { each } from '../../../facts/know.ts';
import { claim, rule } from '../../rule.ts';

export default rule({
  on: 'target',
  severity: 'warning',
  summary: 'a base image without a version',
  why: 'A tag such as latest is another image next month, and another major version some day: the same commit builds something else, and the cache is lost on a day nobody chose.',
  remedy: 'Name a version, at least its major and minor number.',
  aliases: ['DL3006', 'DL3007', 'CKV_DOCKER_7', 'DS001'],
  proof: 'none',
  decides: 'always',
  *check(target) {
    const bases = target.trace.stages.filter((s) => s.baseStage === undefined && s.baseName !== 'scratch');
    yield* each(bases, function* (stage) {
      const [name = '', tag] = splitTag(stage.baseName);
      if (stage.baseName.includes('@') || /\$/.test(stage.baseName) || (tag !== undefined && tag !== 'latest')) return;
      yield claim({
        at: stage.at,
        title: tag === undefined ? `${name} has no tag, which means latest` : `${stage.baseName} is a moving tag`,
        subject: stage.baseName,
        because: [
          { kind: 'line', at: stage.at, text: `FROM ${stage.baseName}: whatever is newest on the day of the build` },
        ],
      });
    });
  },
});

/** A colon after the last slash begins the tag: `host:5000/name` has none. */
function splitTag(reference: string): [string, string | undefined] {
  const at = reference.indexOf(':', reference.lastIndexOf('/') + 1);
  return at === -1 ? [reference, undefined] : [reference.slice(0, at), reference.slice(at + 1)];
}
