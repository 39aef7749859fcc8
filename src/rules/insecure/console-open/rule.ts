import { know } from '../../../facts/know.ts';
import { wordsOfCommand } from '../../command-words.ts';
import { consoleOf } from '../../consoles.ts';
import { deployed } from '../../deployed.ts';
import { publishedToAll } from '../../published.ts';
import { claim, rule } from '../../rule.ts';

export default rule({
  on: 'service',
  severity: 'warning',
  summary: 'an administration program or a store without a login is published',
  why: 'Its port is open on every interface of the host, past the rules of the firewall. Without a login of its own, whoever finds it reads and changes what it manages.',
  remedy: 'Publish it on 127.0.0.1 only (and reach it through ssh), or set its login.',
  proof: 'none',
  *check(service) {
    const live = deployed(service.stack);
    const image = service.compose.image;
    if (live === undefined || image === undefined || service.compose.build !== undefined) return;
    const tool = consoleOf(yield* know(image.fact));
    if (tool === undefined) return;
    const port = publishedToAll(service, tool.ports);
    if (port === undefined) return;
    const names = [...service.env].filter(([, v]) => v.origin !== 'image').map(([name]) => name);
    if (names.some((name) => tool.login.test(name)) || service.compose.envFiles.length > 0) return;
    const words = service.compose.command === undefined ? [] : yield* know(wordsOfCommand(service));
    if (tool.opens !== undefined && !words.some((word) => tool.opens?.test(word))) return;
    if (words.some((word) => tool.guards.test(word))) return;
    const settings = service.compose.volumes.some(
      (m) => !m.target.fact.known || tool.settings.test(m.target.fact.value),
    );
    if (settings) return;
    yield claim({
      at: port.at,
      title: `${service.name} (${tool.name}) is open to the network: ${tool.shows}`,
      subject: service.name,
      severity: live.weigh('warning'),
      because: [
        { kind: 'compose', at: port.at, text: 'its port is published on every interface' },
        { kind: 'server-table', ref: tool.source, text: `${tool.name} ${tool.why}` },
        ...live.because,
      ],
    });
  },
});
