/** Directories and links that every image of a distribution has: paths with an octal mode where it is not 0755.
 * Sources: roots built from Debian bookworm and trixie (2026-11-21), alpine-minirootfs 3.20. */
export const ROOTS: Readonly<
  Record<
    'debian' | 'alpine',
    { readonly directories: string; readonly links: string; readonly maybe: string; readonly closed: string }
  >
> = {
  debian: {
    directories:
      '/boot /dev /etc /home /media /mnt /opt /proc:0555 /root:0700 /run /srv /sys:0555 /tmp:1777 /usr /usr/bin /usr/games ' +
      '/usr/include /usr/lib /usr/libexec /usr/local /usr/local/bin /usr/local/etc /usr/local/games /usr/local/include ' +
      '/usr/local/lib /usr/local/sbin /usr/local/share /usr/local/src /usr/sbin /usr/share /usr/src /var /var/backups ' +
      '/var/cache /var/lib /var/lib/apt /var/lib/dpkg /var/lib/misc /var/local /var/log /var/opt /var/spool /var/tmp:1777',
    maybe: '/lib64 /lib32 /libx32 /usr/lib64 /usr/lib32 /usr/libx32 /var/mail /var/www /.dockerenv',
    links: '/bin>usr/bin /lib>usr/lib /sbin>usr/sbin /var/run>/run /var/lock>/run/lock',
    closed: '/ /home /media /mnt /opt /srv /usr /var /boot',
  },
  alpine: {
    directories:
      '/bin /dev /etc /home /lib /media /mnt /opt /proc:0555 /root:0700 /run /sbin /srv /sys:0555 /tmp:1777 /usr /usr/bin ' +
      '/usr/lib /usr/local /usr/local/bin /usr/local/lib /usr/local/share /usr/sbin /usr/share /var /var/cache /var/lib ' +
      '/var/local /var/log /var/opt /var/spool /var/tmp:1777',
    maybe: '/.dockerenv /lib64',
    links: '/var/run>/run',
    closed: '/ /home /mnt /opt /srv /usr',
  },
};

/** Names directly below directories that a family has on top, so that they are not taken to be absent there. */
export const FAMILY_EXTRAS: readonly { readonly family: RegExp; readonly open: string }[] = [
  { family: /^(debian|alpine|python)(:|$)/, open: '' },
  { family: /^node(:|$)/, open: '/opt /home' },
  { family: /^golang(:|$)/, open: '/go' },
  { family: /^(rust|ruby)(:|$)/, open: '' },
];

/** Users as `name:uid:gid:home:shell`. */
export const USERS: Readonly<Record<'debian' | 'alpine', string>> = {
  debian:
    'root:0:0:/root:/bin/bash daemon:1:1:/usr/sbin:/usr/sbin/nologin bin:2:2:/bin:/usr/sbin/nologin ' +
    'sys:3:3:/dev:/usr/sbin/nologin sync:4:65534:/bin:/bin/sync games:5:60:/usr/games:/usr/sbin/nologin ' +
    'man:6:12:/var/cache/man:/usr/sbin/nologin lp:7:7:/var/spool/lpd:/usr/sbin/nologin mail:8:8:/var/mail:/usr/sbin/nologin ' +
    'news:9:9:/var/spool/news:/usr/sbin/nologin uucp:10:10:/var/spool/uucp:/usr/sbin/nologin ' +
    'proxy:13:13:/bin:/usr/sbin/nologin www-data:33:33:/var/www:/usr/sbin/nologin ' +
    'backup:34:34:/var/backups:/usr/sbin/nologin list:38:38:/var/list:/usr/sbin/nologin irc:39:39:/run/ircd:/usr/sbin/nologin ' +
    '_apt:42:65534:/nonexistent:/usr/sbin/nologin nobody:65534:65534:/nonexistent:/usr/sbin/nologin',
  alpine:
    'root:0:0:/root:/bin/sh bin:1:1:/bin:/sbin/nologin daemon:2:2:/sbin:/sbin/nologin lp:4:7:/var/spool/lpd:/sbin/nologin ' +
    'sync:5:0:/sbin:/bin/sync shutdown:6:0:/sbin:/sbin/shutdown halt:7:0:/sbin:/sbin/halt mail:8:12:/var/mail:/sbin/nologin ' +
    'news:9:13:/usr/lib/news:/sbin/nologin uucp:10:14:/var/spool/uucppublic:/sbin/nologin cron:16:16:/var/spool/cron:/sbin/nologin ' +
    'ftp:21:21:/var/lib/ftp:/sbin/nologin sshd:22:22:/dev/null:/sbin/nologin games:35:35:/usr/games:/sbin/nologin ' +
    'ntp:123:123:/var/empty:/sbin/nologin guest:405:100:/dev/null:/sbin/nologin nobody:65534:65534:/:/sbin/nologin',
};

/** Groups as `name:gid`. */
export const GROUPS: Readonly<Record<'debian' | 'alpine', string>> = {
  debian:
    'root:0 daemon:1 bin:2 sys:3 adm:4 tty:5 disk:6 lp:7 mail:8 news:9 uucp:10 man:12 proxy:13 kmem:15 dialout:20 fax:21 ' +
    'voice:22 cdrom:24 floppy:25 tape:26 sudo:27 audio:29 dip:30 www-data:33 backup:34 operator:37 list:38 irc:39 src:40 ' +
    'shadow:42 utmp:43 video:44 sasl:45 plugdev:46 staff:50 games:60 users:100 nogroup:65534',
  alpine:
    'root:0 bin:1 daemon:2 sys:3 adm:4 tty:5 disk:6 lp:7 kmem:9 wheel:10 floppy:11 mail:12 news:13 uucp:14 cron:16 audio:18 ' +
    'cdrom:19 dialout:20 ftp:21 sshd:22 input:23 tape:26 video:27 netdev:28 kvm:34 games:35 shadow:42 www-data:82 users:100 ' +
    'ntp:123 abuild:300 utmp:406 ping:999 nogroup:65533 nobody:65534',
};
