import type { PortMapping } from '../../../compose/settings.ts';
import { unknown } from '../../../facts/fact.ts';
import { each, know } from '../../../facts/know.ts';
import type { Service } from '../../../model/types.ts';
import { claim, rule } from '../../rule.ts';

export default rule({
  on: 'stack',
  severity: 'error',
  summary: 'two services of a stack publish the same port of the host',
  why: 'A port of the host can be taken once. The service that comes second does not start: "port is already allocated".',
  remedy: 'Publish another port for one of them, or none where only other services connect.',
  proof: 'engine',
  *check(stack) {
    // Services of different profiles need not run together.
    const published = stack.services
      .filter((s) => s.compose.profiles.length === 0)
      .flatMap((service) => service.compose.ports.map((mapping) => ({ service, mapping })));
    yield* each([...published.entries()], function* ([index, { service, mapping }]) {
      const port = yield* know(mapping.published);
      if (!/^\d+$/.test(port)) return;
      const earlier = published
        .slice(0, index)
        .find(
          (p) =>
            p.service !== service &&
            p.mapping.published.known &&
            p.mapping.published.value === port &&
            meet(p.mapping, mapping),
        );
      if (earlier === undefined) return;
      if (alternatives(earlier.service, service))
        yield* know(unknown(`${earlier.service.name} and ${service.name} may be meant to run one at a time`));
      yield claim({
        breaks: service.nodes.starts,
        at: mapping.at,
        title: `${service.name} and ${earlier.service.name} both publish port ${port} of the host`,
        subject: port,
        because: [
          { kind: 'compose', at: earlier.mapping.at, text: `${earlier.service.name} publishes ${port}` },
          { kind: 'compose', at: mapping.at, text: `${service.name} publishes ${port} too` },
        ],
      });
    });
  },
});

/** Two ways to run one thing (`web` and `web-dev`): people start one of them by name. */
function alternatives(a: Service, b: Service): boolean {
  const stem = (name: string): string => name.split(/[-_.]/)[0] ?? name;
  const contextOf = ({ compose }: Service): string | undefined =>
    compose.build?.context.fact.known === true ? compose.build.context.fact.value.path : undefined;
  const sameContext = contextOf(a) !== undefined && contextOf(a) === contextOf(b);
  const sameImage = a.imageName.known && b.imageName.known && a.imageName.value === b.imageName.value;
  return sameContext || sameImage || stem(a.name) === stem(b.name);
}

/** Same protocol, and addresses of the host that overlap. */
function meet(a: PortMapping, b: PortMapping): boolean {
  if (a.protocol !== b.protocol || !a.hostIp.known || !b.hostIp.known) return false;
  const any = (ip: string): boolean => ip === '' || ip === '0.0.0.0';
  return any(a.hostIp.value) || any(b.hostIp.value) || a.hostIp.value === b.hostIp.value;
}
