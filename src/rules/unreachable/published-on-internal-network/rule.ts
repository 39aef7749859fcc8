import { each, know } from '../../../facts/know.ts';
import { claim, rule } from '../../rule.ts';

export default rule({
  on: 'service',
  severity: 'error',
  summary: 'a service publishes a port but is only on internal networks',
  why: 'The engine publishes no port for a container whose networks are all `internal: true`, and says nothing about it: the connection to the host is refused.',
  remedy: 'Put the service on a network that is not internal too, or leave the port out.',
  proof: 'none',
  *check(service) {
    const { ports, networks, networkMode } = service.compose;
    const [first] = ports;
    const [network] = networks;
    if (first === undefined || network === undefined || networkMode !== undefined) return;
    const { model } = service.stack;
    for (const { name } of networks) {
      const found = model.networks.get(name);
      if (found?.internal === undefined || found.external) return;
      if (!(yield* know(found.internal.fact))) return;
    }
    yield* each(ports, function* (mapping) {
      const target = yield* know(mapping.target);
      yield claim({
        breaks: service.nodes.reachable,
        at: mapping.at,
        title: `port ${target} of ${service.name} is not published: all its networks are internal`,
        subject: String(target),
        because: [
          { kind: 'compose', at: mapping.at, text: `port ${target} should be published` },
          {
            kind: 'compose',
            at: model.networks.get(network.name)?.at ?? network.at,
            text: `the network ${network.name} is internal`,
          },
        ],
      });
    });
  },
});
