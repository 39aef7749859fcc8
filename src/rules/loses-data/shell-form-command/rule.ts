import { know } from '../../../facts/know.ts';
import { claim, rule } from '../../rule.ts';

export default rule({
  on: 'service',
  severity: 'warning',
  summary: 'the command in shell form never hears SIGTERM',
  why: 'The shell becomes process 1 and does not pass signals on. Each stop waits ten seconds and ends with SIGKILL, in the middle of whatever is being done.',
  remedy: 'Write the command as a JSON array, or begin it with exec.',
  aliases: ['DL3025', 'JSONArgsRecommended'],
  proof: 'engine',
  *check(service) {
    // With an init as process 1 the shell dies of SIGTERM at once; the application is not asked, but nothing waits.
    if (service.compose.init?.fact.known === true && service.compose.init.fact.value) return;
    // At a desk nobody minds ten seconds.
    if (service.stack.development || service.target?.development === true) return;
    const process = yield* know(service.process);
    const waits = yield* know(process.waits);
    if (waits === undefined) return;
    yield claim({
      at: process.at,
      title: `/bin/sh is process 1 of ${service.name} and does not pass SIGTERM to ${waits}`,
      subject: waits,
      because: [
        { kind: 'line', at: process.at, text: `/bin/sh starts ${waits} as its child and does not pass signals on` },
      ],
      fix: { safety: 'safe', title: 'use the exec form', edits: [] },
    });
  },
});
