import { type Fact, known, type Reason, unknown } from '../facts/fact.ts';
import type { BaseImage } from '../images/base-image.ts';
import { FAMILY_EXTRAS, GROUPS, ROOTS, USERS } from './base-roots.ts';
import { DEFAULT_PATH } from './command-lookup.ts';
import { type ImageFields, image, type SimulatedImage } from './image.ts';
import { ImageTree } from './image-tree.ts';
import { type Node, noChildren } from './node.ts';
import { PersistentMap } from './persistent-map.ts';
import type { Command, FileEntry, Group, User } from './state.ts';
import { TreeEdit } from './tree-edit.ts';

const DEFAULT_SHELL = ['/bin/sh', '-c'];

/** `FROM scratch`: nothing at all, and that is certain. */
export function scratchState(reason: Reason): SimulatedImage {
  const none = known(null, reason);
  return image({
    ...emptyFields(ImageTree.empty(reason)),
    user: known({ written: '', uid: 0, gid: 0 }, reason),
    workdir: known('/', reason),
    entrypoint: none,
    cmd: none,
    healthcheck: none,
    stopSignal: known('SIGTERM', reason),
    users: known([], reason),
    groups: known([], reason),
    distro: known({ id: 'none' }, reason),
    libc: known('none', reason),
    packageManager: known('none', reason),
    bourneShell: known('none', reason),
  });
}

function emptyFields(
  tree: ImageTree,
): Pick<ImageFields, 'tree' | 'env' | 'envOpen' | 'shell' | 'ports' | 'volumes' | 'labels' | 'languages' | 'packages'> {
  return {
    tree,
    env: PersistentMap.empty<Fact<string>>(),
    envOpen: false,
    shell: DEFAULT_SHELL,
    ports: [],
    volumes: [],
    labels: PersistentMap.empty<Fact<string>>(),
    languages: new Map(),
    packages: [],
  };
}

/** A base of which nothing is known: a private image, a digest, a variable. */
export function unknownState(why: string, reason: Reason): SimulatedImage {
  const no = unknown(why, reason);
  return image({
    ...emptyFields(ImageTree.open({ ...reason, text: why })),
    envOpen: true,
    user: no,
    workdir: no,
    entrypoint: no,
    cmd: no,
    healthcheck: no,
    stopSignal: no,
    users: no,
    groups: no,
    distro: no,
    libc: no,
    packageManager: no,
    bourneShell: no,
  });
}

/** The state a stage begins with when its base is a public image of the catalogue. */
export function baseState(base: BaseImage): SimulatedImage {
  const { reason } = base;
  if (base.family === 'scratch') return scratchState(reason);
  const family = base.distro.known ? rootFamily(base.distro.value) : undefined;
  const users = family
    ? known(usersOf(base, family), reason)
    : unknown(`the users of ${base.reference.text} are not listed`, reason);
  const groups = family
    ? known(groupsOf(base, family), reason)
    : unknown(`the groups of ${base.reference.text} are not listed`, reason);
  const sure = base.confidence === 'high';
  const command = (argv: readonly string[]): Fact<Command | null> =>
    argv.length === 0 ? known(null, reason) : known({ form: 'exec', argv }, reason);
  const env = PersistentMap.from([['PATH', known(DEFAULT_PATH, reason)] as const, ...base.env]);
  const path = env.get('PATH');
  const tree = baseTree(base, family, sure);
  return image({
    ...emptyFields(tree),
    env,
    // Tables list the variables that matter; a name that they do not list is taken to be unset only where they are sure.
    envOpen: !sure,
    user: userOf(base, users, groups),
    workdir: known(base.workdir === '' ? '/' : base.workdir, reason),
    entrypoint: command(base.entrypoint),
    cmd: command(base.cmd),
    healthcheck: known(
      base.healthcheck
        ? { kind: 'command', ...base.healthcheck, command: { form: 'shell', argv: [base.healthcheck.command] } }
        : null,
      reason,
    ),
    stopSignal: known(base.stopSignal, reason),
    ports: base.ports.map((port) => ({ ...port, because: [reason] })),
    volumes: base.volumes.map((volume) => ({ path: volume, because: [reason] })),
    users,
    groups,
    distro: base.distro.known
      ? known({ id: base.distro.value, ...(base.release.known ? { release: base.release.value } : {}) }, reason)
      : base.distro,
    libc: base.libc,
    packageManager: base.packageManager,
    bourneShell: base.shell,
    languages: base.languages,
    baseCommands: {
      commands: base.commands,
      directories: path?.known ? path.value.split(':') : [],
      stamp: tree.clock,
    },
  });
}

function rootFamily(distro: string): 'debian' | 'alpine' | undefined {
  return distro === 'debian' || distro === 'ubuntu' ? 'debian' : distro === 'alpine' ? 'alpine' : undefined;
}

function usersOf(base: BaseImage, family: 'debian' | 'alpine'): readonly User[] {
  const origin = base.reason;
  const out = new Map<string, User>();
  for (const text of USERS[family].split(' ')) {
    const [name = '', uid, gid, home = '/', shell = '/sbin/nologin'] = text.split(':');
    out.set(name, { name, uid: Number(uid), gid: Number(gid), home, shell, origin });
  }
  for (const { name, uid, gid, home, shell } of base.users) {
    out.set(name, { name, uid, gid, home: home ?? `/home/${name}`, shell: shell ?? '/sbin/nologin', origin });
  }
  return [...out.values()];
}

