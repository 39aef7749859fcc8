import { unknown } from '../../../facts/fact.ts';
import { each, know } from '../../../facts/know.ts';
import type { RepositoryNode, Stack } from '../../../model/types.ts';
import { isWithin } from '../../container-path.ts';
import { claim, rule } from '../../rule.ts';
import { type VolumeRemoval, volumeRemovals } from '../../volume-removals.ts';

/** Names of what people call to stop or to renew a stack. */
const STOPS = /(?:^|[-_:./])(?:down|stop|restart|halt|shutdown|deploy|redeploy|update|upgrade)(?:$|[-_:])/i;
const NAMED_FOR_IT =
  /clean|reset|destroy|nuke|purge|prune|wipe|fresh|test|e2e|(?:^|[-_:])(?:ci|v|rm|hard|full)(?:$|[-_:])|delet|remov|volume|drop|erase|clear|scratch|tear|data|demo|bench|smoke/i;
const SAID = /volume|\bdata\b|clean|reset|destroy|wipe|purge|fresh|everything|delete|nuke|tear|scratch/i;
/** What can be filled again is not missed. */
const REFILLED = new Set([
  'Redis',
  'Valkey',
  'Kafka',
  'Apache Kafka',
  'ZooKeeper',
  'Prometheus',
  'Alertmanager',
  'Loki',
  'Tempo',
]);

export default rule({
  on: 'repository',
  severity: 'warning',
  summary: 'a command that is said to stop the stack also deletes its volumes',
  why: '`docker compose down --volumes` removes every named volume of the stack. Whoever only wants to stop or to renew it finds an empty database at the next start, and nobody is asked.',
  remedy: 'Call `docker compose down`; give the deletion a name of its own (`reset`, `clean-volumes`).',
  proof: 'none',
  *check(node) {
    const seen = new Set<string>();
    yield* each(volumeRemovals(node.repo), function* (removal) {
      const { at, name, call, said, files, text } = removal;
      if (!STOPS.test(name) || NAMED_FOR_IT.test(name) || SAID.test(said.replaceAll(text, '')) || seen.has(call))
        return;
      if (files.some((file) => file.includes('$'))) yield* know(unknown(`which files ${text} means is not known`));
      const stack = stackOf(node, removal);
      if (stack === undefined || /(?:^|[./_-])(?:test|tests|e2e|ci)(?:$|[./_-])/i.test(stack.id)) return;
      const kept = dataVolumes(stack);
      const [first] = kept;
      if (first === undefined) return;
      seen.add(call);
      const flag = /\s(--volumes|-[a-z]*v)(?=\s|$)/.exec(text)?.[1] ?? '-v';
      yield claim({
        at,
        title: `\`${call}\` deletes the data of ${[...new Set(kept.map(({ server }) => server))].join(', ')}: down ${flag} removes the volumes`,
        subject: call,
        stacks: [stack.id],
        because: [
          { kind: 'source', at, text: `it calls ${text.slice(0, 80)}` },
          ...kept.map(({ at, server, volume }) => ({
            kind: 'compose' as const,
            at,
            text: `${server} keeps its data in the volume ${volume}`,
          })),
        ],
      });
    });
  },
});

/** The stack that a command means: with the files it names, or those that Compose finds. */
function stackOf({ stacks }: RepositoryNode, { files, folder }: VolumeRemoval): Stack | undefined {
  if (files.length > 0)
    return (
      stacks.find((s) => s.files.join(' ') === files.join(' ')) ??
      stacks.find((s) => files.every((file) => s.files.includes(file)))
    );
  const start = folder === '' ? '' : `${folder}/`;
  const found = (file: string) => /^(?:docker-)?compose(?:\.override)?\.ya?ml$/.test(file.slice(start.length));
  return stacks.find((s) => s.files.length > 0 && s.files.every((file) => file.startsWith(start) && found(file)));
}

function dataVolumes({ services, model }: Stack) {
  return services.flatMap(({ server, compose }) =>
    compose.volumes.flatMap((mount) => {
      const { fact } = mount.target;
      const volume = mount.source?.fact.known === true ? mount.source.fact.value.written : undefined;
      if (server === undefined || volume === undefined || !fact.known || REFILLED.has(server.name)) return [];
      const own = model.volumes.get(volume)?.external === false;
      const holds = server.data.some(({ path }) => isWithin(path, fact.value) || isWithin(fact.value, path));
      return own && holds && mount.type.known && mount.type.value === 'volume'
        ? [{ at: mount.at, server: server.name, volume }]
        : [];
    }),
  );
}
