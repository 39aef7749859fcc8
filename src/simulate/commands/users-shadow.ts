import { change } from '../change.ts';
import type { Call, CommandModel, Failure } from '../command-model.ts';
import { succeeded } from '../command-model.ts';
import type { ImageState } from '../state.ts';
import {
  accounts,
  blindly,
  createUser,
  findGroup,
  groupMissing,
  idTaken,
  joinGroup,
  nameTaken,
  nextId,
  refuse,
} from './accounts.ts';
import { knownTexts, parseOptions, rest, word } from './options.ts';

// shadow's tools (Debian, Ubuntu, Fedora and Alpine's package shadow): ids, modes and words as measured on bookworm and trixie.

const USERADD = {
  flags:
    'm create-home=m M no-create-home=M r system=r U user-group=U N no-user-group=N l no-log-init=l o non-unique=o badname',
  values:
    'u uid=u g gid=g d home-dir=d home=d s shell=s c comment=c G groups=G b base-dir=b k skel=k p password=p e expiredate=e f inactive=f K key=K R root=R',
};

/** useradd. Without -m no home; ids from 1000 up, system ids from 999 down; a group of the same name unless -g or -N. */
export const useradd: CommandModel = (call, state) => {
  const options = parseOptions(rest(call), USERADD);
  if (!options || options.has('R') || options.operands.length !== 1) return undefined;
  const name = word(options.operands[0]);
  const texts = ['u', 'g', 'd', 's', 'G', 'b'].map((key) => options.value(key));
  if (name === undefined || texts.some((item) => item && !item.known)) return undefined;
  const text = (key: string) => {
    const value = options.value(key);
    return value?.known ? value.value : undefined;
  };
  const home = text('d') ?? `${text('b') ?? '/home'}/${name}`;
  const known = accounts(state);
  const createHome = options.has('m') && !options.has('M');
  if (!known) return blindly(call, state, [`adds user ${name}`], createHome ? home : undefined);
  const { users, groups } = known;
  const system = options.has('r');
  const range = system ? ([999, 100] as const) : ([1000, 60000] as const);
  const failures: Failure[] = [];
  let code = 1;
  const same = users.find((user) => user.name === name);
  const group = text('g') === undefined ? undefined : findGroup(groups, text('g') ?? '');
  const uid = text('u') === undefined ? nextId(range, new Set(users.map((user) => user.uid))) : Number(text('u'));
  if (uid === undefined || !Number.isInteger(uid)) return undefined;
  const owner = text('u') === undefined || options.has('o') ? undefined : users.find((user) => user.uid === uid);
  const ownGroup = text('g') === undefined && !options.has('N');
  const clash = ownGroup ? groups.find((item) => item.name === name) : undefined;
  if (same) {
    failures.push(nameTaken(call, 'user', same, `user '${name}' already exists`));
    code = 9;
  } else if (text('g') !== undefined && !group) {
    failures.push(groupMissing(call, text('g') ?? '', state.groups.because, `group '${text('g')}' does not exist`));
    code = 6;
  } else if (clash) {
    // A group of that name exists: useradd wants -g to use it.
    failures.push(nameTaken(call, 'group', clash, `group ${name} exists`));
    code = 9;
  } else if (owner) {
    failures.push(idTaken(call, 'uid', uid, owner, `UID ${uid} is not unique`));
    code = 4;
  } else {
    const missing = (text('G') ?? '').split(',').find((item) => item !== '' && !findGroup(groups, item));
    if (missing !== undefined) {
      failures.push(groupMissing(call, missing, state.groups.because, `group '${missing}' does not exist`));
      code = 6;
    }
  }
  const gids = new Set(groups.map((item) => item.gid));
  const gid = group?.gid ?? (ownGroup ? (clash?.gid ?? (gids.has(uid) ? nextId(range, gids) : uid)) : 100);
  if (gid === undefined) return undefined;
  const result = change(state, call.reason);
  const effects = createUser(
    result,
    {
      name,
      ownGroup: ownGroup && !clash,
      home,
      createHome: createHome && !same,
      homeMode: homeMode(state),
      shell: text('s') ?? '/bin/sh',
      range,
      supplementary: (text('G') ?? '').split(',').filter((item) => item !== ''),
    },
    uid,
    gid,
    true,
  );
  return failures.length > 0 ? refuse(state, failures, code, result.state) : succeeded(result.state, effects);
};

