import { type Fact, known, unknown } from '../facts/fact.ts';
import type { SimulatedImage } from './image.ts';
import type { RunUser } from './state.ts';

/** Groups a process belongs to: its own and those that list its user. */
export function groupsOf(image: SimulatedImage, uid: Fact<number>, gid: Fact<number>): readonly number[] {
  const out = gid.known ? [gid.value] : [];
  if (!uid.known || !image.users.known || !image.groups.known) return out;
  const name = image.users.value.find((user) => user.uid === uid.value)?.name;
  for (const group of image.groups.value) if (name !== undefined && group.members.includes(name)) out.push(group.gid);
  return out;
}

/** What the text of USER or --chown means: `name`, `uid`, `name:group`, `uid:gid`. `missing` names what is not in the image. */
export function resolveUser(
  image: SimulatedImage,
  written: string,
  defaultGid: 'zero' | 'same',
): {
  readonly user: RunUser;
  readonly uid: Fact<number>;
  readonly gid: Fact<number>;
  readonly missing?: 'user' | 'group';
} {
  const [name = '', group] = written.split(':', 2);
  const users = image.users;
  const listed = users.known ? users.value.find((user) => user.name === name) : undefined;
  const numeric = /^[0-9]+$/.test(name);
  let uid: Fact<number>;
  let missing: 'user' | 'group' | undefined;
  if (numeric) uid = known(Number(name));
  else if (listed) uid = known(listed.uid, listed.origin);
  else if (name === 'root' || name === '') uid = known(0);
  else if (users.known) {
    uid = unknown(`there is no user ${name}`, ...users.because);
    missing = 'user';
  } else uid = users;
  let gid: Fact<number>;
  if (group === undefined || group === '') {
    const byId = numeric && users.known ? users.value.find((user) => user.uid === Number(name)) : undefined;
    const entry = listed ?? (defaultGid === 'zero' ? byId : undefined);
    if (entry) gid = known(entry.gid, entry.origin);
    else if (uid.known && uid.value === 0) gid = known(0);
    else if (numeric && defaultGid === 'same') gid = known(Number(name));
    else if (numeric && users.known) gid = known(0, ...users.because);
    else gid = users.known ? uid : unknown(`the group of ${name} is not known`, ...users.because);
  } else if (/^[0-9]+$/.test(group)) gid = known(Number(group));
  else {
    const groups = image.groups;
    const found = groups.known ? groups.value.find((item) => item.name === group) : undefined;
    if (found) gid = known(found.gid, found.origin);
    else if (group === 'root') gid = known(0);
    else if (groups.known) {
      gid = unknown(`there is no group ${group}`, ...groups.because);
      missing ??= 'group';
    } else gid = groups;
  }
  const user: RunUser = { written, ...(uid.known ? { uid: uid.value } : {}), ...(gid.known ? { gid: gid.value } : {}) };
  return missing ? { user, uid, gid, missing } : { user, uid, gid };
}
