import { unknown } from '../../../facts/fact.ts';
import { each, know } from '../../../facts/know.ts';
import { wordsOfCommand } from '../../command-words.ts';
import { refusedSettings } from '../../refused-settings.ts';
import { claim, rule } from '../../rule.ts';

export default rule({
  on: 'service',
  severity: 'error',
  summary: 'the image of a server stops because of a value that compose gives it',
  why: 'The entrypoint or the server looks at its settings before it does anything else. A name that is reserved, a password that is too short or an option that this version does not know any more ends it.',
  remedy: 'Take the setting out, or give it a value that this version takes.',
  proof: 'engine',
  *check(service) {
    const { server, compose, stack } = service;
    if (server === undefined || stack.files.length === 0) return;
    const words = yield* know(wordsOfCommand(service));
    yield* each(refusedSettings(service, words), function* ({ subject, at, text, why }) {
      if (compose.entrypoint !== undefined) yield* know(unknown('the entrypoint of compose is not read'));
      yield claim({
        breaks: service.nodes.starts,
        at,
        title: `${service.name} (${server.name}) ends at start: ${text}`,
        subject,
        because: [
          { kind: 'compose', at, text },
          { kind: 'server-table', ref: server.origin.source, text: why },
        ],
      });
    });
  },
});
