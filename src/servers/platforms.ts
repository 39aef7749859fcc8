import { optional, ROOT, read, type ServerTable, server, tcp } from './describe.ts';

const KNOWN = read('knowledge', '2026-11-21', 'medium');

const vault: ServerTable = {
  repositories: /^(hashicorp\/)?vault$/,
  describe: () =>
    server({
      name: 'Vault',
      origin: KNOWN,
      variables: [
        optional('VAULT_DEV_ROOT_TOKEN_ID', { secret: true, note: 'dev server only' }),
        optional('VAULT_DEV_LISTEN_ADDRESS'),
        optional('VAULT_LOCAL_CONFIG'),
        optional('SKIP_SETCAP'),
        optional('SKIP_CHOWN'),
      ],
      variablePatterns: ['^VAULT_'],
      startsAs: ROOT,
      runsAs: { name: 'vault', uid: 100, gid: 1000 },
      capabilities: ['CHOWN', 'IPC_LOCK', 'SETFCAP', 'SETGID', 'SETUID'],
      data: [{ path: '/vault/file' }, { path: '/vault/logs' }],
      ports: [tcp(8200, 'Vault')],
      tools: ['vault', 'wget', 'nc'],
      missingTools: ['curl', 'bash'],
      notes: [
        'without a command it starts a dev server: in memory, unsealed',
        'vault status exits with 2 while sealed',
        'IPC_LOCK is for mlock; SKIP_SETCAP and disable_mlock do without',
      ],
    }),
};

const minio: ServerTable = {
  repositories: /^((quay\.io\/)?minio\/minio)$/,
  describe: (image) => {
    // RELEASE.2024-… are dated: from late 2023 on the image is UBI micro with few tools.
    const date = /^RELEASE\.(\d{4})/.exec(image.tag ?? '')?.[1];
    return server({
      name: 'MinIO',
      origin: read('shared table of base images', '2026-11-21', 'medium'),
      variables: [
        optional('MINIO_ROOT_USER', { file: true, fallback: 'minioadmin' }),
        optional('MINIO_ROOT_PASSWORD', {
          file: true,
          secret: true,
          fallback: 'minioadmin',
          note: 'at least 8 characters, else it stops',
        }),
        optional('MINIO_ACCESS_KEY', { note: 'old name' }),
        optional('MINIO_SECRET_KEY', { secret: true, note: 'old name' }),
      ],
      variablePatterns: ['^MINIO_'],
      startsAs: ROOT,
      anyUser: 'owner-of-data',
      data: [{ path: '/data', note: 'the folder the command names' }],
      ports: [tcp(9000, 'S3'), tcp(9001, 'console, only with --console-address :9001')],
      tools: ['mc'].filter(() => date === undefined || Number(date) >= 2023),
      missingTools: ['wget'],
      defaultCredentials: { user: 'minioadmin', password: 'minioadmin' },
      notes: [
        'needs a command: server /data',
        'the console takes a random port unless --console-address is given',
        'curl left the image in autumn 2023 and was back later: use mc ready local',
      ],
      health: 'mc ready local',
    });
  },
};

const elasticsearch: ServerTable = {
  repositories: /^((docker\.elastic\.co\/elasticsearch\/)?elasticsearch)$/,
  describe: (image) =>
    server({
      name: 'Elasticsearch',
      origin: KNOWN,
      variables: [
        optional('ELASTIC_PASSWORD', { file: true, secret: true, firstStartOnly: true }),
        optional('ES_JAVA_OPTS'),
        optional('discovery.type'),
        optional('xpack.security.enabled'),
      ],
      variablePatterns: ['^ES_', '^ELASTIC_', '^[a-z]+(\\.[a-z_]+)+$', '^bootstrap\\.', '^CLI_JAVA_OPTS$'],
      startsAs: { name: 'elasticsearch', uid: 1000, gid: 0 },
      anyUser: 'group-0',
      data: [{ path: '/usr/share/elasticsearch/data' }],
      scratch: ['/tmp', '/usr/share/elasticsearch/logs', '/usr/share/elasticsearch/config'],
      ports: [tcp(9200, 'HTTP'), tcp(9300, 'cluster')],
      tools: ['curl', 'bash'],
      missingTools: ['wget', 'nc'],
      openByDefault: (image.major ?? 8) < 8,
      stopSeconds: 60,
      notes: [
        'vm.max_map_count of the host must be 262144 unless discovery.type=single-node',
        'since 8 HTTPS and passwords are on: http://localhost:9200 gets no answer',
        'takes half of the memory limit as heap unless ES_JAVA_OPTS says otherwise',
      ],
    }),
};

