import { type CommandModel, succeeded } from '../command-model.ts';
import { accounts, blindly, findGroup, freeId, refuse, wrongOption } from './accounts.ts';
import { type AdduserCall, type AdduserWords, addGroup, addMember, addUser } from './adduser.ts';
import { parseOptions, rest, word } from './options.ts';

// Debian's adduser and addgroup (Perl), as measured on bookworm.

const SPEC = {
  flags:
    'system group disabled-password disabled-login no-create-home allow-bad-names=bad force-badname=bad allow-all-names=bad allow-badname=bad quiet q=quiet verbose debug encrypt-home add_extra_groups add-extra-groups comment-stub',
  values: 'uid gid home shell ingroup gecos comment=gecos firstuid lastuid firstgid lastgid conf',
};

const WORDS: AdduserWords = {
  groupMissing: (name) => `The group \`${name}' does not exist`,
  userTaken: (name) => `The user \`${name}' already exists`,
  groupTaken: (name) => `The group \`${name}' already exists`,
  uidTaken: (id) => `The UID ${id} is already in use`,
  gidTaken: (id) => `The GID \`${id}' is already in use`,
  silent: false,
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
  const asked: AdduserCall = { call, state, users, groups, words: WORDS };
  if (options.operands.length === 2) return second === undefined ? undefined : addMember(asked, name, second);
  const number = (key: string) => (read(key) === undefined ? undefined : Number(read(key)));
  const range = system ? ([100, 999] as const) : ([1000, 59999] as const);
  const sameGroup = groups.find((group) => group.name === name);
  if (onlyGroup) {
    const wanted = number('gid');
    const owner = wanted === undefined ? undefined : groups.find((group) => group.gid === wanted);
    // A system group that is there already is no error.
    return sameGroup && system && !owner ? succeeded(state, [], '') : addGroup(asked, name, wanted, range);
  }
  const wanted = number('uid');
  if (system && wanted === undefined && users.some((user) => user.name === name)) return succeeded(state, [], '');
  const gids = new Set(groups.map((group) => group.gid));
  const uid = wanted ?? freeId(range, new Set(users.map((user) => user.uid)), ...(system ? [] : [gids]));
  if (uid === undefined) return undefined;
  const into = read('ingroup') ?? read('gid');
  const group = into === undefined ? undefined : findGroup(groups, into);
  const ownGroup = into === undefined && (!system || options.has('group'));
  const gid =
    group?.gid ?? (ownGroup ? (sameGroup?.gid ?? (gids.has(uid) || system ? freeId(range, gids) : uid)) : 65534);
  if (gid === undefined) return undefined;
  const user = {
    name,
    ownGroup: ownGroup && !sameGroup,
    home,
    createHome: !options.has('no-create-home') && home !== '/nonexistent',
    homeMode: system || old(state) ? 0o755 : 0o700,
    shell: read('shell') ?? (system ? '/usr/sbin/nologin' : '/bin/bash'),
    range,
    supplementary: system || old(state) ? [] : ['users'],
  };
  return addUser(asked, user, { uid, gid, wanted }, into, { skeleton: !system, member: false });
};

/** Before bookworm system users got a home below /home, and homes were readable. */
function old(state: Parameters<CommandModel>[1]): boolean {
  const release = state.distro.known ? state.distro.value.release : undefined;
  return /^(buster|bullseye|focal|bionic)$/.test(release ?? '');
}
