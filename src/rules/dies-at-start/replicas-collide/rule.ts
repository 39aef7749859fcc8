import { unknown } from '../../../facts/fact.ts';
import { each, know } from '../../../facts/know.ts';
import { claim, rule } from '../../rule.ts';
import { swarmSign } from '../../swarm-sign.ts';

export default rule({
  on: 'service',
  severity: 'error',
  summary: 'several replicas with one container name or one port of the host',
  why: 'A container name and a port of the host can be taken once. Compose refuses the name; of the replicas with a fixed port all but one fail with "port is already allocated".',
  remedy: 'Leave out `container_name`; publish a range of ports, or put a proxy in front and publish only that.',
  proof: 'engine',
  *check(service) {
    const { replicas, containerName, ports } = service.compose;
    // In a swarm the published port is the service's, not each container's.
    if (replicas === undefined || service.stack.files.some((f) => /swarm|stack/i.test(f))) return;
    const count = yield* know(replicas.fact);
    if (count < 2) return;
    const swarm = swarmSign(service.stack);
    if (swarm !== undefined) yield* know(unknown(`${swarm} speaks of a swarm, which shares one port`));
    if (containerName !== undefined)
      yield claim({
        breaks: service.nodes.starts,
        at: containerName.at,
        title: `${count} replicas of ${service.name} cannot have one container name`,
        subject: 'container_name',
        because: [
          { kind: 'compose', at: replicas.at, text: `${count} replicas are asked for` },
          { kind: 'compose', at: containerName.at, text: 'all of them get this name' },
        ],
      });
    yield* each(ports, function* (mapping) {
      const published = yield* know(mapping.published);
      if (!/^\d+$/.test(published)) return;
      yield claim({
        breaks: service.nodes.starts,
        at: mapping.at,
        title: `${count} replicas of ${service.name} cannot all have port ${published} of the host`,
        subject: published,
        because: [
          { kind: 'compose', at: replicas.at, text: `${count} replicas are asked for` },
          { kind: 'compose', at: mapping.at, text: `each publishes port ${published}` },
        ],
      });
    });
  },
});
