import { optional, read, type ServerTable, server, tcp } from './describe.ts';
import type { ServerVariable } from './server.ts';

const appuser = { name: 'appuser', uid: 1000, gid: 1000 };
const TOOLS = ['bash'];
/** Tools of Kafka that people ask in health checks, as the archive of the project calls them. */
const SCRIPTS = [
  'kafka-topics',
  'kafka-broker-api-versions',
  'kafka-configs',
  'kafka-consumer-groups',
  'kafka-cluster',
];
const WITH_ENDING = SCRIPTS.map((name) => `${name}.sh`);

/** Confluent's images: every KAFKA_ variable becomes a line of the configuration. */
const confluent: ServerTable = {
  repositories: /^confluentinc\/cp-kafka$/,
  describe(image) {
    // `latest` has been 8 since the summer of 2025: Kafka 4, which has no ZooKeeper any more.
    const raft = (image.major ?? 8) >= 8;
    const controller = 'KAFKA_PROCESS_ROLES=controller';
    const always = (name: string, unless?: readonly string[]): ServerVariable => ({
      name,
      required: 'always',
      ...(unless === undefined ? {} : { unless }),
    });
    return server({
      name: 'Kafka',
      origin: read('confluentinc/kafka-images kafka/include/etc/confluent/docker/configure', '2026-11-21'),
      variables: [
        always('KAFKA_ADVERTISED_LISTENERS', [controller]),
        ...(raft
          ? [always('KAFKA_PROCESS_ROLES'), always('CLUSTER_ID', ['KAFKA_ZOOKEEPER_CONNECT'])]
          : [always('KAFKA_ZOOKEEPER_CONNECT', ['KAFKA_PROCESS_ROLES']), optional('CLUSTER_ID')]),
        optional('KAFKA_LOG_DIRS', { fallback: '/var/lib/kafka/data' }),
      ],
      variablePatterns: ['^KAFKA_', '^CONFLUENT_', '^SCHEMA_REGISTRY_'],
      startsAs: appuser,
      data: [{ path: '/var/lib/kafka/data' }],
      declaredVolumes: ['/var/lib/kafka/data', '/etc/kafka/secrets'],
      ports: [tcp(9092, 'Kafka')],
      tools: [...TOOLS, ...SCRIPTS],
      // Confluent's packages have them without the ending.
      missingTools: WITH_ENDING,
      openByDefault: true,
      stopSeconds: 60,
      notes: ['it listens where KAFKA_LISTENERS says, or else KAFKA_ADVERTISED_LISTENERS'],
    });
  },
};

/** The project's own image. */
const apache: ServerTable = {
  repositories: /^apache\/kafka$/,
  describe: () =>
    server({
      name: 'Kafka',
      origin: read('apache/kafka docker/resources/common-scripts/configureDefaults', '2026-11-21'),
      variables: [
        optional('CLUSTER_ID', { fallback: '5L6g3nShT-eMCtK--X86sw' }),
        optional('KAFKA_LOG_DIRS', { fallback: '/tmp/kraft-combined-logs' }),
      ],
      variablePatterns: ['^KAFKA_'],
      startsAs: appuser,
      data: [{ path: '/tmp/kraft-combined-logs', note: 'unless KAFKA_LOG_DIRS says otherwise' }],
      wrongData: [
        {
          path: '/var/lib/kafka/data',
          why: 'without KAFKA_LOG_DIRS this image keeps its records in /tmp, inside the container',
        },
      ],
      declaredVolumes: ['/var/lib/kafka/data', '/etc/kafka/secrets', '/mnt/shared/config'],
      ports: [tcp(9092, 'Kafka')],
      tools: TOOLS,
      // They lie in /opt/kafka/bin.
      missingTools: ['curl', ...SCRIPTS, ...WITH_ENDING],
      openByDefault: true,
      stopSeconds: 60,
      notes: ['kafka-topics.sh and the like lie in /opt/kafka/bin, which is not on the PATH'],
    }),
};

const zookeeper: ServerTable = {
  repositories: /^confluentinc\/cp-zookeeper$/,
  describe: () =>
    server({
      name: 'ZooKeeper',
      origin: read('confluentinc/kafka-images zookeeper/include/etc/confluent/docker/configure', '2026-11-21'),
      variables: [
        { name: 'ZOOKEEPER_CLIENT_PORT', required: 'always', unless: ['ZOOKEEPER_SECURE_CLIENT_PORT'] },
        optional('ZOOKEEPER_TICK_TIME'),
      ],
      variablePatterns: ['^ZOOKEEPER_', '^KAFKA_'],
      startsAs: appuser,
      data: [{ path: '/var/lib/zookeeper/data' }, { path: '/var/lib/zookeeper/log' }],
      declaredVolumes: ['/var/lib/zookeeper/data', '/var/lib/zookeeper/log', '/etc/zookeeper/secrets'],
      ports: [tcp(2181, 'ZooKeeper')],
      tools: TOOLS,
      openByDefault: true,
    }),
};

export const KAFKA: readonly ServerTable[] = [confluent, apache, zookeeper];
