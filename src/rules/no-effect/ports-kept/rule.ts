import { emptyLists } from '../../empty-lists.ts';
import { claim, rule } from '../../rule.ts';

export default rule({
  on: 'stack',
  severity: 'warning',
  summary: '`ports: []` in an override takes no port away',
  why: 'Compose appends the lists of its files. An empty list adds nothing, so the ports of the base file stay published, often on every interface.',
  remedy: 'Write `ports: !reset []`.',
  proof: 'engine',
  decides: 'always',
  *check(stack) {
    for (const { service, at, edit } of emptyLists(stack, 'ports')) {
      const ports = service.compose.ports;
      const [first] = ports;
      if (first === undefined) continue;
      yield claim({
        at,
        title: `\`ports: []\` takes nothing away: ${service.name} stays published`,
        subject: `${service.name} ports`,
        because: [
          { kind: 'compose', at, text: 'the list is empty, and lists of compose files are appended' },
          {
            kind: 'compose',
            at: first.at,
            text: `${service.name} publishes ${first.published.known && first.published.value !== '' ? first.published.value : 'a port'} here`,
          },
        ],
        fix: { safety: 'safe', title: 'write !reset []', edits: [edit] },
      });
    }
  },
});
