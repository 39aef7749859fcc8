import { each, know } from '../../../facts/know.ts';
import { claim, rule } from '../../rule.ts';

export default rule({
  on: 'service',
  severity: 'warning',
  summary: "the engine's socket is mounted into a container",
  why: 'Whoever can write to the socket can start a container with the whole host in it; `:ro` does not change that. A hole in this service is a hole in the host.',
  remedy: 'Put a filtering proxy in between that lets only the needed requests through, or do without.',
  proof: 'none',
  *check(service) {
    if (service.stack.development || /test|e2e|playwright|cypress/i.test(service.stack.files.join(' '))) return;
    yield* each(service.compose.volumes, function* (mount) {
      if (mount.source === undefined || (mount.type.known && mount.type.value !== 'bind')) return;
      const source = yield* know(mount.source.fact);
      if (!/^\/(var\/)?run\/(docker|podman\/podman)\.sock$/.test(source.written)) return;
      // Proxies and managers of containers cannot work without it: their users know.
      const meant =
        /traefik|portainer|watchtower|socket-proxy|dozzle|diun|nginx-proxy|acme-companion|cadvisor|promtail|autoheal|ofelia|runner|dind|swarmpit|vector|alloy|homepage|localstack|caddy-gen|testcontainers/i;
      const image = service.imageName.known ? service.imageName.value : '';
      yield claim({
        at: mount.at,
        severity: meant.test(`${image} ${service.name}`) ? 'note' : 'warning',
        title: `${service.name} can give orders to the engine of the host`,
        subject: service.name,
        because: [{ kind: 'compose', at: mount.at, text: `${source.written} is mounted` }],
      });
    });
  },
});
