import type { CommandModel } from '../command-model.ts';
import { accounts, blindly, findGroup, freeId, refuse, wrongOption } from './accounts.ts';
import { type AdduserCall, type AdduserWords, addGroup, addMember, addUser } from './adduser.ts';
import { parseOptions, rest, word } from './options.ts';

// BusyBox's adduser, addgroup, deluser, delgroup as Alpine has them.

const SPEC = {
  flags: 'S system=S D disabled-password=D H no-create-home=H empty-password=D',
  values: 'u uid=u G ingroup=G h home=h s shell=s g gecos=g k skel=k gid=gid',
};

const WORDS: AdduserWords = {
  userMissing: (name) => `unknown user ${name}`,
  groupMissing: (name) => `unknown group ${name}`,
  userTaken: (name) => `user '${name}' in use`,
  groupTaken: (name) => `group '${name}' in use`,
  uidTaken: (id) => `uid '${id}' in use`,
  gidTaken: (id) => `gid '${id}' in use`,
  silent: true,
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
  const asked: AdduserCall = { call, state, users, groups, words: WORDS };
  if (options.operands.length === 2) return second === undefined ? undefined : addMember(asked, name, second);
  const number = (key: string) => (read(key) === undefined ? undefined : Number(read(key)));
  const system = options.has('S');
  const range = system ? ([100, 999] as const) : ([1000, 60000] as const);
  if (forGroup) return addGroup(asked, name, number('g'), range);
  const into = read('G');
  const group = into === undefined ? undefined : findGroup(groups, into);
  const sameGroup = groups.find((item) => item.name === name);
  const nogroup = groups.find((item) => item.name === 'nogroup');
  const ownGroup = into === undefined && !system;
  const wanted = number('u');
  const gids = new Set(groups.map((item) => item.gid));
  const uid = wanted ?? freeId(range, new Set(users.map((user) => user.uid)), ...(ownGroup ? [gids] : []));
  const gid = group?.gid ?? (ownGroup ? (sameGroup?.gid ?? uid) : (nogroup?.gid ?? 65533));
  if (uid === undefined || gid === undefined) return undefined;
  const user = {
    name,
    ownGroup: ownGroup && !sameGroup,
    home,
    createHome: !options.has('H'),
    homeMode: 0o2755,
    shell: read('s') ?? (system ? '/sbin/nologin' : '/bin/sh'),
    range,
    supplementary: [],
  };
  return addUser(asked, user, { uid, gid, wanted }, into, { skeleton: false, member: true });
};