const opensearch: ServerTable = {
  repositories: /^opensearchproject\/opensearch$/,
  describe: (image) =>
    server({
      name: 'OpenSearch',
      origin: KNOWN,
      variables: [
        // 2.12 and later stop at the first start without a password, unless the demo configuration or the security plugin is off.
        {
          name: 'OPENSEARCH_INITIAL_ADMIN_PASSWORD',
          required: (image.version ?? 212) >= 212 ? 'first-start' : 'never',
          unless: ['DISABLE_INSTALL_DEMO_CONFIG=true', 'DISABLE_SECURITY_PLUGIN=true'],
          secret: true,
        },
        optional('DISABLE_INSTALL_DEMO_CONFIG'),
        optional('DISABLE_SECURITY_PLUGIN'),
        optional('OPENSEARCH_JAVA_OPTS'),
      ],
      variablePatterns: ['^OPENSEARCH_', '^[a-z]+(\\.[a-z_]+)+$'],
      startsAs: { name: 'opensearch', uid: 1000, gid: 1000 },
      data: [{ path: '/usr/share/opensearch/data' }],
      scratch: ['/tmp', '/usr/share/opensearch/logs'],
      ports: [tcp(9200, 'HTTPS'), tcp(9600, 'performance analyzer')],
      tools: ['curl', 'bash'],
      missingTools: ['wget', 'nc'],
      stopSeconds: 60,
    }),
};

const keycloak: ServerTable = {
  repositories: /^quay\.io\/keycloak\/keycloak$|^keycloak\/keycloak$/,
  describe: (image) => {
    const modern = (image.major ?? 26) >= 26;
    return server({
      name: 'Keycloak',
      origin: KNOWN,
      variables: [
        optional(modern ? 'KC_BOOTSTRAP_ADMIN_USERNAME' : 'KEYCLOAK_ADMIN', { firstStartOnly: true }),
        optional(modern ? 'KC_BOOTSTRAP_ADMIN_PASSWORD' : 'KEYCLOAK_ADMIN_PASSWORD', {
          firstStartOnly: true,
          secret: true,
        }),
        ...(modern
          ? [
              optional('KEYCLOAK_ADMIN', { note: 'old name, still read' }),
              optional('KEYCLOAK_ADMIN_PASSWORD', { secret: true, note: 'old name, still read' }),
            ]
          : []),
        optional('KC_DB_PASSWORD', { secret: true }),
        optional('JAVA_OPTS_APPEND'),
      ],
      variablePatterns: ['^KC_', '^KEYCLOAK_', '^JAVA_OPTS', '^QUARKUS_'],
      startsAs: { name: 'keycloak', uid: 1000, gid: 0 },
      anyUser: 'group-0',
      scratch: ['/tmp', '/opt/keycloak/data'],
      ports: [
        tcp(8080, 'HTTP, with start-dev or KC_HTTP_ENABLED=true'),
        tcp(8443, 'HTTPS'),
        tcp(9000, 'health and metrics, since 25'),
      ],
      tools: ['bash'],
      missingTools: ['curl', 'wget', 'nc'],
      stopSeconds: 30,
      notes: [
        'health needs KC_HEALTH_ENABLED=true; since 25 it answers on 9000, not on 8080',
        'start-dev is for development: start needs KC_HOSTNAME and TLS or KC_HTTP_ENABLED',
        'without KC_DB the data lie in a file inside the container',
      ],
    });
  },
};

const nats: ServerTable = {
  repositories: /^nats$/,
  describe: (image) =>
    server({
      name: 'NATS',
      origin: KNOWN,
      startsAs: ROOT,
      anyUser: 'yes',
      data: [],
      ports: [tcp(4222, 'clients'), tcp(8222, 'monitoring, with -m 8222'), tcp(6222, 'cluster')],
      tools: image.alpine ? ['wget', 'nc'] : [],
      missingTools: image.alpine ? ['curl', 'bash'] : ['sh', 'bash', 'curl', 'wget', 'nc'],
      openByDefault: true,
      notes: ['only the alpine variant has a shell'],
    }),
};

const adminer: ServerTable = {
  repositories: /^adminer$/,
  describe: () =>
    server({
      name: 'Adminer',
      origin: KNOWN,
      startsAs: { name: 'adminer', uid: 100, gid: 101 },
      ports: [tcp(8080, 'Adminer')],
    }),
};

const pgadmin: ServerTable = {
  repositories: /^dpage\/pgadmin4$/,
  describe: () =>
    server({
      name: 'pgAdmin',
      origin: KNOWN,
      variables: [
        { name: 'PGADMIN_DEFAULT_EMAIL', required: 'first-start' },
        {
          name: 'PGADMIN_DEFAULT_PASSWORD',
          required: 'first-start',
          unless: ['PGADMIN_DEFAULT_PASSWORD_FILE'],
          file: true,
          secret: true,
        },
        optional('PGADMIN_LISTEN_PORT'),
      ],
      variablePatterns: ['^PGADMIN_', '^GUNICORN_'],
      startsAs: { name: 'pgadmin', uid: 5050, gid: 0 },
      data: [{ path: '/var/lib/pgadmin' }],
      ports: [tcp(80, 'pgAdmin')],
      tools: ['wget', 'nc'],
      missingTools: ['curl', 'bash'],
    }),
};

export const PLATFORMS: readonly ServerTable[] = [
  vault,
  minio,
  elasticsearch,
  opensearch,
  keycloak,
  nats,
  adminer,
  pgadmin,
];
