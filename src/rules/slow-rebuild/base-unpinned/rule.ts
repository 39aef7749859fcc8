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
      if (stage.baseName.includes('@') || /\$/.test(stage.baseName) || (tag !== undefined && !moves(name, tag))) return;
      yield claim({
        at: stage.at,
        title:
          tag === undefined
            ? `${name} has no tag, which means latest`
            : `${stage.baseName} ${tag === 'latest' ? 'is a moving tag' : 'names no version, which means the newest'}`,
        subject: stage.baseName,
        because: [
          { kind: 'line', at: stage.at, text: `FROM ${stage.baseName}: whatever is newest on the day of the build` },
        ],
      });
    });
  },
});

/** Words that say how an image is made, not which version it holds: `node:alpine`, `python:slim`, `nginx:stable-alpine`. The code
 * name of a release is a version of Debian and Ubuntu; of what else stands on it, it is none. */
const NO_VERSION =
  /^(latest|alpine|slim|lts|current|stable|mainline|edge|nightly|release|main|master|perl|fpm|apache|cli|management|bookworm|bullseye|trixie|jammy|noble)$/;

function moves(name: string, tag: string): boolean {
  const distribution = /(^|\/)(debian|ubuntu|buildpack-deps|distroless)(\/|$)|-debian$/.test(name);
  return tag === 'latest' || (!distribution && tag.split('-').every((part) => NO_VERSION.test(part)));
}

/** A colon after the last slash begins the tag: `host:5000/name` has none. */
function splitTag(reference: string): [string, string | undefined] {
  const at = reference.indexOf(':', reference.lastIndexOf('/') + 1);
  return at === -1 ? [reference, undefined] : [reference.slice(0, at), reference.slice(at + 1)];
}
