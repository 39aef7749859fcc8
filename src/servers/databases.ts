import { optional, ROOT, read, type ServerTable, server, tcp } from './describe.ts';
import type { ServerVariable } from './server.ts';

const first = { firstStartOnly: true as const };
const secretFile = { ...first, file: true as const, secret: true as const };

const postgres: ServerTable = {
  repositories: /^(postgres|pgvector\/pgvector|postgis\/postgis|timescale\/timescaledb(-ha)?)$/,
  describe(image) {
    if (image.repository === 'timescale/timescaledb-ha') return undefined;
    const variant = image.repository === 'postgres' ? image : { ...image, ...majorOf(image.tag) };
    const alpine = image.alpine || image.repository === 'timescale/timescaledb';
    const user = alpine ? { name: 'postgres', uid: 70, gid: 70 } : { name: 'postgres', uid: 999, gid: 999 };
    // Without a number the newest is meant, 18 since autumn 2025; a pgvector or other tag without one says nothing.
    const major = variant.major ?? (image.tag !== undefined && image.repository === 'postgres' ? 18 : undefined);
    if (major === undefined) return undefined;
    const modern = major >= 18;
    const root = modern ? '/var/lib/postgresql' : '/var/lib/postgresql/data';
    const data = modern ? `/var/lib/postgresql/${major}/docker` : root;
    return server({
      name: 'PostgreSQL',
      origin: read('docker-library/postgres docker-entrypoint.sh and Dockerfile templates', '2026-08-21'),
      variables: [
        {
          name: 'POSTGRES_PASSWORD',
          required: 'first-start',
          unless: ['POSTGRES_PASSWORD_FILE', 'POSTGRES_HOST_AUTH_METHOD=trust'],
          ...secretFile,
        },
        optional('POSTGRES_USER', { ...first, file: true, fallback: 'postgres' }),
        optional('POSTGRES_DB', { ...first, file: true, note: 'default: the value of POSTGRES_USER' }),
        optional('POSTGRES_INITDB_ARGS', { ...first, file: true }),
        optional('POSTGRES_INITDB_WALDIR', first),
        optional('POSTGRES_HOST_AUTH_METHOD', first),
        optional('PGDATA', { fallback: data }),
        ...['PGUSER', 'PGPASSWORD', 'PGHOST', 'PGPORT', 'PGDATABASE', 'PGOPTIONS', 'TZ', 'PGTZ', 'LANG'].map((name) =>
          optional(name, name === 'PGPASSWORD' ? { secret: true } : {}),
        ),
      ],
      variablesComplete: image.repository === 'postgres',
      initScripts: ['/docker-entrypoint-initdb.d'],
      startsAs: ROOT,
      runsAs: user,
      anyUser: 'owner-of-data',
      capabilities: ['CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'SETGID', 'SETUID'],
      data: [{ path: root, note: modern ? `the data lie in ${data}` : 'the data lie here' }],
      wrongData: modern
        ? [
            {
              path: '/var/lib/postgresql/data',
              why: 'since 18 the data lie in /var/lib/postgresql/MAJOR/docker: the entrypoint stops when something is mounted at /var/lib/postgresql/data',
            },
          ]
        : [
            {
              path: '/var/lib/postgresql',
              why: 'the image declares a volume at /var/lib/postgresql/data: an anonymous one is put there, and the data go into it',
            },
          ],
      declaredVolumes: [root],
      scratch: ['/var/run/postgresql', '/tmp'],
      ports: [tcp(5432, 'PostgreSQL')],
      tools: ['pg_isready', 'psql', 'bash'],
      missingTools: alpine ? ['curl'] : ['curl', 'wget', 'nc'],
      health:
        'pg_isready -h 127.0.0.1 -U "$${POSTGRES_USER:-postgres}" -d "$${POSTGRES_DB:-$${POSTGRES_USER:-postgres}}"',
      stopSignal: 'SIGINT',
      stopSeconds: 60,
      notes: [
        'while the data folder is set up, a temporary server listens on the socket only: pg_isready without -h may say ready too early',
        'variables of the first start change nothing once the data folder is filled',
        'Debian and Alpine variants have different user ids and collations: their data folders do not fit each other',
      ],
    });
  },
};

/** pgvector 0.8.0-pg17, postgis 16-3.4: the PostgreSQL release in other images' tags. */
function majorOf(tag: string | undefined): { major?: number } {
  const found = /pg(\d+)/.exec(tag ?? '') ?? /^(\d+)-/.exec(tag ?? '');
  return found?.[1] === undefined ? {} : { major: Number(found[1]) };
}

function mysqlVariables(prefix: 'MYSQL' | 'MARIADB'): ServerVariable[] {
  const others = prefix === 'MARIADB' ? ['MYSQL'] : [];
  const all = (name: string) => [`${prefix}_${name}`, ...others.map((other) => `${other}_${name}`)];
  const roots = [
    'ROOT_PASSWORD',
    'ROOT_PASSWORD_FILE',
    'ALLOW_EMPTY_PASSWORD',
    'RANDOM_ROOT_PASSWORD',
    ...(prefix === 'MARIADB' ? ['ALLOW_EMPTY_ROOT_PASSWORD', 'ROOT_PASSWORD_HASH'] : []),
  ];
  const lifts = roots.flatMap((name) => all(name)).filter((name) => name !== `${prefix}_ROOT_PASSWORD`);
  const own: ServerVariable[] = [
    { name: `${prefix}_ROOT_PASSWORD`, required: 'first-start', unless: lifts, ...secretFile },
    ...lifts.filter((name) => !name.endsWith('_FILE')).map((name) => optional(name, first)),
  ];
  for (const [name, more] of [
    ['DATABASE', {}],
    ['USER', {}],
    ['PASSWORD', { secret: true as const }],
    ['ROOT_HOST', {}],
    ['INITDB_SKIP_TZINFO', {}],
    ['ONETIME_PASSWORD', {}],
    ['AUTO_UPGRADE', {}],
  ] as const)
    own.push(...all(name).map((key) => optional(key, { ...first, file: true, ...more })));
  return own;
}

const mysql: ServerTable = {
  repositories: /^mysql$/,
  describe: () =>
    server({
      name: 'MySQL',
      origin: read('docker-library/mysql docker-entrypoint.sh', '2026-06-01', 'medium'),
      variables: mysqlVariables('MYSQL'),
      variablesComplete: false,
      initScripts: ['/docker-entrypoint-initdb.d'],
      startsAs: ROOT,
      runsAs: { name: 'mysql', uid: 999, gid: 999 },
      capabilities: ['CHOWN', 'DAC_OVERRIDE', 'SETGID', 'SETUID'],
      data: [{ path: '/var/lib/mysql' }],
      wrongData: [{ path: '/var/lib/mysql/data', why: 'the data lie in /var/lib/mysql itself' }],
      declaredVolumes: ['/var/lib/mysql'],
      scratch: ['/var/run/mysqld', '/tmp'],
      ports: [tcp(3306, 'MySQL'), tcp(33060, 'X protocol')],
      tools: ['mysqladmin', 'mysql', 'bash'],
      missingTools: ['wget', 'nc'],
      health: 'mysqladmin ping -h 127.0.0.1 -u root -p"$$MYSQL_ROOT_PASSWORD" --silent',
      stopSeconds: 60,
      notes: [
        'MYSQL_USER=root is refused',
        'mysqladmin ping succeeds even when the password is wrong, and with a socket also while a temporary server sets up the data folder: use -h 127.0.0.1',
      ],
    }),
};

const mariadb: ServerTable = {
  repositories: /^mariadb$/,
  describe: (image) =>
    server({
      name: 'MariaDB',
      origin: read('MariaDB/mariadb-docker docker-entrypoint.sh', '2026-05-01'),
      variables: mysqlVariables('MARIADB'),
      initScripts: ['/docker-entrypoint-initdb.d'],
      startsAs: ROOT,
      runsAs: { name: 'mysql', uid: 999, gid: 999 },
      capabilities: ['CHOWN', 'DAC_OVERRIDE', 'SETGID', 'SETUID'],
      data: [{ path: '/var/lib/mysql' }],
      declaredVolumes: ['/var/lib/mysql'],
      scratch: ['/run/mysqld', '/tmp'],
      ports: [tcp(3306, 'MariaDB')],
      tools: [
        'healthcheck.sh',
        'mariadb-admin',
        'mariadb',
        'bash',
        ...((image.major ?? 11) < 11 ? ['mysqladmin', 'mysql'] : []),
      ],
      missingTools: ['curl', 'wget', ...((image.major ?? 11) >= 11 ? ['mysqladmin', 'mysql'] : [])],
      health: 'healthcheck.sh --connect --innodb_initialized',
      stopSeconds: 60,
      notes: [
        'variables of either name, MARIADB_ and MYSQL_, are read',
        'since 11 the commands are called mariadb, mariadb-admin and mariadb-dump only',
      ],
    }),
};

const mongo: ServerTable = {
  repositories: /^mongo$/,
  describe: (image) =>
    server({
      name: 'MongoDB',
      origin: read('docker-library/mongo docker-entrypoint.sh', '2026-06-01'),
      variables: [
        optional('MONGO_INITDB_ROOT_USERNAME', { ...first, file: true, note: 'only together with the password' }),
        optional('MONGO_INITDB_ROOT_PASSWORD', { ...secretFile, note: 'only together with the name' }),
        optional('MONGO_INITDB_DATABASE', first),
        optional('TMPDIR', {}),
      ],
      variablesComplete: true,
      variablePatterns: ['^GLIBC_'],
      initScripts: ['/docker-entrypoint-initdb.d'],
      startsAs: ROOT,
      runsAs: { name: 'mongodb', uid: 999, gid: 999 },
      capabilities: ['CHOWN', 'DAC_OVERRIDE', 'SETGID', 'SETUID'],
      data: [{ path: '/data/db' }],
      wrongData: [
        { path: '/var/lib/mongodb', why: 'this image keeps its data in /data/db' },
        { path: '/data', why: 'anonymous volumes are put over /data/db and /data/configdb' },
      ],
      declaredVolumes: ['/data/db', '/data/configdb'],
      scratch: ['/tmp', '/data/configdb'],
      ports: [tcp(27017, 'MongoDB')],
      tools:
        (image.major ?? 8) >= 6
          ? ['mongosh', 'bash']
          : (image.major ?? 8) >= 5
            ? ['mongosh', 'mongo', 'bash']
            : ['mongo', 'bash'],
      missingTools: ['curl', 'wget', ...((image.major ?? 8) >= 6 ? ['mongo'] : [])],
      health:
        (image.major ?? 8) >= 5
          ? `mongosh --quiet --eval "db.adminCommand('ping').ok" | grep -q 1`
          : `mongo --quiet --eval "db.adminCommand('ping').ok" | grep -q 1`,
      openByDefault: true,
      stopSeconds: 60,
      notes: ['without MONGO_INITDB_ROOT_USERNAME and MONGO_INITDB_ROOT_PASSWORD anyone may do anything'],
    }),
};

export const DATABASES: readonly ServerTable[] = [postgres, mysql, mariadb, mongo];
