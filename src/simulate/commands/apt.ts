import type { Reason } from '../../facts/fact.ts';
import { aptHas, aptInstall, aptPackageName, type Installation } from '../../packages/apt.ts';
import { type Change, change } from '../change.ts';
import { type Call, type CommandModel, type Failure, failed, type Outcome, succeeded } from '../command-model.ts';
import type { ImageState } from '../state.ts';
import { freeId } from './accounts.ts';
import { unanswered, updateOutcome } from './apt-refusals.ts';
import { type Options, parseOptions, rest, word } from './options.ts';
import { because, kindAt, pathOf } from './paths.ts';

const SPEC = {
  flags:
    'y yes=y assume-yes=y q quiet=q qq=q no-install-recommends install-recommends no-install-suggests install-suggests f fix-broken=f allow-unauthenticated force-yes fix-missing=m m reinstall purge auto-remove autoremove=auto-remove no-upgrade only-upgrade d download-only=d V u print-uris allow-downgrades allow-change-held-packages allow-remove-essential no-remove allow-releaseinfo-change trivial-only dry-run=s s simulate=s no-strict-pinning ignore-missing',
  values: 'o option=o t target-release=t default-release=t c config-file=c a host-architecture=a error-on',
};
const LISTS = '/var/lib/apt/lists';

/** apt-get and apt. */
export const apt: CommandModel = (call, state, world) => {
  const options = parseOptions(rest(call), SPEC);
  const verb = word(options?.operands[0]);
  if (!options || verb === undefined) return undefined;
  if (options.has('s') || options.has('d')) return succeeded(state);
  const result = change(state, call.reason);
  switch (verb) {
    case 'update':
      if (!world.network) return undefined;
      result.fill(LISTS, 'apt-get update fills it');
      result.write(`${LISTS}/lists`, { noFollow: true });
      return updateOutcome(call, state, result, onlyOwnSources(state));
    case 'install':
      return install(call, state, options);
    case 'upgrade':
    case 'dist-upgrade':
    case 'full-upgrade':
      return succeeded(result.state, ['upgrades packages: how many is not known']);
    case 'build-dep':
      openProgramFolders(result, 'apt-get installs what a package is built with');
      return succeeded(result.state, ['installs what a package is built with']);
    case 'dist-clean':
    case 'distclean':
      return succeeded(result.empty(LISTS).state, ['removes the package lists']);
    case 'clean':
    case 'autoclean':
    case 'check':
      return succeeded(result.state, ['empties /var/cache/apt']);
    case 'remove':
    case 'purge':
    case 'autoremove':
    case 'auto-remove':
      return uninstall(call, state, options, verb);
    default:
      return undefined;
  }
};

/** What apt knows: unknown when sources were added, so that names may come from elsewhere. */
function onlyOwnSources(state: ImageState): boolean {
  const sources = state.tree.list('/etc/apt/sources.list.d');
  const own = sources.known ? sources.value.names.every((name) => /^(debian|ubuntu)\.sources$/.test(name)) : true;
  const found = state.tree.lookup('/etc/apt/sources.list');
  const touched = found.known && found.value.presence === 'present' && found.value.entry?.origin.kind === 'line';
  const changed = ['/etc/apt/sources.list.d', '/etc/apt'].some((path) =>
    state.tree.lookup(path).because.some((reason) => reason.kind === 'line'),
  );
  return own && !touched && !changed;
}

