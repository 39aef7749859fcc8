import { each } from '../../../facts/know.ts';
import { claim, rule } from '../../rule.ts';

export default rule({
  on: 'target',
  severity: 'warning',
  summary: 'CMD, ENTRYPOINT or HEALTHCHECK more than once in a stage',
  why: 'Only the last of them counts; the others are dropped without a word.',
  remedy: 'Keep the one that is meant.',
  aliases: ['MultipleInstructionsDisallowed', 'DL3012', 'DL4003', 'DL4004'],
  proof: 'none',
  decides: 'always',
  *check(target) {
    yield* each(target.dockerfile.stages, function* (stage) {
      for (const keyword of ['CMD', 'ENTRYPOINT', 'HEALTHCHECK'] as const) {
        const all = stage.instructions.filter((i) => i.keyword === keyword);
        const last = all.at(-1);
        for (const dropped of all.slice(0, -1)) {
          if (last === undefined) continue;
          yield claim({
            at: dropped.place,
            title: `this ${keyword} has no effect: line ${last.place.line} replaces it`,
            subject: `${stage.index} ${dropped.original.trim()}`,
            because: [{ kind: 'line', at: last.place, text: last.original.trim() }],
          });
        }
      }
    });
  },
});
