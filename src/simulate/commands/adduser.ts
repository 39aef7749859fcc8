import { change } from '../change.ts';
import { type Call, type Outcome, succeeded } from '../command-model.ts';
import type { Group, ImageState, User } from '../state.ts';
import {
  createUser,
  findGroup,
  freeId,
  groupMissing,
  idTaken,
  joinGroup,
  type NewUser,
  nameTaken,
  refuse,
} from './accounts.ts';
import { userMissing } from './users-shadow.ts';

/** What differs between the programs called adduser and addgroup once their arguments are read: what they say. */
export interface AdduserWords {
  readonly userMissing?: (name: string) => string;
  readonly groupMissing: (name: string) => string;
  readonly userTaken: (name: string) => string;
  readonly groupTaken: (name: string) => string;
  readonly uidTaken: (id: number) => string;
  readonly gidTaken: (id: number) => string;
  /** It prints nothing. */
  readonly silent: boolean;
}

/** A call whose arguments are read, in an image whose users are known. */
export interface AdduserCall {
  readonly call: Call;
  readonly state: ImageState;
  readonly users: readonly User[];
  readonly groups: readonly Group[];
  readonly words: AdduserWords;
}

/** `adduser USER GROUP`: the user joins the group. */
export function addMember({ call, state, users, groups, words }: AdduserCall, name: string, group: string): Outcome {
  const result = change(state, call.reason);
  joinGroup(result, group, name);
  if (!users.some((user) => user.name === name)) {
    const missing = userMissing(call, name, state);
    return refuse(state, [{ ...missing, says: words.userMissing?.(name) ?? missing.says ?? name }], 1, state);
  }
  if (!findGroup(groups, group))
    return refuse(state, [groupMissing(call, group, state.groups.because, words.groupMissing(group))], 1, state);
  return done(words, result.state, [`adds ${name} to group ${group}`]);
}

/** `addgroup NAME`, with the id that is asked for or the first one of the range that is free. */
export function addGroup(
  { call, state, groups, words }: AdduserCall,
  name: string,
  wanted: number | undefined,
  range: readonly [number, number],
): Outcome | undefined {
  const gid = wanted ?? freeId(range, new Set(groups.map((group) => group.gid)));
  if (gid === undefined) return undefined;
  const same = groups.find((group) => group.name === name);
  if (same) return refuse(state, [nameTaken(call, 'group', same, words.groupTaken(name))], 1, state);
  const result = change(state, call.reason);
  result.addGroup({ name, gid, members: [] });
  const owner = wanted === undefined ? undefined : groups.find((group) => group.gid === wanted);
  if (owner) return refuse(state, [idTaken(call, 'gid', gid, owner, words.gidTaken(gid))], 1, result.state);
  return done(words, result.state, [`adds group ${name} (${gid})`]);
}

/** `adduser NAME`. `wanted`: the id asked for; `into`: the group asked for, which must be there. */
export function addUser(
  { call, state, users, groups, words }: AdduserCall,
  user: NewUser,
  ids: { readonly uid: number; readonly gid: number; readonly wanted: number | undefined },
  into: string | undefined,
  more: { readonly skeleton: boolean; readonly member: boolean },
): Outcome {
  const same = users.find(({ name }) => name === user.name);
  if (same) return refuse(state, [nameTaken(call, 'user', same, words.userTaken(user.name))], 1, state);
  const result = change(state, call.reason);
  const effects = createUser(result, user, ids.uid, ids.gid, more.skeleton);
  const group = into === undefined ? undefined : findGroup(groups, into);
  if (into !== undefined && !group)
    return refuse(state, [groupMissing(call, into, state.groups.because, words.groupMissing(into))], 1, result.state);
  if (into !== undefined && more.member) joinGroup(result, into, user.name);
  const owner = ids.wanted === undefined ? undefined : users.find(({ uid }) => uid === ids.wanted);
  if (owner) return refuse(state, [idTaken(call, 'uid', ids.uid, owner, words.uidTaken(ids.uid))], 1, result.state);
  return done(words, result.state, effects);
}

function done(words: AdduserWords, state: ImageState, effects: readonly string[]): Outcome {
  return words.silent ? succeeded(state, effects, '') : succeeded(state, effects);
}
