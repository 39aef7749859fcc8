import { type Fact, known, type Reason, unknown } from '../facts/fact.ts';
import type { BaseImage } from '../images/base-image.ts';
import type { Group, User } from './state.ts';

// From base-passwd of Debian 12 and 13 and from Alpine's baselayout: name:uid:gid:home (shell nologin but where given).
const DEBIAN_USERS =
  'root:0:0:/root:/bin/bash daemon:1:1:/usr/sbin bin:2:2:/bin sys:3:3:/dev sync:4:65534:/bin:/bin/sync games:5:60:/usr/games man:6:12:/var/cache/man lp:7:7:/var/spool/lpd mail:8:8:/var/mail news:9:9:/var/spool/news uucp:10:10:/var/spool/uucp proxy:13:13:/bin www-data:33:33:/var/www backup:34:34:/var/backups list:38:38:/var/list irc:39:39:/run/ircd nobody:65534:65534:/nonexistent';
const DEBIAN_GROUPS =
  'root:0 daemon:1 bin:2 sys:3 adm:4 tty:5 disk:6 lp:7 mail:8 news:9 uucp:10 man:12 proxy:13 kmem:15 dialout:20 fax:21 voice:22 cdrom:24 floppy:25 tape:26 sudo:27 audio:29 dip:30 www-data:33 backup:34 operator:37 list:38 irc:39 src:40 shadow:42 utmp:43 video:44 sasl:45 plugdev:46 staff:50 games:60 users:100 nogroup:65534';
const ALPINE_USERS =
  'root:0:0:/root:/bin/sh bin:1:1:/bin daemon:2:2:/sbin lp:4:7:/var/spool/lpd sync:5:0:/sbin:/bin/sync shutdown:6:0:/sbin:/sbin/shutdown halt:7:0:/sbin:/sbin/halt mail:8:12:/var/mail news:9:13:/usr/lib/news uucp:10:14:/var/spool/uucppublic cron:16:16:/var/spool/cron ftp:21:21:/var/lib/ftp sshd:22:22:/dev/null games:35:35:/usr/games ntp:123:123:/var/empty guest:405:100:/dev/null nobody:65534:65534:/';
const ALPINE_GROUPS =
  'root:0 bin:1 daemon:2 sys:3 adm:4 tty:5 disk:6 lp:7 kmem:9 wheel:10 floppy:11 mail:12 news:13 uucp:14 cron:16 audio:18 cdrom:19 dialout:20 ftp:21 sshd:22 input:23 tape:26 video:27 netdev:28 kvm:34 games:35 shadow:42 www-data:82 users:100 ntp:123 abuild:300 utmp:406 ping:999 nogroup:65533 nobody:65534';

/** Homes of users whose home the table of images does not give: as the images' own user commands set them. */
const HOMES: Readonly<Record<string, string>> = {
  root: '/root',
  nobody: '/nonexistent',
  'www-data': '/var/www',
  _apt: '/nonexistent',
  deno: '/home/deno',
};

function distroUsers(image: BaseImage, origin: Reason): { users: User[]; groups: Group[] } | undefined {
  const distro = image.distro.known ? image.distro.value : undefined;
  const release = image.release.known ? image.release.value : undefined;
  if (distro === 'ubuntu' && release === undefined) return undefined;
  if (distro === 'debian' || distro === 'ubuntu') {
    const old = release === 'bullseye' || release === 'buster' || release === 'focal' || release === 'jammy';
    // The id of _apt and the user gnats depend on the release; where it is not known, neither is said.
    const extra = old
      ? ' gnats:41:41:/var/lib/gnats _apt:100:65534:/nonexistent'
      : release
        ? ' _apt:42:65534:/nonexistent'
        : '';
    return {
      users: readUsers(`${DEBIAN_USERS}${extra}`, '/usr/sbin/nologin', origin),
      groups: readGroups(`${DEBIAN_GROUPS}${old ? ' gnats:41' : ''}`, origin),
    };
  }
  if (distro === 'alpine') {
    return { users: readUsers(ALPINE_USERS, '/sbin/nologin', origin), groups: readGroups(ALPINE_GROUPS, origin) };
  }
  if (distro === 'distroless' || distro === 'none') {
    return {
      users: [],
      groups: distro === 'distroless' ? readGroups('root:0 nobody:65534 nonroot:65532', origin) : [],
    };
  }
  return undefined;
}

function readUsers(text: string, nologin: string, origin: Reason): User[] {
  return text.split(' ').map((line) => {
    const [name = '', uid = '', gid = '', home = '', shell = nologin] = line.split(':');
    return { name, uid: Number(uid), gid: Number(gid), home, shell, origin };
  });
}

function readGroups(text: string, origin: Reason): Group[] {
  return text.split(' ').map((line) => {
    const [name = '', gid = ''] = line.split(':');
    return { name, gid: Number(gid), members: [], origin };
  });
}

/** Users and groups of a base image: the distribution's own and those of the image. Unknown where the distribution's are not. */
export function baseUsers(image: BaseImage): { users: Fact<readonly User[]>; groups: Fact<readonly Group[]> } {
  const own = distroUsers(image, image.reason);
  if (!own) {
    const why = unknown(`the users of ${image.reference.text} are not known in full`, image.reason);
    return { users: why, groups: why };
  }
  const { users, groups } = own;
  const early = image.release.known && /^(bionic|focal|jammy)$/.test(image.release.value);
  for (const user of image.users) {
    // Ubuntu's images have the user ubuntu since 23.04.
    if (user.name === 'ubuntu' && early) continue;
    const at = users.findIndex((item) => item.name === user.name);
    const was = users[at];
    const entry: User = {
      name: user.name,
      uid: user.uid,
      gid: user.gid,
      home: user.home ?? was?.home ?? HOMES[user.name] ?? `/home/${user.name}`,
      shell: user.shell ?? was?.shell ?? '/bin/sh',
      origin: image.reason,
    };
    if (was) users[at] = entry;
    else users.push(entry);
  }
  for (const [name, gid] of image.groups) addGroup(groups, name, gid, image.reason);
  for (const user of users) {
    if (!groups.some((group) => group.gid === user.gid)) addGroup(groups, user.name, user.gid, image.reason);
  }
  return { users: known(users, image.reason), groups: known(groups, image.reason) };
}

function addGroup(groups: Group[], name: string, gid: number, origin: Reason): void {
  if (!groups.some((group) => group.name === name)) groups.push({ name, gid, members: [], origin });
}
