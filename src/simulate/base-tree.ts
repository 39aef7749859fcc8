import type { Reason } from '../facts/fact.ts';
import type { BaseImage } from '../images/base-image.ts';
import { ROOTS } from './base-roots.ts';
import { ImageTree } from './image-tree.ts';
import { type Node, newDirectory, newLeaf, noChildren, splitPath } from './node.ts';
import type { User } from './state.ts';

/** A directory being described: `open` when it may hold more than is named. */
interface Draft {
  readonly children: Map<string, Draft>;
  open: boolean;
  mode: number;
  uid: number;
  gid: number;
  leaf?: { readonly type: 'file' | 'symlink'; readonly target?: string };
  /** There, but whether directory or link is not known. */
  vague?: true;
  /** It may be there or not. */
  maybe?: true;
}

/** Families whose root directory and empty folders (/app, /opt, /srv …) are known in full, with what they add to `/`. */
const CLOSED: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^(debian|alpine|node|python|ruby|rust|buildpack-deps)(:|$)/, []],
  [/^golang(:|$)/, ['go']],
  [/^nginx(:|$)/, ['docker-entrypoint.d', 'docker-entrypoint.sh']],
];

/** The file system of a base image as far as it is known. Folders that hold the distribution's own files are open. */
export function baseTree(image: BaseImage, users: readonly User[]): ImageTree {
  const distro = image.distro.known ? image.distro.value : undefined;
  if (image.family === 'scratch') return ImageTree.empty(image.reason);
  const root = directory(true);
  const closed = CLOSED.find(([family]) => family.test(image.family));
  if (distro === 'debian' || distro === 'ubuntu' || distro === 'alpine') {
    layOut(root, image, distro, closed !== undefined);
    if (closed) {
      root.open = false;
      for (const name of closed[1]) if (!root.children.has(name)) root.children.set(name, directory(true));
    }
    addHomes(root, users, closed !== undefined);
  }
  addOwn(root, image);
  return new ImageTree(finish(root, image.reason), 0);
}

function directory(open: boolean, mode = 0o755): Draft {
  return { children: new Map(), open, mode, uid: 0, gid: 0 };
}

function at(root: Draft, path: string): Draft {
  let node = root;
  for (const part of splitPath(path)) {
    const next = node.children.get(part);
    if (next?.leaf?.target !== undefined) {
      node = at(root, next.leaf.target.startsWith('/') ? next.leaf.target : `/${next.leaf.target}`);
      continue;
    }
    const child = next ?? directory(true);
    if (!next) node.children.set(part, child);
    node = child;
  }
  return node;
}

/** Directories and links that every image of the distribution has; which of them are known in full. */
function addRoots(root: Draft, family: 'debian' | 'alpine', merged: boolean, closed: boolean): void {
  const table = ROOTS[family];
  for (const text of table.directories.split(' ')) {
    const [path = '', mode] = text.split(':');
    const node = at(root, path);
    if (mode !== undefined) node.mode = Number.parseInt(mode, 8);
  }
  for (const text of table.links.split(' ')) {
    const [path = '', target = ''] = text.split('>');
    if (merged || path.startsWith('/var/')) put(root, path, link(target));
  }
  for (const path of table.maybe.split(' ')) {
    if (!path.startsWith('/usr/') || merged) put(root, path, { ...directory(true), maybe: true });
  }
  if (closed) for (const path of table.closed.split(' ')) if (path !== '/') at(root, path).open = false;
}

function put(root: Draft, path: string, draft: Draft): void {
  const slash = path.lastIndexOf('/');
  const parent = at(root, path.slice(0, slash));
  const name = path.slice(slash + 1);
  if (!parent.children.has(name)) parent.children.set(name, draft);
}

const file = (mode = 0o755): Draft => ({ ...directory(false, mode), leaf: { type: 'file' } });
const link = (target: string): Draft => ({ ...directory(false, 0o777), leaf: { type: 'symlink', target } });

function layOut(root: Draft, image: BaseImage, distro: 'debian' | 'ubuntu' | 'alpine', closed: boolean): void {
  const release = image.release.known ? image.release.value : undefined;
  const merged = distro === 'ubuntu' || /^(bookworm|trixie)$/.test(release ?? '');
  addRoots(root, distro === 'alpine' ? 'alpine' : 'debian', merged, closed);
  if (distro !== 'alpine' && !merged) {
    for (const name of ['bin', 'sbin', 'lib']) root.children.set(name, { ...directory(true), vague: true });
  }
  for (const path of ['/usr/bin', '/usr/sbin', '/usr/lib', '/usr/share', '/usr/local/bin', '/usr/local/lib'])
    at(root, path);
  for (const path of ['/var/cache', '/var/lib', '/var/log', '/var/spool']) at(root, path);
  put(root, '/etc/passwd', file(0o644));
  put(root, '/etc/group', file(0o644));
  put(root, '/etc/os-release', distro === 'alpine' ? file(0o644) : link('../usr/lib/os-release'));
  if (distro !== 'alpine' && closed) {
    if (!/^php/.test(image.family)) at(root, '/usr/src').open = false;
    put(root, '/var/lib/apt/lists', directory(false));
  }
  if (image.paths.known && merged !== (distro === 'alpine')) {
    for (const path of image.paths.value.paths) {
      const applet = distro === 'alpine' && path !== '/bin/busybox' && path !== '/sbin/apk';
      put(root, path, applet ? link('/bin/busybox') : file());
    }
    if (distro === 'alpine') for (const path of ['/bin/busybox', '/sbin/apk']) put(root, path, file());
    if (image.paths.value.complete) {
      const folders = distro === 'alpine' ? ['/bin', '/sbin', '/usr/bin', '/usr/sbin'] : ['/usr/bin', '/usr/sbin'];
      for (const path of [...folders, '/usr/local/bin', '/usr/local/sbin']) at(root, path).open = false;
    }
  }
}