function install(call: Call, state: ImageState, options: Options): Outcome | undefined {
  const result = change(state, call.reason);
  const recommends =
    options.has('no-install-recommends') === false &&
    !options
      .values('o')
      .some(
        (item) => item.known && /^(APT::)?Install-Recommends=["']?(false|0|no)/i.test(item.value.replace(/^APT::/, '')),
      );
  const names: string[] = [];
  const failures: Failure[] = [];
  let guess = false;
  for (const operand of options.operands.slice(1)) {
    const text = word(operand);
    if (text === undefined) {
      guess = true;
      continue;
    }
    if (/^\.{0,2}\//.test(text) || text.endsWith('.deb')) {
      const path = pathOf(call, operand);
      if (path.known && kindAt(state, path.value) === 'absent') failures.push(fileMissing(call, state, path.value));
      guess = true;
    } else if (/[*?[\]^$]/.test(text) || text.endsWith('-')) guess = true;
    else names.push(aptPackageName(text));
  }
  const suite = state.distro.known && state.distro.value.id === 'debian' ? state.distro.value.release : undefined;
  const debian = state.distro.known && state.distro.value.id === 'debian';
  const effects: string[] = [];
  if (names.length > 0 && listsAbsent(state)) failures.push(listsMissing(call, state, names));
  else if (debian && suite !== undefined && onlyOwnSources(state)) {
    for (const name of names) {
      const has = aptHas(name, suite);
      // A name that is no package but holds `.` or `+` is taken as a pattern, which may match any other.
      if (has.known && !has.value && !/[.+]/.test(name)) failures.push(unknownPackage(call, name, suite, has.because));
    }
  }
  const question = unanswered(call, state, options, names);
  if (question && failures.length === 0) failures.push(question);
  const brought = names.map((name) => ({
    name,
    fact: debian ? aptInstall([name], { recommends, ...(suite === undefined ? {} : { suite }) }) : undefined,
  }));
  const open = brought.filter((item) => !item.fact?.known).map((item) => item.name);
  if (open.length > 0 || guess) {
    const what = open.length > 0 ? `${open.join(', ')}, whose files are not listed` : 'packages that are not known';
    openProgramFolders(result, `apt-get installs ${what}`);
  } else if (brought.some((item) => item.fact?.known && item.fact.value.more)) {
    openProgramFolders(result, `apt-get installs ${names.join(', ')} and packages that are not listed`);
  }
  for (const { name, fact } of brought) {
    if (fact?.known) bring(result, fact.value);
    result.addPackage({ manager: 'apt', name }, ...(fact?.because ?? []));
  }
  const all =
    open.length === 0 && !guess && debian
      ? aptInstall(names, { recommends, ...(suite === undefined ? {} : { suite }) })
      : undefined;
  effects.push(`installs ${names.join(', ') || 'packages'}${recommends ? ' with what they recommend' : ''}`);
  const outcome =
    failures.length > 0
      ? failed(state, failures, { code: 100, repaired: result.state, effects })
      : succeeded(result.state, effects);
  return all?.known ? { ...outcome, bytes: all.value.bytes } : outcome;
}

/** Writes commands, libraries and users of packages. */
function bring(result: Change, item: Installation): void {
  for (const path of item.commands) result.write(path, { mode: 0o755 });
  for (const library of item.libraries) result.write(`/usr/lib/x86_64-linux-gnu/${library}`, { mode: 0o644 });
  for (const user of item.users) {
    const { users, groups } = result.state;
    if (!users.known || !groups.known || users.value.some((old) => old.name === user.name)) continue;
    const uid = user.uid ?? freeId([100, 999], new Set(users.value.map((old) => old.uid)));
    const group = groups.value.find((old) => old.name === (user.ingroup ?? user.name));
    const gid = user.gid ?? group?.gid ?? freeId([100, 999], new Set(groups.value.map((old) => old.gid)));
    if (uid === undefined || gid === undefined) continue;
    if (!group) result.addGroup({ name: user.ingroup ?? user.name, gid, members: [] });
    result.addUser({ name: user.name, uid, gid, home: user.home ?? '/nonexistent', shell: '/usr/sbin/nologin' });
  }
}

/** More may come to where distributions keep programs and libraries than is listed: a name that was missing may be there now. */
export function openProgramFolders(result: Change, why: string): void {
  for (const path of ['/usr/bin', '/usr/sbin', '/bin', '/sbin', '/usr/lib', '/usr/share', '/etc', '/opt']) {
    const there = result.state.tree.lookup(path, { follow: false });
    if (!there.known || there.value.presence === 'absent' || there.value.type !== 'directory') continue;
    if (path.endsWith('bin')) result.open(path, why);
    else result.fill(path, why);
  }
  const table = result.state.baseCommands;
  if (!table) return;
  const commands = new Map([...table.commands].filter(([, fact]) => !fact.known || fact.value !== 'absent'));
  result.set({ baseCommands: { ...table, commands } });
}

/** Only an empty, fully known folder of lists proves that there are none. */
function listsAbsent(state: ImageState): boolean {
  const found = state.tree.list(LISTS);
  return found.known && found.value.complete && found.value.names.length === 0;
}

function listsMissing(call: Call, state: ImageState, names: readonly string[]): Failure {
  return {
    kind: 'package-unknown',
    at: call.at,
    subject: names[0] ?? '',
    text: `apt-get stops: there are no package lists, because no apt-get update ran before in this image`,
    because: [...because(state, `${LISTS}/x`), call.reason],
    says: 'Unable to locate package',
    detail: { package: names[0] ?? '', why: 'lists' },
  };
}

function unknownPackage(call: Call, name: string, suite: string, reasons: readonly Reason[]): Failure {
  return {
    kind: 'package-unknown',
    at: call.at,
    subject: name,
    text: `apt-get stops: Debian ${suite} has no package ${name}`,
    because: [...reasons, call.reason],
    // `Unable to locate package X`, or `Package 'X' has no installation candidate` when others name it.
    says: name,
    detail: { package: name, suite },
  };
}

function fileMissing(call: Call, state: ImageState, path: string): Failure {
  return {
    kind: 'file-missing',
    at: call.at,
    subject: path,
    text: `apt-get stops: ${path} does not exist`,
    because: [...because(state, path), call.reason],
    says: 'Unsupported file',
    detail: { path },
  };
}

function uninstall(call: Call, state: ImageState, options: Options, verb: string): Outcome | undefined {
  const result = change(state, call.reason);
  const names = options.operands.slice(1).map(word);
  if (names.some((name) => name === undefined)) return undefined;
  const suite = state.distro.known ? state.distro.value.release : undefined;
  for (const name of names) {
    if (name === undefined) continue;
    // What a package brought itself goes; what came with it may go with autoremove.
    const brought = suite === undefined ? undefined : aptInstall([name], { suite, recommends: false });
    if (!brought?.known) {
      result.assumeBelow('/usr', `apt-get removes ${name}, whose files are not listed`);
      continue;
    }
    for (const path of brought.value.commands) {
      const there = result.state.tree.lookup(path);
      if (there.known && there.value.presence !== 'absent') result.assumeBelow(path, `apt-get removes ${name}`);
    }
  }
  if (verb.startsWith('auto') || options.has('auto-remove')) {
    result.assumeBelow('/usr/lib', 'apt-get removes packages that nothing needs any more');
    result.assumeBelow('/usr/bin', 'apt-get removes packages that nothing needs any more');
  }
  result.set({
    packages: result.state.packages.filter((item) => item.manager !== 'apt' || !names.includes(item.name)),
  });
  return succeeded(result.state, [`removes ${names.join(', ') || 'packages that nothing needs'}`]);
}
