import { type Fact, known, type Reason, unknown } from '../facts/fact.ts';
import type { PackageUser } from './apt.ts';

/** Commands of Alpine packages. Only what a published image that installs the package shows (facts/base-images.json), what
 * the package's own purpose leaves no doubt about, or what Alpine's documentation says: the rest is unknown. */
const COMMANDS: Readonly<Record<string, string>> = {
  bash: '/bin/bash',
  curl: 'curl wcurl',
  wget: 'wget',
  git: 'git',
  openssl: 'openssl',
  'ca-certificates': '/usr/sbin/update-ca-certificates',
  tini: '/sbin/tini',
  'dumb-init': 'dumb-init',
  'su-exec': '/sbin/su-exec',
  gosu: 'gosu',
  sudo: 'sudo visudo',
  shadow:
    '/usr/sbin/useradd /usr/sbin/groupadd /usr/sbin/usermod /usr/sbin/groupmod /usr/sbin/userdel /usr/sbin/groupdel chage gpasswd',
  make: 'make',
  gcc: 'gcc cc',
  'g++': 'g++ c++',
  musl: '',
  'musl-dev': '',
  'build-base': 'gcc cc g++ c++ make ld as ar patch',
  binutils: 'ld as ar nm objdump objcopy strip strings readelf ranlib',
  cmake: 'cmake ctest cpack',
  pkgconf: 'pkgconf pkg-config',
  pkgconfig: 'pkgconf pkg-config',
  python3: 'python3',
  'py3-pip': 'pip pip3',
  nodejs: 'node',
  'nodejs-current': 'node',
  npm: 'npm npx',
  yarn: 'yarn yarnpkg',
  pnpm: 'pnpm',
  go: 'go gofmt',
  cargo: 'cargo',
  rust: 'rustc',
  perl: 'perl',
  ruby: 'ruby',
  jq: 'jq',
  yq: 'yq',
  tzdata: '',
  gettext: 'gettext envsubst msgfmt xgettext',
  'gettext-envsubst': 'envsubst',
  'postgresql-client': 'psql pg_dump pg_restore pg_isready pg_dumpall',
  'mysql-client': 'mysql mariadb mysqldump mariadb-dump',
  'mariadb-client': 'mysql mariadb mysqldump mariadb-dump',
  redis: 'redis-cli redis-server',
  sqlite: 'sqlite3',
  nginx: '/usr/sbin/nginx',
  supervisor: 'supervisord supervisorctl',
  'openssh-client': 'ssh scp sftp ssh-keygen',
  openssh: 'ssh scp sftp ssh-keygen /usr/sbin/sshd',
  rsync: 'rsync',
  zip: 'zip',
  unzip: 'unzip',
  xz: 'xz unxz xzcat',
  tar: 'tar',
  coreutils: 'timeout date stat realpath nproc',
  procps: 'ps pgrep pkill top free',
  'netcat-openbsd': 'nc',
  'bind-tools': 'dig nslookup host',
  iproute2: '/sbin/ip',
  libcap: '/usr/sbin/setcap /usr/sbin/getcap',
  'libc6-compat': '',
  gcompat: '',
  'libstdc++': '',
  libgcc: '',
  libffi: '',
  'libffi-dev': '',
  'openssl-dev': '',
  'postgresql-dev': 'pg_config',
  'libpq-dev': 'pg_config',
  libpq: '',
  'linux-headers': '',
  'zlib-dev': '',
  'jpeg-dev': '',
  vips: '',
  'vips-dev': '',
  'libxml2-dev': '',
  'libxslt-dev': '',
  ffmpeg: 'ffmpeg ffprobe',
  imagemagick: 'magick',
  chromium: 'chromium-browser chromium',
  'docker-cli': 'docker',
  vim: 'vim',
  nano: 'nano',
  htop: 'htop',
  busybox: '',
  'busybox-extras': 'telnet ftpget',
};

const USERS: Readonly<Record<string, readonly PackageUser[]>> = {
  nginx: [{ name: 'nginx', home: '/var/lib/nginx', group: true }],
  redis: [{ name: 'redis', home: '/var/lib/redis', group: true }],
  postgresql: [{ name: 'postgres', uid: 70, gid: 70, home: '/var/lib/postgresql' }],
};

/** Packages whose scripts make a user and a group of one name; what else they bring is not listed. */
const DAEMONS: Readonly<Record<string, string>> = {
  apache2: 'apache',
  caddy: 'caddy',
  clamav: 'clamav',
  dnsmasq: 'dnsmasq',
  dovecot: 'dovecot',
  grafana: 'grafana',
  haproxy: 'haproxy',
  lighttpd: 'lighttpd',
  mariadb: 'mysql',
  memcached: 'memcached',
  mosquitto: 'mosquitto',
  openvpn: 'openvpn',
  postfix: 'postfix',
  prometheus: 'prometheus',
  'rabbitmq-server': 'rabbitmq',
  squid: 'squid',
  tor: 'tor',
  unbound: 'unbound',
  valkey: 'valkey',
  vsftpd: 'vsftp',
};

/** The users that an Alpine package makes, also of packages of which nothing else is known. */
export function apkUsers(name: string): readonly PackageUser[] {
  const daemon = Object.hasOwn(DAEMONS, name) ? DAEMONS[name] : undefined;
  if (daemon !== undefined) return [{ name: daemon, group: true }];
  return Object.hasOwn(USERS, name) ? (USERS[name] ?? []) : [];
}

/** What one Alpine package is sure to bring; what else comes with it is not listed. */
export function apkPackage(name: string): Fact<{ readonly commands: readonly string[] }> {
  const plain = name.replace(/[<>=~@].*$/, '');
  const text = Object.hasOwn(COMMANDS, plain) ? COMMANDS[plain] : undefined;
  const reason: Reason = {
    kind: 'package-table',
    ref: 'Alpine packages, by hand',
    text: `the Alpine package ${plain}`,
  };
  if (text === undefined) return unknown(`what the Alpine package ${plain} brings is not listed`, reason);
  const commands = text.split(' ').filter((item) => item !== '');
  return known(
    {
      commands: commands.map((item) => (item.startsWith('/') ? item : `/usr/bin/${item}`)),
    },
    reason,
  );
}
