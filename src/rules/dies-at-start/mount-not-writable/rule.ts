import { unknown } from '../../../facts/fact.ts';
import { each, know } from '../../../facts/know.ts';
import type { Repo } from '../../../repo/repo.ts';
import { claim, rule } from '../../rule.ts';

/** Servers whose image starts without root, so that nothing gives them the folder, and that end without it. */
const ENDS = new Set(['Prometheus', 'Grafana', 'Loki', 'Elasticsearch', 'OpenSearch', 'pgAdmin']);

export default rule({
  on: 'service',
  severity: 'warning',
  summary: 'a folder of the host for a server that runs without root and may not write there',
  why: 'The engine makes a missing folder on a Linux host for root. Servers that start as another user cannot take it over: they end with "permission denied" (Docker Desktop hides it, a Linux server does not).',
  remedy:
    'Use a named volume, which the engine fills and gives to the right user; or `chown` the folder in a documented step.',
  proof: 'engine',
  *check(service) {
    const { server, compose, stack } = service;
    if (server === undefined || !ENDS.has(server.name) || server.startsAs.uid === 0) return;
    yield* each(compose.volumes, function* (mount) {
      const source = mount.source?.fact.known === true ? mount.source.fact.value.path : undefined;
      const bind = mount.type.known && mount.type.value === 'bind';
      if (!bind || source === undefined || source === '' || mount.readOnly) return;
      const target = yield* know(mount.target.fact);
      if (!server.data.some((d) => d.path === target.replace(/\/+$/, ''))) return;
      // Who checks the repository out is the first user of the machine as often as not.
      if (stack.repo.entry(source) !== undefined && server.startsAs.uid === 1000) return;
      if (compose.user !== undefined) {
        const user = yield* know(compose.user.fact);
        if (/^(0|root)(:|$)/.test(user)) return;
        yield* know(unknown(`whose ${source} is on the host is not known`));
      }
      if (compose.entrypoint !== undefined) yield* know(unknown('the entrypoint of compose is not read'));
      const step = givenAway(stack.repo, source);
      if (step !== undefined) yield* know(unknown(`${step} speaks of ${source}: it may give it away`));
      yield claim({
        breaks: service.nodes.starts,
        at: mount.at,
        title: `${service.name} (${server.name}) cannot write to ./${source}: it runs as user ${server.startsAs.uid}`,
        subject: source,
        because: [
          {
            kind: 'compose',
            at: mount.at,
            text:
              stack.repo.entry(source) === undefined
                ? `./${source} is not in the repository, so the engine makes it for root`
                : `./${source} belongs to whoever checked the repository out`,
          },
          {
            kind: 'server-table',
            ref: server.origin.source,
            text: `the image starts as ${server.startsAs.name} (${server.startsAs.uid}) and changes no owner`,
          },
        ],
      });
    });
  },
});

/** A script or document that changes owners or modes of this folder, or of folders as a whole. */
function givenAway(repo: Repo, source: string): string | undefined {
  const name = source.slice(source.lastIndexOf('/') + 1);
  const files = repo.files().filter((f) => /\.(?:sh|md|ya?ml|mk|ps1|txt)$|(?:^|\/)(?:Makefile|justfile)$/.test(f));
  return files.find((file) => {
    const text = (repo.entry(file)?.size ?? 0) < 300_000 ? (repo.text(file) ?? '') : '';
    return (
      /\bch(?:own|mod)\b/.test(text) &&
      text.split('\n').some((l) => /\bch(?:own|mod)\b/.test(l) && (l.includes(name) || /\$|\*/.test(l)))
    );
  });
}