/** HOME_MODE of login.defs: 0700 in trixie and Ubuntu 21.04 and later, else by UMASK 022. */
function homeMode(state: ImageState): number {
  const release = state.distro.known ? state.distro.value.release : undefined;
  if (release === 'trixie') return 0o700;
  return release === 'noble' || release === 'jammy' || release === 'resolute' ? 0o750 : 0o755;
}

/** groupadd. -f makes a taken name or id no failure. */
export const groupadd: CommandModel = (call, state) => {
  const options = parseOptions(rest(call), {
    flags: 'r system=r f force=f o non-unique=o',
    values: 'g gid=g K key=K p password=p U users=U',
  });
  if (options?.operands.length !== 1) return undefined;
  const name = word(options.operands[0]);
  const given = options.value('g');
  if (name === undefined || (given && !given.known)) return undefined;
  const known = accounts(state);
  if (!known) return blindly(call, state, [`adds group ${name}`]);
  const { groups } = known;
  const taken = new Set(groups.map((group) => group.gid));
  const same = groups.find((group) => group.name === name);
  const wanted = given ? Number(given.value) : undefined;
  const owner = wanted === undefined || options.has('o') ? undefined : groups.find((group) => group.gid === wanted);
  if (same && options.has('f')) return succeeded(state, [], '');
  const range = options.has('r') ? ([999, 100] as const) : ([1000, 60000] as const);
  const gid = wanted !== undefined && !(owner && options.has('f')) ? wanted : nextId(range, taken);
  if (gid === undefined || !Number.isInteger(gid)) return undefined;
  const repaired = same ? state : change(state, call.reason).addGroup({ name, gid, members: [] }).state;
  if (same) return refuse(state, [nameTaken(call, 'group', same, `group '${name}' already exists`)], 9, repaired);
  if (owner && !options.has('f'))
    return refuse(state, [idTaken(call, 'gid', gid, owner, `GID '${gid}' already exists`)], 4, repaired);
  return succeeded(repaired, [`adds group ${name} (${gid})`], '');
};

const USERMOD = {
  flags: 'a append=a o non-unique=o m move-home=m L lock=L U unlock=U r remove=r',
  values: 'u uid=u g gid=g G groups=G d home=d s shell=s l login=l c comment=c p password=p e f',
};

/** usermod: ids, groups, home, shell, name. */
export const usermod: CommandModel = (call, state) => {
  const options = parseOptions(rest(call), USERMOD);
  const name = word(options?.operands[0]);
  if (!options || name === undefined || options.operands.length !== 1) return undefined;
  const read = (key: string) => {
    const value = options.value(key);
    return value?.known ? value.value : undefined;
  };
  if (['u', 'g', 'G', 'd', 's', 'l'].some((key) => options.has(key) && read(key) === undefined)) return undefined;
  const known = accounts(state);
  if (!known) return blindly(call, state, [`changes user ${name}`]);
  const user = known.users.find((item) => item.name === name);
  if (!user) return refuse(state, [userMissing(call, name, state)], 6, state);
  const failures: Failure[] = [];
  const uid = read('u') === undefined ? user.uid : Number(read('u'));
  const owner = options.has('o') ? undefined : known.users.find((item) => item.uid === uid && item.name !== name);
  if (owner) failures.push(idTaken(call, 'uid', uid, owner, `UID '${uid}' already exists`));
  const wanted = [
    ...(read('g') === undefined ? [] : [read('g') ?? '']),
    ...(read('G') ?? '').split(',').filter((item) => item !== ''),
  ];
  for (const text of wanted) {
    if (!findGroup(known.groups, text))
      failures.push(groupMissing(call, text, state.groups.because, `group '${text}' does not exist`));
  }
  const result = change(state, call.reason);
  const gid = read('g') === undefined ? user.gid : (findGroup(known.groups, read('g') ?? '')?.gid ?? user.gid);
  const changed = { name: read('l') ?? name, uid, gid, home: read('d') ?? user.home, shell: read('s') ?? user.shell };
  if (changed.name !== name)
    result.set({ users: { ...state.users, known: true, value: known.users.filter((item) => item.name !== name) } });
  result.addUser(changed);
  for (const group of (read('G') ?? '').split(',').filter((item) => item !== ''))
    joinGroup(result, group, changed.name);
  if (uid !== user.uid || options.has('m')) {
    // Files in the home follow the new id.
    if (options.has('m') && changed.home !== user.home) result.move(user.home, changed.home);
    else result.chown(user.home, uid, undefined, { recursive: true });
  }
  return failures.length > 0
    ? refuse(state, failures, owner ? 4 : 6, result.state)
    : succeeded(result.state, [`changes user ${name}`], '');
};

