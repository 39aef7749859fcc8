import { apkPackage, apkUsers } from '../../packages/alpine.ts';
import { change } from '../change.ts';
import { type Call, type CommandModel, type Outcome, succeeded } from '../command-model.ts';
import type { ImageState } from '../state.ts';
import { freeId } from './accounts.ts';
import { openProgramFolders } from './apt.ts';
import { type Options, parseOptions, rest, word } from './options.ts';

const SPEC = {
  flags:
    'no-cache U update-cache=U update=U u upgrade=u q quiet=q v verbose=v f force=f allow-untrusted no-progress purge l latest=l i interactive=i no-network force-overwrite available=a a clean-protected initdb no-scripts',
  values: 't virtual=t X repository=X p root=p repositories-file arch cache-dir keys-dir wait progress-fd',
};

/** apk add, del, update, upgrade. */
export const apk: CommandModel = (call, state) => {
  const options = parseOptions(rest(call), SPEC);
  const verb = word(options?.operands[0]);
  if (word(call.argv[1]) === '--print-arch') return succeeded(state);
  if (!options || verb === undefined || options.has('p')) return undefined;
  const result = change(state, call.reason);
  switch (verb) {
    case 'update':
    case 'upgrade':
      if (!options.has('no-cache')) result.fill('/var/cache/apk', 'apk keeps its index there');
      return succeeded(result.state, [verb === 'update' ? 'fetches the package index' : 'upgrades packages']);
    case 'add':
      return add(call, state, options);
    case 'del':
      return remove(call, state, options);
    case 'cache':
      result.empty('/var/cache/apk');
      return succeeded(result.state, ['empties /var/cache/apk']);
    case 'info':
    case 'policy':
    case 'search':
    case 'version':
    case 'list':
      return succeeded(state);
    default:
      return undefined;
  }
};

function add(call: Call, state: ImageState, options: Options): Outcome {
  const result = change(state, call.reason);
  const names: string[] = [];
  for (const operand of options.operands.slice(1)) {
    const text = word(operand);
    if (text !== undefined && !text.startsWith('!')) names.push(text.replace(/[<>=~@].*$/, ''));
  }
  // The table of Alpine packages lists what is certain only: more comes with what they need.
  openProgramFolders(result, `apk installs ${names.join(', ') || 'packages'} and what they need`);
  for (const name of names) {
    if (name.startsWith('.')) continue;
    result.addPackage({ manager: 'apk', name });
    for (const user of apkUsers(name)) addUser(result, user);
    const brought = apkPackage(name);
    if (!brought.known) continue;
    for (const path of brought.value.commands) result.write(path, { mode: 0o755 });
  }
  if (!options.has('no-cache')) result.fill('/var/cache/apk', 'apk keeps its index there');
  return succeeded(result.state, [`installs ${names.join(', ') || 'packages'}`]);
}

function addUser(
  result: ReturnType<typeof change>,
  user: { name: string; uid?: number; gid?: number; home?: string },
): void {
  const { users, groups } = result.state;
  if (!users.known || !groups.known || users.value.some((old) => old.name === user.name)) return;
  const uid = user.uid ?? freeId([100, 999], new Set(users.value.map((old) => old.uid)));
  const gid = user.gid ?? freeId([100, 999], new Set(groups.value.map((old) => old.gid)));
  if (uid === undefined || gid === undefined) return;
  result.addGroup({ name: user.name, gid, members: [] });
  result.addUser({ name: user.name, uid, gid, home: user.home ?? '/', shell: '/sbin/nologin' });
}

/** What `apk del` takes away may be needed by others and stay: nothing is said to be gone. */
function remove(call: Call, state: ImageState, options: Options): Outcome | undefined {
  const names = options.operands.slice(1).map(word);
  if (names.some((name) => name === undefined)) return undefined;
  const result = change(state, call.reason);
  const virtual = names.some((name) => name?.startsWith('.') || name?.includes('deps'));
  const listed = state.packages.filter((item) => item.manager === 'apk').map((item) => item.name);
  for (const name of virtual ? listed : names) {
    if (name === undefined) continue;
    const brought = apkPackage(name);
    for (const path of brought.known ? brought.value.commands : []) {
      const there = result.state.tree.lookup(path);
      if (there.known && there.value.presence !== 'absent') result.assumeBelow(path, `apk removes ${names.join(', ')}`);
    }
  }
  result.assumeBelow('/usr/lib', `apk removes ${names.join(', ')}`);
  if (!virtual)
    result.set({
      packages: result.state.packages.filter((item) => item.manager !== 'apk' || !names.includes(item.name)),
    });
  return succeeded(result.state, [`removes ${names.join(', ')}`]);
}
