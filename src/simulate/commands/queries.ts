import { known } from '../../facts/fact.ts';
import { change } from '../change.ts';
import { findCommand } from '../command-lookup.ts';
import { type CommandModel, failed, succeeded } from '../command-model.ts';
import { simulated } from '../image.ts';
import { knownTexts } from './options.ts';

/** Commands that change nothing an image keeps and are assumed to succeed. */
export const harmless: CommandModel = (_call, state) => succeeded(state);

/** Commands that change nothing; whether they succeed is not known. */
export const asking: CommandModel = (call, state) => ({
  state,
  exit: { status: 'unknown', why: `what ${call.name} answers is not known` },
  effects: [],
});

/** which, and `command -v`: where a command is, or failure without fault. */
export const which: CommandModel = (call, state) => {
  const words = knownTexts(call.argv.slice(1));
  if (!words) return asking(call, state, never);
  const [name] = words.filter((item) => !item.startsWith('-'));
  if (name === undefined || words.filter((item) => !item.startsWith('-')).length > 1) return asking(call, state, never);
  if (call.name === 'command' && !words.some((item) => /^-[vV]$/.test(item))) return undefined;
  const found = findCommand(simulated(state), name, call.cwd.known ? call.cwd.value : '/');
  if (!found.known) return asking(call, state, never);
  if (found.value.presence === 'absent') return failed(state, []);
  if (found.value.presence === 'assumed') return asking(call, state, never);
  const path = found.value.path;
  return path === undefined ? succeeded(state) : succeeded(state, [], `${path}\n`);
};

const never = {
  platform: { os: 'linux', architecture: 'amd64' },
  network: false,
  systemPackage: () => ({ known: false as const, why: 'not asked', because: [] }),
  runShell: (_: string, __: unknown, state: Parameters<CommandModel>[1]) => succeeded(state),
  runArgv: (_: unknown, __: unknown, state: Parameters<CommandModel>[1]) => succeeded(state),
};

/** id: fails for a user that is certainly not there. */
export const id: CommandModel = (call, state) => {
  const words = knownTexts(call.argv.slice(1));
  const names = words?.filter((item) => !item.startsWith('-'));
  if (!words || !names) return asking(call, state, never);
  const [name] = names;
  const flags = words.filter((item) => item.startsWith('-')).join('');
  if (!state.users.known) return asking(call, state, never);
  const user =
    name === undefined
      ? state.users.value.find((item) => call.uid.known && item.uid === call.uid.value)
      : state.users.value.find((item) => item.name === name || String(item.uid) === name);
  if (!user) return name === undefined ? succeeded(state) : failed(state, []);
  if (flags === '-u') return succeeded(state, [], `${user.uid}\n`);
  if (flags === '-g') return succeeded(state, [], `${user.gid}\n`);
  if (/^-(un|nu)$|^-u-n$/.test(flags)) return succeeded(state, [], `${user.name}\n`);
  return succeeded(state);
};

/** getent passwd|group NAME. */
export const getent: CommandModel = (call, state) => {
  const words = knownTexts(call.argv.slice(1));
  const [database, key] = words ?? [];
  if (key === undefined || !state.users.known || !state.groups.known) return asking(call, state, never);
  if (database === 'passwd') {
    return state.users.value.some((user) => user.name === key || String(user.uid) === key)
      ? succeeded(state)
      : failed(state, [], { code: 2 });
  }
  if (database !== 'group') return asking(call, state, never);
  return state.groups.value.some((group) => group.name === key || String(group.gid) === key)
    ? succeeded(state)
    : failed(state, [], { code: 2 });
};

/** whoami and `uname -m`, `arch`, `nproc`: known answers. */
export const whoami: CommandModel = (call, state) => {
  if (!state.users.known || !call.uid.known) return succeeded(state);
  const uid = call.uid.value;
  const user = state.users.value.find((item) => item.uid === uid);
  return user ? succeeded(state, [], `${user.name}\n`) : succeeded(state);
};

const MACHINES: Readonly<Record<string, string>> = {
  amd64: 'x86_64',
  arm64: 'aarch64',
  '386': 'i686',
  arm: 'armv7l',
  ppc64le: 'ppc64le',
  s390x: 's390x',
  riscv64: 'riscv64',
};

export const uname: CommandModel = (call, state, world) => {
  const words = knownTexts(call.argv.slice(1));
  const machine = MACHINES[world.platform.architecture];
  if (call.name === 'arch' || words?.join(' ') === '-m')
    return machine === undefined ? succeeded(state) : succeeded(state, [], `${machine}\n`);
  return words?.length === 0 || words?.join(' ') === '-s' ? succeeded(state, [], 'Linux\n') : succeeded(state);
};

/** dpkg --print-architecture; -i installs what is not known. */
export const dpkg: CommandModel = (call, state, world) => {
  const words = knownTexts(call.argv.slice(1));
  if (words?.join(' ') === '--print-architecture') {
    const name = { amd64: 'amd64', arm64: 'arm64', '386': 'i386', ppc64le: 'ppc64el', s390x: 's390x' }[
      world.platform.architecture
    ];
    return name === undefined ? succeeded(state) : succeeded(state, [], `${name}\n`);
  }
  if (words?.some((item) => /^(-l|-s|-L|-S|--list|--status|--version|--listfiles)$/.test(item)))
    return asking(call, state, world);
  return undefined;
};

/** Writes below places of their own: the command's effect in one folder. */
export function fills(path: string, what: string): CommandModel {
  return (call, state) =>
    succeeded(change(state, call.reason).fill(path, what).state, [`${call.name} writes below ${path}`]);
}

/** dirname, basename, date and others that print: what they print is known where it follows from their words. */
export const textTool: CommandModel = (call, state) => {
  const words = knownTexts(call.argv.slice(1));
  if (words?.length === 1 && call.name === 'basename')
    return succeeded(state, [], `${(words[0] ?? '').replace(/\/+$/, '').split('/').at(-1)}\n`);
  if (words?.length === 1 && call.name === 'dirname')
    return { ...succeeded(state), stdout: known(`${(words[0] ?? '').replace(/\/[^/]*\/?$/, '') || '/'}\n`) };
  return succeeded(state);
};
