import { entriesOf } from '../../../compose/node.ts';
import { unknown } from '../../../facts/fact.ts';
import { each, know } from '../../../facts/know.ts';
import { claim, rule } from '../../rule.ts';
import { swarmSign } from '../../swarm-sign.ts';

/** Parts of `deploy` that only a swarm looks at. */
const SWARM_ONLY = new Set(['update_config', 'rollback_config', 'placement', 'endpoint_mode', 'labels']);

export default rule({
  on: 'service',
  severity: 'note',
  summary: 'a part of `deploy` that Compose ignores',
  why: 'Rolling updates, rollbacks, placement, endpoint modes and labels of services exist only in a swarm (labels of the container stand beside `deploy`, not in it). `docker compose up` reads them and does nothing.',
  remedy: 'Take it out, or deploy with `docker stack deploy`.',
  proof: 'none',
  *check(service) {
    const { deploy } = service.compose;
    if (deploy === undefined) return;
    const ignored = [...entriesOf(deploy.node)].filter(([key]) => SWARM_ONLY.has(key));
    yield* each(ignored, function* ([key, entry]) {
      const swarm = swarmSign(service.stack);
      if (swarm !== undefined) yield* know(unknown(`${swarm} speaks of a swarm`));
      yield claim({
        at: entry.key,
        title: `deploy.${key} of ${service.name} has no effect outside a swarm`,
        subject: `${service.name} ${key}`,
        because: [{ kind: 'compose', at: entry.key, text: `deploy.${key} is set` }],
      });
    });
  },
});
