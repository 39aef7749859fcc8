import { know } from '../../../facts/know.ts';
import { scriptEnd } from '../../../model/application.ts';
import type { Service } from '../../../model/types.ts';
import { linePlace } from '../../../text/place.ts';
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
    if (waits === undefined) return yield* byScript(service);
    // What ends by itself is not stopped; `["python", …}` is no JSON, and what a shell makes of it dies at once.
    if (SHORT.has(waits) || waits.startsWith('[')) return;
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

/** Programs that are done within a moment. */
const SHORT = new Set(
  '[ cp mv rm ln ls cat chmod chown chgrp mkdir touch echo printf true false env date id install tar unzip'.split(' '),
);

/** A script keeps its last program as a child unless `exec` stands before it, whichever shell it is; BusyBox was not tried. */
function* byScript(service: Service) {
  const end = yield* know(scriptEnd(service));
  const parent = end?.parent;
  const name = end?.argv[0];
  if (parent === undefined || name === undefined || service.target === undefined) return;
  // What ends by itself is not stopped.
  if (/^(task|migration)$/.test((yield* know(service.application)).launch.role)) return;
  const image = yield* know(service.image);
  const shell = parent.shell === 'bash' ? 'bash' : yield* know(image.bourneShell);
  const found = image.tree.lookup(parent.path);
  const file = found.known ? found.value.entry?.source : undefined;
  if (!/^(bash|dash)$/.test(shell) || file === undefined || service.stack.repo.text(file) === undefined) return;
  const at = linePlace(file, parent.line);
  yield claim({
    at,
    title: `the shell of ${file} is process 1 of ${service.name} and does not pass SIGTERM to ${name}`,
    subject: name,
    because: [{ kind: 'line', at, text: `${name} is started as a child: no exec stands before it` }],
  });
}
