import { optional, ROOT, read, type ServerTable, server, tcp } from './describe.ts';

const nobody = { name: 'nobody', uid: 65534, gid: 65534 };

/** Images on prometheus/busybox: user nobody, BusyBox wget, no package manager. */
function busybox(
  name: string,
  repositories: RegExp,
  source: string,
  port: number,
  more: Parameters<typeof server>[0] extends infer G ? Partial<G> : never,
): ServerTable {
  return {
    repositories,
    describe: (image) => {
      const bare = /distroless/.test(image.tag ?? '');
      const user = bare ? { name: 'nonroot', uid: 65532, gid: 65532 } : nobody;
      return server({
        name,
        origin: read(source, '2026-08-01'),
        variablesComplete: true,
        startsAs: user,
        anyUser: 'owner-of-data',
        ports: [tcp(port, name)],
        tools: bare ? [] : ['wget', 'nc'],
        missingTools: bare ? ['sh', 'wget', 'curl', 'bash'] : ['curl', 'bash'],
        ...more,
      });
    },
  };
}

const prometheus = busybox(
  'Prometheus',
  /^((quay\.io\/prometheus|prom)\/prometheus)$/,
  'prometheus/prometheus Dockerfile',
  9090,
  {
    data: [{ path: '/prometheus' }],
    wrongData: [
      { path: '/data', why: 'the image stores in /prometheus unless --storage.tsdb.path says otherwise' },
      { path: '/var/lib/prometheus', why: 'the image stores in /prometheus unless --storage.tsdb.path says otherwise' },
    ],
    declaredVolumes: ['/prometheus'],
    health: 'wget -q -O /dev/null http://127.0.0.1:9090/-/healthy',
    stopSeconds: 30,
    notes: [
      'a command replaces both default flags: without --storage.tsdb.path the data then go to data/ below the working directory /prometheus',
      'bind mounts must be writable by 65534',
      'variables in prometheus.yml are not filled in, but for external labels',
    ],
  },
);

const alertmanager = busybox(
  'Alertmanager',
  /^((quay\.io\/prometheus|prom)\/alertmanager)$/,
  'prometheus/alertmanager Dockerfile',
  9093,
  {
    data: [{ path: '/alertmanager', note: 'silences' }],
    declaredVolumes: ['/alertmanager'],
    health: 'wget -q -O /dev/null http://127.0.0.1:9093/-/healthy',
    notes: ['variables in alertmanager.yml are not filled in'],
  },
);

const nodeExporter = busybox(
  'node-exporter',
  /^((quay\.io\/prometheus|prom)\/node-exporter)$/,
  'prometheus/node_exporter Dockerfile',
  9100,
  { health: 'wget -q -O /dev/null http://127.0.0.1:9100/metrics' },
);

const blackbox = busybox(
  'blackbox-exporter',
  /^((quay\.io\/prometheus|prom)\/blackbox-exporter)$/,
  'prometheus/blackbox_exporter Dockerfile',
  9115,
  { health: 'wget -q -O /dev/null http://127.0.0.1:9115/-/healthy' },
);

const postgresExporter = busybox(
  'postgres-exporter',
  /^(quay\.io\/)?prometheuscommunity\/postgres-exporter$/,
  'prometheus-community/postgres_exporter',
  9187,
  {
    variablesComplete: false,
    variables: [
      // It starts and listens without, and reports that the database is not reached (seen 2026-11-21).
      optional('DATA_SOURCE_NAME', { secret: true }),
      ...[
        'DATA_SOURCE_URI',
        'DATA_SOURCE_URI_FILE',
        'DATA_SOURCE_USER',
        'DATA_SOURCE_USER_FILE',
        'DATA_SOURCE_PASS',
        'DATA_SOURCE_PASS_FILE',
      ].map((name) => optional(name, /PASS$/.test(name) ? { secret: true } : {})),
    ],
  },
);

