import type { CopyInstruction } from '../../../dockerfile/types.ts';
import { each, know } from '../../../facts/know.ts';
import { claim, rule } from '../../rule.ts';

export default rule({
  on: 'target',
  severity: 'warning',
  summary: '--chown names a user that the image does not have',
  why: 'BuildKit does not stop: it looks the name up in the /etc/passwd of that moment, finds nothing, and gives the files to root.',
  remedy: 'Make the user before this line, or write a number.',
  proof: 'engine',
  *check(target) {
    yield* each(target.trace.stages, function* (stage) {
      const copies = (target.dockerfile.stages[stage.index]?.instructions ?? []).filter(
        (i): i is CopyInstruction =>
          i.keyword === 'COPY' && i.chown?.value !== undefined && !i.chown.value.includes('$'),
      );
      if (stage.baseName === 'scratch') return;
      yield* each(copies, function* (copy) {
        const [user = '', group = ''] = (copy.chown?.value ?? '').split(':');
        const step = stage.steps.find((s) => s.keyword === 'COPY' && s.at.line === copy.place.line);
        if (step === undefined) return;
        const named = (name: string): boolean => name !== '' && name !== 'root' && !/^\d+$/.test(name);
        if (!named(user) && !named(group)) return;
        const users = yield* know(step.before.users);
        const groups = yield* know(step.before.groups);
        const missing =
          named(user) && !users.some((u) => u.name === user)
            ? user
            : named(group) && !groups.some((g) => g.name === group)
              ? group
              : undefined;
        if (missing === undefined) return;
        yield claim({
          at: copy.place,
          title: `there is no ${missing} in the image at this line: the files become root's`,
          subject: `${missing} ${copy.destination.text}`,
          because: [{ kind: 'line', at: copy.place, text: `--chown=${copy.chown?.value}` }],
        });
      });
    });
  },
});