export function userMissing(call: Call, name: string, state: ImageState): Failure {
  return {
    kind: 'user-unknown',
    at: call.at,
    subject: name,
    text: `${call.name} stops: there is no user ${name}`,
    because: [...state.users.because, call.reason],
    says: name,
    detail: { user: name },
  };
}

/** groupmod -g and -n. */
export const groupmod: CommandModel = (call, state) => {
  const options = parseOptions(rest(call), { flags: 'o non-unique=o', values: 'g gid=g n new-name=n' });
  const name = word(options?.operands[0]);
  const values = options ? [options.value('g'), options.value('n')] : [];
  if (!options || name === undefined || values.some((item) => item && !item.known)) return undefined;
  const known = accounts(state);
  if (!known) return blindly(call, state, [`changes group ${name}`]);
  const group = known.groups.find((item) => item.name === name);
  if (!group)
    return refuse(state, [groupMissing(call, name, state.groups.because, `group '${name}' does not exist`)], 6, state);
  const [gidFact, nameFact] = values;
  const gid = gidFact?.known ? Number(gidFact.value) : group.gid;
  const next = nameFact?.known ? nameFact.value : name;
  const owner = options.has('o') ? undefined : known.groups.find((item) => item.gid === gid && item.name !== name);
  const result = change(state, call.reason).set({
    groups: { ...state.groups, known: true, value: known.groups.filter((item) => item.name !== name) },
  });
  result.addGroup({ name: next, gid, members: group.members });
  for (const user of known.users) if (user.gid === group.gid) result.addUser({ ...user, gid });
  return owner
    ? refuse(state, [idTaken(call, 'gid', gid, owner, `GID '${gid}' already exists`)], 4, result.state)
    : succeeded(result.state, [`changes group ${name}`], '');
};

/** userdel and deluser, groupdel and delgroup. */
export const removeAccount: CommandModel = (call, state) => {
  const options = parseOptions(rest(call), { flags: 'r remove=r f force=f remove-home=r quiet system only-if-empty' });
  const words = options ? knownTexts(options.operands) : undefined;
  const known = accounts(state);
  if (!options || !words || words.length !== 1 || !known) return undefined;
  const [name = ''] = words;
  const ofUser = /user/.test(call.name);
  const user = known.users.find((item) => item.name === name);
  const group = known.groups.find((item) => item.name === name);
  if (ofUser ? !user : !group) {
    const failure = ofUser ? userMissing(call, name, state) : groupMissing(call, name, state.groups.because, name);
    return refuse(state, [failure], 6, state);
  }
  const result = change(state, call.reason);
  if (ofUser) {
    result.set({ users: { ...state.users, known: true, value: known.users.filter((item) => item.name !== name) } });
    if (options.has('r') && user) result.remove(user.home);
  }
  // The user's own group goes along when nobody else is in it.
  const alone = group && !known.users.some((item) => item.gid === group.gid && item.name !== name);
  if (!ofUser || alone) {
    result.set({ groups: { ...state.groups, known: true, value: known.groups.filter((item) => item.name !== name) } });
  }
  return succeeded(result.state, [`removes ${ofUser ? 'user' : 'group'} ${name}`]);
};
