import { each } from '../../../facts/know.ts';
import { claim, rule } from '../../rule.ts';

export default rule({
  on: 'target',
  severity: 'note',
  summary: 'WORKDIR is relative to a folder that the file does not set',
  why: 'Where it leads is decided by the base image, and changes with it.',
  remedy: 'Begin the path with `/`.',
  aliases: ['WorkdirRelativePath', 'DL3000'],
  proof: 'none',
  decides: 'always',
  *check(target) {
    yield* each(target.dockerfile.stages, function* (stage) {
      // Behind an absolute one a relative WORKDIR is as plain as cd; a stage of the file has set its own.
      if (target.dockerfile.stages.some((s) => s.name !== undefined && s.name === stage.from.image.text.toLowerCase()))
        return;
      const first = stage.instructions.find((i) => i.keyword === 'WORKDIR');
      if (first?.keyword !== 'WORKDIR' || /^["']?([/\\$]|[A-Za-z]:)/.test(first.path.text)) return;
      yield claim({
        at: first.place,
        title: `WORKDIR ${first.path.text} lies wherever the base image stands`,
        subject: first.path.text,
      });
    });
  },
});
