import type { Reason } from '../../../facts/fact.ts';
import { each, know } from '../../../facts/know.ts';
import type { Service } from '../../../model/types.ts';
import { claim, rule } from '../../rule.ts';

export default rule({
  on: 'service',
  severity: 'error',
  summary: 'the health check runs a command that the image does not have',
  why: 'The engine runs the check inside the container. A command that is not there fails each time, so the container never becomes healthy and everything that waits for it never starts.',
  remedy: 'Ask with what the image has: Python and Node can make the request themselves, Alpine has wget.',
  proof: 'engine',
  *check(service) {
    const probe = yield* know(service.probe);
    if (probe === null) return;
    const image = yield* know(service.image);
    // Without a shell nothing of its text is looked at.
    const without = probe.form === 'shell' && image.bourneShell.known && image.bourneShell.value === 'none';
    const names = without ? ['/bin/sh'] : probe.tools.filter((tool) => tool.required).map((tool) => tool.name);
    yield* each(names, function* (name) {
      const table = missing(service, name);
      const presence = without || table !== undefined ? 'absent' : yield* know(image.command(name));
      if (presence !== 'absent') return;
      yield claim({
        breaks: service.nodes.healthy,
        at: probe.at,
        title: `the health check runs ${name}, which the image does not have`,
        subject: name,
        because: [
          {
            kind: 'line',
            at: probe.at,
            text: without ? 'in this form the engine runs the check with a shell' : `the health check runs ${name}`,
          },
          ...(table === undefined ? [] : [table]),
        ],
        fix: { safety: 'safe', title: 'ask with what the image has', edits: [] },
      });
    });
  },
});

/** What is known of the images of servers whose files are not listed. */
function missing({ server, image }: Service, name: string): Reason | undefined {
  if (server === undefined || server.sureness === 'recollected' || !server.missingTools.includes(name))
    return undefined;
  if (image.known && image.value.command(name).known) return undefined;
  return { kind: 'server-table', ref: server.origin.source, text: `the image of ${server.name} has no ${name}` };
}
