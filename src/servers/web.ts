import { optional, ROOT, read, type ServerTable, server, tcp } from './describe.ts';

const TEMPLATE_VARIABLES = [
  'NGINX_ENVSUBST_TEMPLATE_DIR',
  'NGINX_ENVSUBST_TEMPLATE_SUFFIX',
  'NGINX_ENVSUBST_OUTPUT_DIR',
  'NGINX_ENVSUBST_FILTER',
  'NGINX_ENVSUBST_STREAM_TEMPLATE_SUFFIX',
  'NGINX_ENVSUBST_STREAM_OUTPUT_DIR',
  'NGINX_ENTRYPOINT_QUIET_LOGS',
  'NGINX_ENTRYPOINT_WORKER_PROCESSES_AUTOTUNE',
  'NGINX_ENTRYPOINT_LOCAL_RESOLVERS',
];

const nginx: ServerTable = {
  repositories: /^(nginx|nginxinc\/nginx-unprivileged|(ghcr\.io|quay\.io)\/nginx\/nginx-unprivileged)$/,
  describe(image) {
    const unprivileged = image.repository !== 'nginx';
    const slim = /slim/.test(image.tag ?? '');
    const user = { name: 'nginx', uid: 101, gid: 101 };
    return server({
      name: unprivileged ? 'nginx (unprivileged)' : 'nginx',
      origin: read('nginx/docker-nginx and nginx/docker-nginx-unprivileged entrypoints', '2026-08-01'),
      // Any name may be used in a template.
      variables: TEMPLATE_VARIABLES.map((name) => optional(name)),
      startsAs: unprivileged ? user : ROOT,
      runsAs: unprivileged ? user : ROOT,
      anyUser: unprivileged ? 'yes' : 'no',
      capabilities: unprivileged ? [] : ['CHOWN', 'SETGID', 'SETUID'],
      scratch: unprivileged ? ['/tmp'] : ['/var/cache/nginx', '/var/run'],
      ports: [tcp(unprivileged ? 8080 : 80, 'HTTP of the default site')],
      tools: image.alpine ? ['wget', 'nc', ...(slim ? [] : ['curl'])] : ['curl', 'bash'],
      missingTools: image.alpine ? ['bash', ...(slim ? ['curl'] : [])] : ['wget', 'nc'],
      stopSignal: 'SIGQUIT',
      notes: [
        'as root the master keeps root and its workers run as nginx: CHOWN for the temporary folders, SETUID and SETGID for the workers; port 80 needs no NET_BIND_SERVICE under Docker since it opens low ports to all',
        'templates in /etc/nginx/templates are filled in at start only when the command is nginx and /etc/nginx/conf.d is writable',
      ],
    });
  },
};

const traefik: ServerTable = {
  repositories: /^traefik$/,
  describe: () =>
    server({
      name: 'Traefik',
      origin: read('traefik/traefik-library-image', '2026-08-01'),
      variablePatterns: ['^TRAEFIK_'],
      startsAs: ROOT,
      anyUser: 'yes',
      data: [],
      ports: [tcp(80, 'HTTP')],
      tools: ['traefik', 'wget', 'nc'],
      missingTools: ['curl', 'bash'],
      health: 'traefik healthcheck --ping',
      notes: [
        'traefik healthcheck needs the ping endpoint switched on (--ping)',
        'acme.json must have mode 600 and be kept',
        'the Docker socket gives it root on the host',
      ],
    }),
};

const caddy: ServerTable = {
  repositories: /^caddy$/,
  describe: () =>
    server({
      name: 'Caddy',
      origin: read('caddyserver/caddy-docker', '2026-03-01'),
      startsAs: ROOT,
      anyUser: 'owner-of-data',
      capabilities: ['NET_BIND_SERVICE'],
      capabilitiesAsUser: ['NET_BIND_SERVICE'],
      data: [{ path: '/data', note: 'certificates and keys' }, { path: '/config' }],
      scratch: ['/config', '/data'],
      ports: [
        tcp(80, 'HTTP'),
        tcp(443, 'HTTPS'),
        { port: 443, protocol: 'udp', what: 'HTTP/3' },
        tcp(2019, 'admin, localhost only'),
      ],
      tools: ['wget', 'nc', 'caddy'],
      missingTools: ['curl', 'bash'],
      health: 'wget -q -O /dev/null http://127.0.0.1:2019/config/',
      notes: ['the binary has a file capability: with all capabilities dropped its exec fails'],
    }),
};

const httpd: ServerTable = {
  repositories: /^httpd$/,
  describe: (image) =>
    server({
      name: 'Apache httpd',
      origin: read('docker-library/httpd', '2026-06-01', 'medium'),
      startsAs: ROOT,
      anyUser: 'no',
      capabilities: ['SETGID', 'SETUID'],
      scratch: ['/usr/local/apache2/logs'],
      ports: [tcp(80, 'HTTP')],
      tools: image.alpine ? ['wget', 'nc'] : [],
      missingTools: image.alpine ? ['curl', 'bash'] : ['curl', 'wget', 'nc'],
      stopSignal: 'SIGWINCH',
    }),
};

const haproxy: ServerTable = {
  repositories: /^haproxy$/,
  describe: (image) =>
    server({
      name: 'HAProxy',
      origin: read('knowledge', '2026-11-21', 'medium'),
      startsAs: { name: 'haproxy', uid: 99, gid: 99 },
      anyUser: 'yes',
      ports: [],
      tools: image.alpine ? ['wget', 'nc'] : ['bash'],
      missingTools: ['curl'],
      stopSignal: 'SIGUSR1',
      notes: ['brings no configuration: /usr/local/etc/haproxy/haproxy.cfg must be mounted'],
    }),
};

export const WEB: readonly ServerTable[] = [nginx, traefik, caddy, httpd, haproxy];