const SKELETON = ['.bash_logout', '.bashrc', '.profile'];

/** Homes below /home of the users that the image brings; a home of the distribution's own users lies elsewhere. */
function addHomes(root: Draft, users: readonly User[], closed: boolean): void {
  for (const user of users) {
    if (!/^\/home\/[^/]+$/.test(user.home) || user.uid < 1000) continue;
    const home = { ...directory(!closed), uid: user.uid, gid: user.gid };
    for (const name of SKELETON) {
      if (root.children.has('boot')) home.children.set(name, { ...file(0o644), uid: user.uid, gid: user.gid });
    }
    put(root, user.home, home);
  }
}

/** Where the images of a family keep their own programs. */
const LOCAL: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^node/, ['node', 'nodejs', 'npm', 'npx', 'corepack', 'yarn']],
  [/^python/, ['python', 'python3', 'pip']],
  [/^(ruby|php)/, ['ruby', 'gem', 'bundle', 'php']],
  [/^(postgres|redis|valkey|mysql|mariadb|mongo|rabbitmq)/, ['gosu']],
];

function addOwn(root: Draft, image: BaseImage): void {
  const local = LOCAL.find(([family]) => family.test(image.family))?.[1] ?? [];
  for (const name of local) {
    const presence = image.commands.get(name);
    if (presence?.known && presence.value === 'present') put(root, `/usr/local/bin/${name}`, file());
  }
  for (const word of [image.entrypoint[0], image.cmd[0]]) {
    if (word?.startsWith('/')) put(root, word, file());
    else if (word !== undefined && /entrypoint\.?(sh)?$/.test(word)) put(root, `/usr/local/bin/${word}`, file());
  }
  if (image.family === 'ghcr.io/astral-sh/uv') {
    put(root, '/uv', file());
    put(root, '/uvx', file());
    root.open = false;
    root.children.set('io', directory(true));
  } else if (image.family.startsWith('ghcr.io/astral-sh/uv:')) {
    for (const name of ['uv', 'uvx']) put(root, `/usr/local/bin/${name}`, file());
  }
  if (/^golang/.test(image.family)) {
    put(root, '/go', { ...directory(false, 0o1777) });
    for (const name of ['bin', 'src']) put(root, `/go/${name}`, directory(false, 0o1777));
    for (const name of ['go', 'gofmt']) put(root, `/usr/local/go/bin/${name}`, file());
  }
  if (/^node/.test(image.family)) {
    nodeOpt(root, image);
    at(root, '/usr/local/lib/node_modules');
  }
  if (/^(nginx|nginxinc)/.test(image.family)) nginxFiles(root, image);
  if (image.workdir !== '/') at(root, image.workdir);
  for (const volume of image.volumes) at(root, volume);
}

function nodeOpt(root: Draft, image: BaseImage): void {
  const yarn = image.commands.get('yarn');
  if (!yarn?.known) at(root, '/opt').open = true;
  else if (yarn.value === 'present') put(root, '/opt/yarn-v1.22.22', directory(true));
}

function nginxFiles(root: Draft, image: BaseImage): void {
  const free = /^nginxinc/.test(image.family);
  // The folders are the same in all versions; older ones have a few more files.
  const older = image.confidence !== 'high';
  put(root, '/usr/share/nginx/html', directory(false));
  for (const name of ['index.html', '50x.html']) put(root, `/usr/share/nginx/html/${name}`, file(0o644));
  put(root, '/etc/nginx', { ...directory(older, free ? 0o775 : 0o755), uid: free ? 101 : 0 });
  put(root, '/etc/nginx/conf.d', { ...directory(false, free ? 0o775 : 0o755), uid: free ? 101 : 0 });
  put(root, '/etc/nginx/conf.d/default.conf', { ...file(0o644), uid: free ? 101 : 0 });
  for (const name of ['fastcgi_params', 'mime.types', 'nginx.conf', 'scgi_params', 'uwsgi_params', 'modules']) {
    put(root, `/etc/nginx/${name}`, name === 'modules' ? link('/usr/lib/nginx/modules') : file(0o644));
  }
  put(root, '/usr/sbin/nginx', file());
  put(root, '/docker-entrypoint.d', directory(true));
  put(root, '/var/log/nginx', directory(true));
  put(root, '/var/cache/nginx', { ...directory(true), uid: free ? 101 : 0 });
}

function finish(draft: Draft, reason: Reason): Node {
  const origin = { mode: draft.mode, uid: draft.uid, gid: draft.gid, origin: reason };
  if (draft.leaf)
    return newLeaf(
      { type: draft.leaf.type, ...origin, ...(draft.leaf.target === undefined ? {} : { target: draft.leaf.target }) },
      0,
      [reason],
    );
  let children = noChildren;
  const owner = {};
  for (const [name, child] of draft.children) children = children.set(name, finish(child, reason), owner);
  if (draft.maybe) return { state: 'unknown', because: [reason], open: reason, stamp: 0, sealed: 0 };
  if (draft.vague) return { state: 'present', children, because: [reason], open: reason, stamp: 0, sealed: 0 };
  const open: Reason = { ...reason, text: `not all files of ${reason.text} are known` };
  return { ...newDirectory({ type: 'directory', ...origin }, 0, [reason]), children, ...(draft.open ? { open } : {}) };
}
