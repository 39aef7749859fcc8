import { unknown } from '../../../facts/fact.ts';
import { each, know } from '../../../facts/know.ts';
import { claim, rule } from '../../rule.ts';
import { swarmSign } from '../../swarm-sign.ts';

export default rule({
  on: 'service',
  severity: 'error',
  summary: 'a secret of a swarm is used outside one',
  why: 'Only a swarm keeps secrets and configs of its own. `docker compose up` stops when it makes the container: "unsupported external secret".',
  remedy: 'Give the secret a `file` or an `environment`, or deploy with `docker stack deploy`.',
  proof: 'engine',
  *check(service) {
    const { model } = service.stack;
    const grants = [
      ...service.compose.secrets.map((grant) => ({ what: 'secret', grant, of: model.secrets.get(grant.source) })),
      ...service.compose.configs.map((grant) => ({ what: 'config', grant, of: model.configs.get(grant.source) })),
    ];
    yield* each(grants, function* ({ what, grant, of }) {
      if (of?.external !== true) return;
      const swarm = swarmSign(service.stack);
      if (swarm !== undefined) yield* know(unknown(`${swarm} speaks of a swarm`));
      if (service.compose.deploy !== undefined)
        yield* know(unknown(`${service.name} has a deploy section, as in a swarm`));
      yield claim({
        breaks: service.nodes.starts,
        at: grant.at,
        title: `${service.name} uses the external ${what} ${grant.source}, which Compose cannot give`,
        subject: grant.source,
        because: [{ kind: 'compose', at: of.at, text: `the ${what} ${of.key} is external: it lies in a swarm` }],
      });
    });
  },
});