const grafana: ServerTable = {
  repositories: /^grafana\/grafana(-oss|-enterprise)?$/,
  describe: () =>
    server({
      name: 'Grafana',
      origin: read('grafana/grafana Dockerfile and run.sh', '2025-05-01', 'medium'),
      variables: [
        optional('GF_SECURITY_ADMIN_USER', { fallback: 'admin', firstStartOnly: true }),
        optional('GF_SECURITY_ADMIN_PASSWORD', { fallback: 'admin', firstStartOnly: true, secret: true }),
        optional('GF_INSTALL_PLUGINS'),
        optional('GF_PLUGINS_PREINSTALL'),
      ],
      variablesComplete: true,
      variablePatterns: ['^GF_', '^GF_.*__FILE$', '^AWS_', '^JAEGER_', '^OTEL_'],
      startsAs: { name: 'grafana', uid: 472, gid: 0 },
      anyUser: 'owner-of-data',
      data: [{ path: '/var/lib/grafana' }],
      wrongData: [{ path: '/etc/grafana', why: 'configuration: the data lie in /var/lib/grafana' }],
      scratch: ['/tmp', '/var/log/grafana'],
      ports: [tcp(3000, 'Grafana')],
      tools: ['wget', 'curl', 'bash'],
      health: 'wget -q -O /dev/null http://127.0.0.1:3000/api/health',
      defaultCredentials: { user: 'admin', password: 'admin', note: 'asked to be changed at the first login' },
      notes: ['secrets from files: GF_SECTION_KEY__FILE with two underscores', 'bind mounts must be writable by 472'],
    }),
};

const loki: ServerTable = {
  repositories: /^grafana\/loki$/,
  describe: (image) => {
    // Since 3.x the image is distroless-like in newer releases: tools differ by release, so none is claimed there.
    const old = image.major !== undefined && image.major < 3;
    return server({
      name: 'Loki',
      origin: read('shared table of base images', '2026-11-21', 'medium'),
      startsAs: { name: 'loki', uid: 10001, gid: 10001 },
      data: [{ path: '/loki' }],
      wrongData: [],
      scratch: ['/tmp'],
      ports: [tcp(3100, 'Loki')],
      tools: old ? ['wget'] : [],
      missingTools: ['curl', 'bash'],
      openByDefault: true,
    });
  },
};

const promtail: ServerTable = {
  repositories: /^grafana\/promtail$/,
  describe: () =>
    server({
      name: 'Promtail',
      origin: read('shared table of base images', '2026-11-21', 'medium'),
      startsAs: ROOT,
      ports: [tcp(9080, 'Promtail')],
    }),
};

const jaeger: ServerTable = {
  repositories: /^jaegertracing\/(all-in-one|jaeger)$/,
  describe: () =>
    server({
      name: 'Jaeger',
      origin: read('shared table of base images', '2026-11-21', 'medium'),
      startsAs: { name: 'jaeger', uid: 10001, gid: 10001 },
      anyUser: 'yes',
      ports: [tcp(16686, 'web interface'), tcp(4317, 'OTLP gRPC'), tcp(4318, 'OTLP HTTP')],
      openByDefault: true,
    }),
};

const collector: ServerTable = {
  repositories:
    /^(otel|ghcr\.io\/open-telemetry\/opentelemetry-collector-releases)\/opentelemetry-collector(-contrib)?$/,
  describe: () =>
    server({
      name: 'OpenTelemetry collector',
      origin: read('shared table of base images', '2026-11-21', 'medium'),
      startsAs: { name: '10001', uid: 10001, gid: 10001 },
      anyUser: 'yes',
      ports: [tcp(4317, 'OTLP gRPC'), tcp(4318, 'OTLP HTTP')],
      missingTools: ['sh', 'bash', 'curl', 'wget'],
      notes: ['no shell in the image: no health command can run inside'],
    }),
};

export const OBSERVABILITY: readonly ServerTable[] = [
  prometheus,
  alertmanager,
  nodeExporter,
  blackbox,
  postgresExporter,
  grafana,
  loki,
  promtail,
  jaeger,
  collector,
];
