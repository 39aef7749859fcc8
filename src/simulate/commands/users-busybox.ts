import { change } from '../change.ts';
import { type CommandModel, succeeded } from '../command-model.ts';
import {
  accounts,
  blindly,
  createUser,
  findGroup,
  freeId,
  groupMissing,
  idTaken,
  joinGroup,
  nameTaken,
  refuse,
  wrongOption,
} from './accounts.ts';
import { parseOptions, rest, word } from './options.ts';
import { userMissing } from './users-shadow.ts';

// BusyBox's adduser, addgroup, deluser, delgroup as Alpine has them.

const SPEC = {
  flags: 'S system=S D disabled-password=D H no-create-home=H empty-password=D',
  values: 'u uid=u G ingroup=G h home=h s shell=s g gecos=g k skel=k gid=gid',
};

/** adduser and addgroup of BusyBox. */
export const busyboxAdduser: CommandModel = (call, state) => {
  const words = rest(call);
  const forGroup = call.name === 'addgroup';
  const unknownOption = words.find((item) => {
    const text = word(item) ?? '';
    if (/^--/.test(text))
      return /^--(group|allow-bad-names|force-badname|disabled-login|quiet|firstuid|comment|conf|non-unique|create-home|user-group)\b/.test(
        text,
      );
    return /^-[rmMUdNoa]$/.test(text);
  });
  if (unknownOption && state.packageManager.known && state.packageManager.value === 'apk') {
    const option = word(unknownOption) ?? '';
    const text = `BusyBox's ${call.name} has no option ${option}`;
    return refuse(
      state,
      [wrongOption(call, option, text, 'unrecognized option', state.packageManager.because)],
      1,
      state,
    );
  }
  const spec = forGroup ? { flags: 'S system=S', values: 'g gid=g' } : SPEC;
  const options = parseOptions(words, spec);
  if (!options || options.has('gid')) return undefined;
  const [name, second] = options.operands.map(word);
  const read = (key: string) => {
    const value = options.value(key);
    return value?.known ? value.value : undefined;
  };
  if (
    name === undefined ||
    ['u', 'G', 'h', 's', 'g'].some((key) => key !== 'g' && options.has(key) && read(key) === undefined)
  )
    return undefined;
  if (forGroup && options.has('g') && read('g') === undefined) return undefined;
  const home = read('h') ?? `/home/${name}`;
  const known = accounts(state);
  if (!known) return blindly(call, state, [`adds ${name}`], forGroup || options.has('H') ? undefined : home);
  const { users, groups } = known;
  const result = change(state, call.reason);
  if (options.operands.length === 2) {
    if (second === undefined) return undefined;
    joinGroup(result, second, name);
    if (!users.some((user) => user.name === name))
      return refuse(state, [{ ...userMissing(call, name, state), says: `unknown user ${name}` }], 1, state);
    if (!findGroup(groups, second))
      return refuse(state, [groupMissing(call, second, state.groups.because, `unknown group ${second}`)], 1, state);
    return succeeded(result.state, [`adds ${name} to group ${second}`], '');
  }
  const uids = new Set(users.map((user) => user.uid));
  const gids = new Set(groups.map((group) => group.gid));
  const range = options.has('S') ? ([100, 999] as const) : ([1000, 60000] as const);
  const sameGroup = groups.find((group) => group.name === name);
  if (forGroup) {
    const wanted = read('g') === undefined ? undefined : Number(read('g'));
    const gid = wanted ?? freeId(range, gids);
    if (gid === undefined) return undefined;
    if (sameGroup) return refuse(state, [nameTaken(call, 'group', sameGroup, `group '${name}' in use`)], 1, state);
    result.addGroup({ name, gid, members: [] });
    const owner = wanted === undefined ? undefined : groups.find((group) => group.gid === wanted);
    if (owner) return refuse(state, [idTaken(call, 'gid', gid, owner, `gid '${gid}' in use`)], 1, result.state);
    return succeeded(result.state, [`adds group ${name} (${gid})`], '');
  }
  const same = users.find((user) => user.name === name);
  const into = read('G');
  const group = into === undefined ? undefined : findGroup(groups, into);
  const nogroup = groups.find((item) => item.name === 'nogroup');
  const system = options.has('S');
  const ownGroup = into === undefined && !system;
  const wanted = read('u') === undefined ? undefined : Number(read('u'));
  const uid = wanted ?? freeId(range, uids, ...(ownGroup ? [gids] : []));
  const gid = group?.gid ?? (ownGroup ? (sameGroup?.gid ?? uid) : (nogroup?.gid ?? 65533));
  if (uid === undefined || gid === undefined) return undefined;
  if (same) return refuse(state, [nameTaken(call, 'user', same, `user '${name}' in use`)], 1, state);
  const effects = createUser(
    result,
    {
      name,
      ownGroup: ownGroup && !sameGroup,
      home,
      createHome: !options.has('H'),
      homeMode: 0o2755,
      shell: read('s') ?? (system ? '/sbin/nologin' : '/bin/sh'),
      range,
      supplementary: [],
    },
    uid,
    gid,
    false,
  );
  if (into !== undefined && group) joinGroup(result, into, name);
  if (into !== undefined && !group) {
    return refuse(state, [groupMissing(call, into, state.groups.because, `unknown group ${into}`)], 1, result.state);
  }
  const owner = wanted === undefined ? undefined : users.find((user) => user.uid === wanted);
  if (owner) return refuse(state, [idTaken(call, 'uid', uid, owner, `uid '${uid}' in use`)], 1, result.state);
  return succeeded(result.state, effects);
};
