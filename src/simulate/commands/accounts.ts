import type { Reason } from '../../facts/fact.ts';
import { type Change, change } from '../change.ts';
import { type Call, type Failure, failed, type Outcome, succeeded } from '../command-model.ts';
import type { Group, ImageState, User } from '../state.ts';

/** What a user-creating command was asked for, whatever its dialect. */
export interface NewUser {
  readonly name: string;
  readonly uid?: number;
  /** An existing group's name or id. */
  readonly group?: string;
  /** A group of the same name is made. */
  readonly ownGroup: boolean;
  readonly home: string;
  readonly createHome: boolean;
  readonly homeMode: number;
  readonly shell: string;
  /** Ids are taken from this range, upwards or downwards. */
  readonly range: readonly [from: number, to: number];
  readonly supplementary: readonly string[];
}

/** Users and groups of a state where both are known: only then ids and names can be judged. */
export function accounts(state: ImageState): { users: readonly User[]; groups: readonly Group[] } | undefined {
  return state.users.known && state.groups.known ? { users: state.users.value, groups: state.groups.value } : undefined;
}

/** The first id of a range that is in neither set. */
export function freeId(range: readonly [number, number], ...taken: readonly ReadonlySet<number>[]): number | undefined {
  const [from, to] = range;
  const step = from <= to ? 1 : -1;
  for (let id = from; step > 0 ? id <= to : id >= to; id += step) if (!taken.some((set) => set.has(id))) return id;
  return undefined;
}

/** shadow's rule: the highest used id of the range plus one; from the top, the lowest used minus one; else the first gap. */
export function nextId(range: readonly [number, number], taken: ReadonlySet<number>): number | undefined {
  const [from, to] = range;
  const inside = [...taken].filter((id) => id >= Math.min(from, to) && id <= Math.max(from, to));
  if (inside.length === 0) return from;
  const next = from <= to ? Math.max(...inside) + 1 : Math.min(...inside) - 1;
  const good = from <= to ? next <= to : next >= to;
  return good ? next : freeId(range, taken);
}

export function nameTaken(call: Call, kind: 'user' | 'group', entry: User | Group, says: string): Failure {
  return {
    kind: 'name-taken',
    at: call.at,
    subject: entry.name,
    text: `${call.name} stops: the ${kind} ${entry.name} exists already`,
    because: [entry.origin, call.reason],
    says,
    detail: { name: entry.name, kind },
  };
}

export function idTaken(call: Call, kind: 'uid' | 'gid', id: number, owner: User | Group, says: string): Failure {
  return {
    kind: 'id-taken',
    at: call.at,
    subject: String(id),
    text: `${call.name} stops: ${kind} ${id} belongs to ${owner.name} already`,
    because: [owner.origin, call.reason],
    says,
    detail: { id: String(id), kind, owner: owner.name },
  };
}

export function groupMissing(call: Call, group: string, known: readonly Reason[], says: string): Failure {
  return {
    kind: 'user-unknown',
    at: call.at,
    subject: group,
    text: `${call.name} stops: there is no group ${group}`,
    because: [...known, call.reason],
    says,
    detail: { group },
  };
}

export function findGroup(groups: readonly Group[], text: string): Group | undefined {
  return (
    groups.find((group) => group.name === text) ??
    groups.find((group) => /^\d+$/.test(text) && group.gid === Number(text))
  );
}

/** A command of another distribution's dialect, or one that refuses an option. */
export function wrongOption(
  call: Call,
  subject: string,
  text: string,
  says: string,
  because: readonly Reason[],
): Failure {
  return {
    kind: 'user-option-of-other-distro',
    at: call.at,
    subject,
    text,
    because: [...because, call.reason],
    says,
    detail: { command: call.name, option: subject },
  };
}

/** Adds a user to the state: passwd entry, group, home. */
export function createUser(result: Change, user: NewUser, uid: number, gid: number, skeleton: boolean): string[] {
  const effects = [`adds user ${user.name} (${uid}:${gid})`];
  if (user.ownGroup) result.addGroup({ name: user.name, gid, members: [] });
  result.addUser({ name: user.name, uid, gid, home: user.home, shell: user.shell });
  for (const name of user.supplementary) joinGroup(result, name, user.name);
  if (user.createHome) {
    const there = result.state.tree.lookup(user.home);
    if (!there.known || there.value.presence === 'absent') {
      result.mkdir(user.home, { uid, gid, mode: user.homeMode, parents: { uid: 0, gid: 0, mode: 0o755 } });
      effects.push(`creates ${user.home}`);
      if (skeleton) {
        for (const name of ['.bash_logout', '.bashrc', '.profile']) {
          result.write(`${user.home}/${name}`, { uid, gid, mode: 0o644 });
        }
      }
    }
  }
  return effects;
}

export function joinGroup(result: Change, groupName: string, userName: string): void {
  const { groups } = result.state;
  const group = groups.known ? findGroup(groups.value, groupName) : undefined;
  if (group && !group.members.includes(userName)) {
    result.addGroup({ name: group.name, gid: group.gid, members: [...group.members, userName] });
  }
}

/** The base's users are not known: the name is there afterwards, but nothing is known of ids, and nothing can fail for certain. */
export function blindly(call: Call, state: ImageState, effects: readonly string[], home?: string): Outcome {
  const result = change(state, call.reason);
  if (home !== undefined) result.assumeBelow(home, `${call.name} may create it`);
  return succeeded(result.state, effects);
}

export function refuse(state: ImageState, failures: readonly Failure[], code: number, repaired: ImageState): Outcome {
  return failed(state, failures, { code, repaired });
}
