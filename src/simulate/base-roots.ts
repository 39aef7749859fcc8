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
