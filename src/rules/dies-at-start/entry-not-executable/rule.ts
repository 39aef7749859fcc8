import { know } from '../../../facts/know.ts';
import type { RunUser } from '../../../simulate/state.ts';
import { type FirstFile, firstFile } from '../../first-file.ts';
import { claim, rule } from '../../rule.ts';

export default rule({
  on: 'service',
  severity: 'error',
  summary: 'the script that the container starts with may not be executed',
  why: 'COPY keeps the permission bits of the file. Without an execute bit the engine says "permission denied" when the container starts; a script must be readable to its user, too.',
  remedy: 'git update-index --chmod=+x FILE, or COPY --chmod=755.',
  proof: 'engine',
  *check(service) {
    const entry = yield* know(firstFile(service));
    if (entry?.mode === undefined) return;
    const bits = entry.mode.toString(8);
    let title = `${entry.path} has no execute permission (${bits})`;
    if ((entry.mode & 0o111) !== 0) {
      if ((entry.mode & 0o005) === 0o005) return;
      const user = yield* know(service.user);
      if (!barred(entry, user)) return;
      title = `${entry.path} (${bits}, of ${entry.uid === 0 ? 'root' : `user ${entry.uid}`}) is not for ${user.written || 'its user'} to run`;
    }
    yield claim({
      breaks: service.nodes.starts,
      at: entry.at,
      title,
      subject: entry.path,
      because: [{ kind: 'line', at: entry.at, text: `the container starts with ${entry.path}` }, ...entry.because],
    });
  },
});

/** Neither owner nor certainly of the group, and others may not execute it, or, a script, not read it. */
function barred({ mode = 0, uid, gid, content }: FirstFile, user: RunUser): boolean {
  if (uid === undefined || gid === undefined || user.uid === undefined || user.gid === undefined) return false;
  const needed = content?.startsWith('#!') === true ? 0o5 : 0o1;
  if (user.uid === 0) return false;
  // A user may be in more groups than his own: a group that may do it excuses.
  const bits = uid === user.uid ? mode >> 6 : (mode & 0o7) | ((mode >> 3) & 0o7);
  return (bits & needed) !== needed;
}