function groupsOf(base: BaseImage, family: 'debian' | 'alpine'): readonly Group[] {
  const origin = base.reason;
  const out = new Map<string, Group>();
  for (const text of GROUPS[family].split(' ')) {
    const [name = '', gid] = text.split(':');
    out.set(name, { name, gid: Number(gid), members: [], origin });
  }
  // A user of an image has a group of its own name unless the table says otherwise.
  for (const { name, gid } of base.users) {
    if (![...out.values()].some((group) => group.gid === gid)) out.set(name, { name, gid, members: [], origin });
  }
  for (const [name, gid] of base.groups) out.set(name, { name, gid, members: [], origin });
  return [...out.values()];
}

function userOf(base: BaseImage, users: Fact<readonly User[]>, groups: Fact<readonly Group[]>): ImageFields['user'] {
  const written = base.user;
  const [name = '', group] = written.split(':');
  if (name === '' || name === 'root' || name === '0') return known({ written, uid: 0, gid: 0 }, base.reason);
  const user = users.known
    ? users.value.find((item) => item.name === name || String(item.uid) === name)
    : base.users.find((item) => item.name === name);
  const uid = /^\d+$/.test(name) ? Number(name) : user?.uid;
  const named = groups.known ? groups.value.find((item) => item.name === group)?.gid : undefined;
  const gid =
    group === undefined ? (user?.gid ?? (users.known ? 0 : undefined)) : /^\d+$/.test(group) ? Number(group) : named;
  return known({ written, ...(uid === undefined ? {} : { uid }), ...(gid === undefined ? {} : { gid }) }, base.reason);
}

function baseTree(base: BaseImage, family: 'debian' | 'alpine' | undefined, sure: boolean): ImageTree {
  const { reason } = base;
  const open: Reason = { ...reason, text: `what else ${base.reference.text} holds is not listed` };
  let tree = ImageTree.open(open);
  if (!family) return tree;
  const edit = new TreeEdit(tree, reason);
  const extras = FAMILY_EXTRAS.find((item) => item.family.test(base.family));
  const closed = new Set(sure && extras ? ROOTS[family].closed.split(' ') : []);
  for (const path of extras?.open.split(' ') ?? []) closed.delete(path);
  if (extras?.open.includes('/go')) closed.delete('/');
  const directory = (entry: FileEntry, path: string): Node => ({
    ...{ state: 'present', type: 'directory', entry, children: noChildren, because: [reason], stamp: 0, sealed: 0 },
    ...(closed.has(path) ? {} : { open }),
  });
  for (const text of ROOTS[family].directories.split(' ')) {
    const [path = '', mode = '755'] = text.split(':');
    const entry: FileEntry = { type: 'directory', mode: Number.parseInt(mode, 8), uid: 0, gid: 0, origin: reason };
    edit.put(path, (was) => (was.presence === 'present' ? was.node : directory(entry, path)));
  }
  for (const text of ROOTS[family].links.split(' ')) {
    const [path = '', target = ''] = text.split('>');
    edit.put(path, () => edit.leaf({ type: 'symlink', mode: 0o777, uid: 0, gid: 0, target, origin: reason }));
  }
  for (const path of ROOTS[family].maybe.split(' ')) {
    edit.put(path, () => ({ state: 'unknown', because: [open], open, stamp: 0, sealed: 0 }));
  }
  for (const user of base.users) {
    if (user.uid < 1000 || user.home === undefined || !user.home.startsWith('/home/')) continue;
    const home = user.home;
    const mode = 0o755;
    edit.put(home, () => ({
      ...directory({ type: 'directory', mode, uid: user.uid, gid: user.gid, origin: reason }, home),
    }));
  }
  if (base.paths.known) {
    // Files and links alike can be run: all that is said is that they are there.
    const leaf: Node = {
      state: 'present',
      partial: { mode: 0o755, uid: 0, gid: 0 },
      because: [reason],
      stamp: 0,
      sealed: 0,
    };
    for (const path of base.paths.value.paths) edit.put(real(path, family), () => leaf);
    if (base.paths.value.complete) {
      for (const path of ['/bin', '/sbin', '/usr/bin', '/usr/sbin', '/usr/local/bin', '/usr/local/sbin']) {
        edit.put(real(path, family), (was) => {
          if (was.node?.type !== 'directory') return was.node;
          const { open: _, ...shut } = was.node;
          return shut;
        });
      }
    }
  }
  edit.put('/', (was) => {
    if (!was.node || !closed.has('/')) return was.node;
    const { open: _, ...shut } = was.node;
    return shut;
  });
  tree = edit.tree;
  return tree;
}

/** Debian's /bin and /sbin are links since the /usr merge. */
function real(path: string, family: 'debian' | 'alpine'): string {
  return family === 'debian' ? path.replace(/^\/(bin|sbin|lib)\//, '/usr/$1/') : path;
}
