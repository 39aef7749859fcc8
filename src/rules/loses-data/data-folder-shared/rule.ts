import { each, know } from '../../../facts/know.ts';
import { isWithin } from '../../container-path.ts';
import { claim, rule } from '../../rule.ts';

export default rule({
  on: 'stack',
  severity: 'error',
  summary: 'two servers write to one data folder',
  why: 'Each believes that the files are its own. The second refuses to start where it sees the lock of the first, and ruins the data where it does not.',
  remedy: 'Give each server a volume of its own.',
  proof: 'none',
  *check(stack) {
    const servers = stack.services.filter((s) => s.server !== undefined && s.compose.profiles.length === 0);
    const mounts = servers.flatMap((service) =>
      service.compose.volumes.flatMap((mount) => {
        const target = mount.target.fact;
        const holds = target.known && service.server?.data.some((d) => isWithin(d.path, target.value)) === true;
        return mount.source !== undefined && !mount.readOnly && holds ? [{ service, mount, source: mount.source }] : [];
      }),
    );
    yield* each([...mounts.entries()], function* ([index, { service, mount, source }]) {
      const { written } = yield* know(source.fact);
      const replicas = service.compose.replicas?.fact;
      const other = mounts
        .slice(0, index)
        .find(
          (m) =>
            m.service !== service &&
            m.service.server?.name === service.server?.name &&
            m.source.fact.known &&
            m.source.fact.value.written === written &&
            m.mount.subpath === mount.subpath,
        );
      const many = replicas?.known === true && replicas.value > 1;
      if (other === undefined && !many) return;
      yield claim({
        breaks: `kept:${service.id}`,
        at: mount.at,
        title: `${other === undefined ? `all replicas of ${service.name}` : `${other.service.name} and ${service.name}`} keep their data in ${written}`,
        subject: written,
        because: [
          {
            kind: 'compose',
            at: (other ?? { mount }).mount.at,
            text: `${written} is the data folder of ${(other ?? { service }).service.name}`,
          },
        ],
      });
    });
  },
});
