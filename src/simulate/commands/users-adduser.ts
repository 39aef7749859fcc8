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

// Debian's adduser and addgroup (Perl), as measured on bookworm.

const SPEC = {
  flags:
    'system group disabled-password disabled-login no-create-home allow-bad-names=bad force-badname=bad allow-all-names=bad allow-badname=bad quiet q=quiet verbose debug encrypt-home add_extra_groups add-extra-groups comment-stub',
  values: 'uid gid home shell ingroup gecos comment=gecos firstuid lastuid firstgid lastgid conf',
};

/** Options of BusyBox's dialect that Debian's program refuses. */
const BUSYBOX_ONLY = /^-[DSHGhguskS]/;

/** adduser, addgroup of Debian and Ubuntu. */
export const debianAdduser: CommandModel = (call, state) => {
  const words = rest(call);
  const foreign = words.find((item) => BUSYBOX_ONLY.test(word(item) ?? ''));
  if (foreign && state.packageManager.known && state.packageManager.value === 'apt') {
    const option = word(foreign) ?? '';
    const text = `Debian's ${call.name} has no option ${option}: that is BusyBox (Alpine)`;
    // Prefixes of long options are taken with one dash too: `-S` and `-D` are ambiguous, others are unknown.
    const failure = wrongOption(call, option, text, 'ption', state.packageManager.because);
    return refuse(state, [failure], 1, state);
  }
  const options = parseOptions(words, SPEC);
  if (!options) return undefined;
  const [name, second] = options.operands.map(word);
  const read = (key: string) => {
    const value = options.value(key);
    return value?.known ? value.value : undefined;
  };
  if (name === undefined || options.operands.length > 2) return undefined;
  if (['uid', 'gid', 'home', 'shell', 'ingroup'].some((key) => options.has(key) && read(key) === undefined))
    return undefined;
  const system = options.has('system');
  const onlyGroup = call.name === 'addgroup' || (options.has('group') && !system);
  const home = read('home') ?? (system ? (old(state) ? `/home/${name}` : '/nonexistent') : `/home/${name}`);
  const known = accounts(state);
  if (!known) return blindly(call, state, [`adds ${name}`], options.has('no-create-home') ? undefined : home);
  const { users, groups } = known;
  const result = change(state, call.reason);
  if (options.operands.length === 2) {
    if (second === undefined) return undefined;
    joinGroup(result, second, name);
    if (!users.some((user) => user.name === name)) return refuse(state, [userMissing(call, name, state)], 1, state);
    if (!findGroup(groups, second))
      return refuse(
        state,
        [groupMissing(call, second, state.groups.because, `The group \`${second}' does not exist`)],
        1,
        state,
      );
    return succeeded(result.state, [`adds ${name} to group ${second}`]);
  }
  const gids = new Set(groups.map((group) => group.gid));
  const uids = new Set(users.map((user) => user.uid));
  const range = system ? ([100, 999] as const) : ([1000, 59999] as const);
  const sameGroup = groups.find((group) => group.name === name);
  if (onlyGroup) {
    const wanted = read('gid') === undefined ? undefined : Number(read('gid'));
    const gid = wanted ?? freeId(range, gids);
    if (gid === undefined) return undefined;
    const owner = wanted === undefined ? undefined : groups.find((group) => group.gid === wanted);
    if (sameGroup && system && !owner) return succeeded(state, [], '');
    if (sameGroup)
      return refuse(state, [nameTaken(call, 'group', sameGroup, `The group \`${name}' already exists`)], 1, state);
    result.addGroup({ name, gid, members: [] });
    if (owner)
      return refuse(state, [idTaken(call, 'gid', gid, owner, `The GID \`${gid}' is already in use`)], 1, result.state);
    return succeeded(result.state, [`adds group ${name} (${gid})`]);
  }
  const same = users.find((user) => user.name === name);
  if (same && system && read('uid') === undefined) return succeeded(state, [], '');
  if (same) return refuse(state, [nameTaken(call, 'user', same, `The user \`${name}' already exists`)], 1, state);
  const uid = read('uid') === undefined ? freeId(range, uids, ...(system ? [] : [gids])) : Number(read('uid'));
  if (uid === undefined) return undefined;
  const owner = read('uid') === undefined ? undefined : users.find((user) => user.uid === uid);
  const into = read('ingroup') ?? read('gid');
  const group = into === undefined ? undefined : findGroup(groups, into);
  const ownGroup = into === undefined && (!system || options.has('group'));
  const gid =
    group?.gid ?? (ownGroup ? (sameGroup?.gid ?? (gids.has(uid) || system ? freeId(range, gids) : uid)) : 65534);
  if (gid === undefined) return undefined;
  const effects = createUser(
    result,
    {
      name,
      ownGroup: ownGroup && !sameGroup,
      home,
      createHome: !options.has('no-create-home') && home !== '/nonexistent',
      homeMode: system || old(state) ? 0o755 : 0o700,
      shell: read('shell') ?? (system ? '/usr/sbin/nologin' : '/bin/bash'),
      range,
      supplementary: system || old(state) ? [] : ['users'],
    },
    uid,
    gid,
    !system,
  );
  if (into !== undefined && !group) {
    return refuse(
      state,
      [groupMissing(call, into, state.groups.because, `The group \`${into}' does not exist`)],
      1,
      result.state,
    );
  }
  if (owner)
    return refuse(state, [idTaken(call, 'uid', uid, owner, `The UID ${uid} is already in use`)], 1, result.state);
  return succeeded(result.state, effects);
};

/** Before bookworm system users got a home below /home, and homes were readable. */
function old(state: Parameters<CommandModel>[1]): boolean {
  const release = state.distro.known ? state.distro.value.release : undefined;
  return /^(buster|bullseye|focal|bionic)$/.test(release ?? '');
}
