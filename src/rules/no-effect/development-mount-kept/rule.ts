import { emptyLists } from '../../empty-lists.ts';
import { claim, rule } from '../../rule.ts';

export default rule({
  on: 'stack',
  severity: 'error',
  summary: '`volumes: []` in an override does not take a development mount away',
  why: 'Compose appends the lists of its files. The folder of the checkout still hides the code in the image: in production another code runs than was built and tested.',
  remedy: 'Write `volumes: !override` with the mounts that production needs, or `!reset []`.',
  proof: 'engine',
  decides: 'always',
  *check(stack) {
    for (const { service, at, edit } of emptyLists(stack, 'volumes')) {
      const binds = service.compose.volumes.filter(
        (v) =>
          v.type.known &&
          v.type.value === 'bind' &&
          v.source?.fact.known === true &&
          v.source.fact.value.path !== undefined,
      );
      const [first] = binds;
      if (first?.source?.fact.known !== true) continue;
      const named = service.compose.volumes.some((v) => v.type.known && v.type.value === 'volume');
      yield claim({
        at,
        title: `\`volumes: []\` takes nothing away: ${first.source.fact.value.written} still hides the code in the image of ${service.name}`,
        subject: `${service.name} volumes`,
        because: [
          { kind: 'compose', at, text: 'the list is empty, and lists of compose files are appended' },
          {
            kind: 'compose',
            at: first.at,
            text: `${first.source.fact.value.written} is mounted at ${first.target.fact.known ? first.target.fact.value : 'a path'}`,
          },
        ],
        // With a named volume in the same list a plain reset would take the data away too.
        fix: {
          safety: named ? 'unsafe' : 'safe',
          title: named ? 'override the list, keeping the data volume' : 'write !reset []',
          edits: named ? [] : [edit],
        },
      });
    }
  },
});
