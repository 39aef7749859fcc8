import type { ComposeMount } from '../../../compose/settings.ts';
import { type Fact, known, unknown } from '../../../facts/fact.ts';
import { type Ask, each, know } from '../../../facts/know.ts';
import type { Service } from '../../../model/types.ts';
import type { ImageState, PathState, RunUser } from '../../../simulate/state.ts';
import { claim, rule } from '../../rule.ts';

export default rule({
  on: 'service',
  severity: 'error',
  summary: 'a volume that the user of the process cannot write',
  why: 'The engine fills a new volume with what the image has at that path, owner included. A path that the image does not have becomes a folder of root: every write of another user ends with "Permission denied".',
  remedy: 'Make the folder in the image and give it to the user: `RUN mkdir -p /data && chown app /data`, before USER.',
  proof: 'engine',
  *check(service) {
    const { target, compose, stack } = service;
    // An anonymous volume keeps what the image has there (node_modules below a mounted folder): it is read.
    const volumes = compose.volumes.filter(
      (m) => m.type.known && m.type.value === 'volume' && !m.readOnly && m.source !== undefined,
    );
    if (target === undefined || volumes.length === 0) return;
    const user = yield* know(service.user);
    if (user.uid === undefined) yield* know(unknown(`which id ${user.written} has is not known`));
    if (user.uid === 0 || user.uid === undefined) return;
    const image = yield* know(service.image);
    yield* each(volumes, function* (mount) {
      const path = yield* know(mount.target.fact);
      const found = yield* know(image.tree.lookup(path));
      if (DEPENDENCIES.test(path)) return;
      if (yield* know(writable(found, user, path))) return;
      if (((found.attributes.mode ?? 0) & 0o020) !== 0 && (yield* groupOf(image, user, found.attributes.gid))) return;
      const other = whoElse(service, mount);
      if (other !== undefined) yield* know(unknown(other));
      if (compose.groupAdd.length > 0) yield* know(unknown('further groups are given to the process'));
      const absent = found.presence === 'absent';
      const key = mount.source?.fact.known === true ? mount.source.fact.value.written : path;
      yield claim({
        breaks: `kept:${service.id}`,
        at: mount.at,
        title: `${service.name} runs as ${user.written === '' ? user.uid : user.written} and cannot write to the volume at ${path}`,
        subject: path,
        because: [
          { kind: 'compose', at: mount.at, text: `${key} is mounted at ${path}` },
          ...(found.entry === undefined ? [] : [found.entry.origin]),
          {
            kind: 'line',
            at: stack.files.length === 0 ? service.at : target.at,
            text: absent
              ? `the image has no ${path}, so the engine makes it for root`
              : `${path} belongs to user ${found.attributes.uid}`,
          },
        ],
      });
    });
  },
});

/** What a build installs and a process only reads. */
const DEPENDENCIES = /\/(node_modules|\.?venv|vendor|site-packages|dist-packages|bundle)$/;

/** Whether the user is a further member of the group that may write. */
function* groupOf(image: ImageState, user: RunUser, gid: number | undefined): Generator<Ask, boolean, unknown> {
  const groups = yield* know(image.groups);
  const users = yield* know(image.users);
  const own = users.find((u) => u.uid === user.uid)?.name ?? user.written;
  return groups.some((group) => group.gid === gid && group.members.includes(own));
}

/** Whether a user may write to a folder as the image has it; what the image does not have becomes root's. */
function writable(found: PathState, user: RunUser, path: string): Fact<boolean> {
  if (found.presence === 'assumed') return unknown(`what the image has at ${path} is not known`);
  if (found.presence === 'absent') return known(false);
  const { mode, uid, gid } = found.attributes;
  if (mode === undefined || uid === undefined || gid === undefined) return unknown(`the owner of ${path} is not known`);
  return known(
    (mode & 0o002) !== 0 ||
      (uid === user.uid && (mode & 0o200) !== 0) ||
      (gid === (user.gid ?? 0) && (mode & 0o020) !== 0),
  );
}

/** Who may have made the volume or may change its owner. */
function whoElse({ compose, stack }: Service, mount: ComposeMount): string | undefined {
  if (mount.source === undefined) return undefined;
  if (!mount.source.fact.known) return 'which volume is mounted is not known';
  const { written } = mount.source.fact.value;
  const volume = stack.model.volumes.get(written);
  if (volume === undefined || volume.external || volume.driver !== undefined || volume.driverOpts.size > 0)
    return `${written} is made elsewhere`;
  const other = [...stack.model.services.values()].find(
    (s) =>
      s !== compose &&
      s.volumes.some((m) => m.source?.fact.known !== false && m.source?.fact.value.written === written),
  );
  return other === undefined ? undefined : `${other.name} mounts ${written} too, and may give it to somebody else`;
}
