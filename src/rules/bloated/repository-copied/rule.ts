import type { CopyInstruction } from '../../../dockerfile/types.ts';
import { each, know } from '../../../facts/know.ts';
import { finalStages, isShipped } from '../../final-stages.ts';
import { claim, rule } from '../../rule.ts';

export default rule({
  on: 'target',
  severity: 'warning',
  summary: 'the whole repository is copied into the image, with its history',
  why: '`.git` is often larger than the application, and holds everything that was ever committed.',
  remedy: 'Write .git and what else the application does not need into .dockerignore.',
  proof: 'none',
  *check(target) {
    if (!isShipped(target)) return;
    yield* each(finalStages(target), function* (stage) {
      const copies = (target.dockerfile.stages[stage.index]?.instructions ?? []).filter(
        (i): i is CopyInstruction => i.keyword === 'COPY' && i.from === undefined && i.exclude.length === 0,
      );
      const whole = copies.find((c) => c.sources.some(({ text }) => /^(\.|\.\/|\/)$/.test(text)));
      if (whole === undefined) return;
      yield* know(target.sent);
      // The folder .git itself is not part of a clone's files: only whether it would be sent can be said.
      if (target.contextDir !== '' || target.context.ignored('.git/HEAD').ignored) return;
      yield claim({
        at: whole.place,
        title: `${whole.original.trim()} copies .git, too`,
        subject: '.git',
        because: [
          { kind: 'line', at: whole.place, text: `${whole.original.trim()} copies all of the context` },
          ...(target.context.ignore === undefined
            ? []
            : [
                { kind: 'derived' as const, at: whole.place, text: `${target.context.ignore.file} does not name .git` },
              ]),
        ],
      });
    });
  },
});
