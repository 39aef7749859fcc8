import { optional, ROOT, read, type ServerTable, server, tcp } from './describe.ts';

const redis: ServerTable = {
  repositories: /^(redis|valkey\/valkey)$/,
  describe(image) {
    const valkey = image.repository !== 'redis';
    const cli = valkey ? 'valkey-cli' : 'redis-cli';
    // Since 8 (and newer builds of older releases) the entrypoint copes without capabilities: asking for them is right for old ones only.
    const old = !valkey && image.major !== undefined && image.major < 8;
    const user = image.alpine ? { uid: 999, gid: 1000 } : { uid: 999, gid: 999 };
    return server({
      name: valkey ? 'Valkey' : 'Redis',
      origin: read(
        valkey ? 'valkey-io/valkey-container' : 'docker-library/redis 8.6.4 and 7.2',
        '2026-06-01',
        valkey ? 'medium' : 'high',
      ),
      variables: [
        optional('SKIP_FIX_PERMS'),
        optional('SKIP_DROP_PRIVS'),
        optional(valkey ? 'VALKEYCLI_AUTH' : 'REDISCLI_AUTH', {
          secret: true,
          note: 'read by the command line client only',
        }),
        optional('REDISCLI_AUTH', { secret: true }),
        optional('TZ'),
        ...(valkey ? [optional('VALKEY_EXTRA_FLAGS')] : []),
      ],
      variablesComplete: true,
      startsAs: ROOT,
      runsAs: { name: valkey ? 'valkey' : 'redis', ...user },
      anyUser: 'owner-of-data',
      capabilities: old ? ['CHOWN', 'SETGID', 'SETUID'] : [],
      data: [{ path: '/data' }],
      wrongData: [
        { path: '/var/lib/redis', why: 'this image keeps its data in /data' },
        { path: '/bitnami/redis/data', why: 'that is the path of another image' },
      ],
      declaredVolumes: old || valkey ? ['/data'] : [],
      scratch: [],
      ports: [tcp(6379, valkey ? 'Valkey' : 'Redis')],
      tools: [cli, ...(valkey ? ['redis-cli'] : []), ...(image.alpine ? ['wget', 'nc'] : ['bash'])],
      missingTools: image.alpine ? ['curl', 'bash'] : ['curl', 'wget', 'nc'],
      health: `${cli} ping | grep -q PONG`,
      openByDefault: true,
      notes: [
        'no password and no protected mode unless set: REDIS_PASSWORD is not read by this image, --requirepass is',
        'redis-cli ping exits with 0 although it prints NOAUTH: compare what it prints',
        'without SETUID and SETGID newer entrypoints stay root instead of stopping',
      ],
    });
  },
};

const rabbitmq: ServerTable = {
  repositories: /^rabbitmq$/,
  describe: (image) =>
    server({
      name: 'RabbitMQ',
      origin: read('docker-library/rabbitmq docker-entrypoint.sh', '2026-06-01'),
      variables: [
        optional('RABBITMQ_DEFAULT_USER', { firstStartOnly: true, fallback: 'guest' }),
        optional('RABBITMQ_DEFAULT_PASS', { firstStartOnly: true, secret: true, fallback: 'guest' }),
        optional('RABBITMQ_DEFAULT_VHOST', { firstStartOnly: true, fallback: '/' }),
        optional('RABBITMQ_ERLANG_COOKIE', { secret: true, note: 'deprecated' }),
        optional('RABBITMQ_NODENAME'),
        optional('RABBITMQ_CONFIG_FILE'),
        optional('RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS'),
      ],
      variablePatterns: ['^RABBITMQ_'],
      startsAs: ROOT,
      runsAs: { name: 'rabbitmq', uid: image.alpine ? 100 : 999, gid: image.alpine ? 101 : 999 },
      capabilities: ['CHOWN', 'DAC_OVERRIDE', 'SETGID', 'SETUID'],
      data: [
        {
          path: '/var/lib/rabbitmq',
          note: 'the node name holds the host name: without a fixed hostname a new container starts empty',
        },
      ],
      declaredVolumes: ['/var/lib/rabbitmq'],
      scratch: ['/etc/rabbitmq/conf.d', '/var/log/rabbitmq', '/tmp'],
      ports: [
        tcp(5672, 'AMQP'),
        tcp(15692, 'Prometheus'),
        tcp(25672, 'cluster'),
        tcp(4369, 'epmd'),
        ...(/management/.test(image.tag ?? '') ? [tcp(15672, 'management')] : []),
      ],
      tools: ['rabbitmq-diagnostics', 'rabbitmqctl', ...(image.alpine ? ['wget', 'nc'] : [])],
      missingTools: ['curl', ...(image.alpine ? [] : ['wget', 'nc'])],
      health: 'rabbitmq-diagnostics -q ping',
      defaultCredentials: {
        user: 'guest',
        password: 'guest',
        note: 'let in from everywhere: the image sets loopback_users.guest = false',
      },
      stopSeconds: 60,
      notes: [
        'since 3.9 RABBITMQ_DEFAULT_PASS_FILE, RABBITMQ_DEFAULT_USER_FILE and RABBITMQ_VM_MEMORY_HIGH_WATERMARK make the entrypoint stop',
        'guest is let in from localhost only: other services need their own user',
      ],
    }),
};

const memcached: ServerTable = {
  repositories: /^memcached$/,
  describe: (image) =>
    server({
      name: 'memcached',
      origin: read('docker-library/memcached', '2026-07-01'),
      variables: [],
      variablesComplete: true,
      startsAs: { name: 'memcache', uid: 11211, gid: 11211 },
      anyUser: 'yes',
      ports: [tcp(11211, 'memcached')],
      tools: image.alpine ? ['nc', 'wget'] : ['bash'],
      missingTools: image.alpine ? ['curl', 'bash'] : ['curl', 'wget', 'nc'],
      health: image.alpine
        ? 'echo version | nc -w 1 127.0.0.1 11211 | grep -q VERSION'
        : "bash -c 'echo version > /dev/tcp/127.0.0.1/11211'",
      openByDefault: true,
    }),
};

export const QUEUES_AND_CACHES: readonly ServerTable[] = [redis, rabbitmq, memcached];
