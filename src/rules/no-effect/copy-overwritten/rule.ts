import type { CopyInstruction } from '../../../dockerfile/types.ts';
import { each, know } from '../../../facts/know.ts';
import { claim, rule } from '../../rule.ts';

export default rule({
  on: 'target',
  severity: 'warning',
  summary: 'COPY writes several files to one name',
  why: 'Without a `/` at its end, and where no folder of the name is, the destination is a file: each source overwrites the one before, and only the last is left.',
  remedy: 'End the destination with `/`.',
  aliases: ['DL3021'],
  proof: 'engine',
  *check(target) {
    yield* each(target.trace.stages, function* (stage) {
      const copies = (target.dockerfile.stages[stage.index]?.instructions ?? []).filter(
        (i): i is CopyInstruction =>
          i.keyword === 'COPY' && i.sources.length > 1 && !/([/\\]|^\.{1,2})$/.test(i.destination.text),
      );
      yield* each(copies, function* (copy) {
        const step = stage.steps.find((s) => s.keyword === 'COPY' && s.at.line === copy.place.line);
        const last = copy.sources.at(-1);
        if (step === undefined || last === undefined || copy.parents || /[*?$]/.test(copy.original)) return;
        const workdir = yield* know(step.before.workdir);
        const to = copy.destination.text;
        const path = to.startsWith('/') ? to : `${workdir}/${to}`;
        const before = yield* know(step.before.tree.lookup(path));
        const after = yield* know(step.after.tree.lookup(path));
        if (before.presence !== 'absent' || after.presence !== 'present' || after.type !== 'file') return;
        yield claim({
          at: copy.place,
          title: `${path} becomes a file with the content of ${last.text}; the others are overwritten`,
          subject: path,
          because: [{ kind: 'line', at: copy.place, text: `${to} does not end with /` }],
        });
      });
    });
  },
});
