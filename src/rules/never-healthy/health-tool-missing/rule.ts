import { each, know } from '../../../facts/know.ts';
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
    yield* each(
      probe.tools.filter((tool) => tool.required),
      function* (tool) {
        const presence = yield* know(image.command(tool.name));
        if (presence !== 'absent') return;
        yield claim({
          breaks: service.nodes.healthy,
          at: probe.at,
          title: `the health check runs ${tool.name}, which the image does not have`,
          subject: tool.name,
          because: [{ kind: 'line', at: probe.at, text: `the health check runs ${tool.name}` }],
          fix: { safety: 'safe', title: 'ask with what the image has', edits: [] },
        });
      },
    );
  },
});
