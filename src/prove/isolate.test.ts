import { expect, test } from 'vitest';
import type { ComposeJson, ServiceJson } from './compose-json.ts';
import { type Isolation, isolate } from './isolate.ts';

const how: Isolation = {
  copy: '/copy',
  project: 'plimsoll-r1-before',
  labels: { 'plimsoll.run': 'r1' },
  access: 'bridge',
  egress: false,
  images: new Map([['api', 'plimsoll-run/r1:before-api']]),
};

const one = (
  service: ServiceJson,
  rest: Partial<ComposeJson> = {},
  more: Partial<Isolation> = {},
): ReturnType<typeof isolate> => isolate({ services: { api: service }, ...rest }, { ...how, ...more });

test('names, published ports and addresses of the real stack are not used', () => {
  const { model, services } = one(
    {
      container_name: 'api',
      build: { context: '/copy/api' },
      ports: [
        { target: 8000, published: '8000', host_ip: '0.0.0.0' },
        { target: 53, protocol: 'udp' },
      ],
      networks: { back: { ipv4_address: '10.0.0.7', aliases: ['backend'] } },
    },
    {
      name: 'shop',
      networks: { back: { name: 'shop_back', external: true, ipam: { config: [{ subnet: '10.0.0.0/24' }] } } },
    },
  );
  expect(model.name).toBe('plimsoll-r1-before');
  expect(model.services?.['api']).toMatchObject({
    image: 'plimsoll-run/r1:before-api',
    networks: { back: { aliases: ['backend'] } },
  });
  for (const gone of ['container_name', 'ports', 'build']) expect(model.services?.['api']).not.toHaveProperty(gone);
  expect(model.networks?.['back']).toEqual({ driver: 'bridge', internal: true, labels: { 'plimsoll.run': 'r1' } });
  expect(services).toEqual([{ name: 'api', built: true, ports: [8000], oneShot: false }]);
});

test('where a container cannot be reached directly its ports go to free ones of the loopback, on a network without masquerading', () => {
  const { model } = one(
    { ports: [{ target: 80, published: '80' }] },
    { networks: { default: null } },
    { access: 'published' },
  );
  expect(model.services?.['api']?.ports).toEqual([
    { target: 80, protocol: 'tcp', host_ip: '127.0.0.1', mode: 'ingress' },
  ]);
  expect(model.networks?.['default']).toMatchObject({
    driver_opts: { 'com.docker.network.bridge.enable_ip_masquerade': 'false' },
  });
});

test('with egress allowed networks stay open, but for those that the stack itself closes', () => {
  const { model } = one({}, { networks: { a: {}, b: { internal: true } } }, { egress: true });
  expect([model.networks?.['a']?.['internal'], model.networks?.['b']?.['internal']]).toEqual([undefined, true]);
});

test('volumes are the run’s own: external ones start empty, and a driver that binds a host path is not used', () => {
  const { model, assumptions } = one(
    {},
    {
      volumes: {
        data: { name: 'prod-data', external: true },
        disk: { driver_opts: { type: 'none', o: 'bind', device: '/srv/data' } },
      },
    },
  );
  expect(model.volumes).toEqual({ data: { labels: how.labels }, disk: { labels: how.labels } });
  expect(assumptions.map((assumption) => assumption.text)).toEqual([
    'the external volume data starts empty',
    'the volume disk is an ordinary one, without its driver options',
  ]);
});

test('bind mounts stay inside the copy; the engine’s socket and other paths of the machine are not given to a container', () => {
  const { model, folders, assumptions } = one({
    volumes: [
      { type: 'bind', source: '/copy/conf', target: '/conf' },
      { type: 'bind', source: '/copyright', target: '/legal' },
      { type: 'bind', source: '/var/run/docker.sock', target: '/var/run/docker.sock' },
      { type: 'volume', source: 'data', target: '/data' },
    ],
  });
  expect(model.services?.['api']?.volumes?.map((volume) => volume.source)).toEqual([
    '/copy/conf',
    '/copy/.plimsoll-mounts/0',
    'data',
  ]);
  expect(folders).toEqual(['.plimsoll-mounts/0']);
  expect(assumptions).toHaveLength(2);
});

test('what would rule the machine is left out and said', () => {
  const { model, assumptions } = one({
    privileged: true,
    network_mode: 'host',
    pid: 'host',
    devices: ['/dev/kmsg'],
    cap_add: ['NET_BIND_SERVICE', 'CAP_SYS_ADMIN'],
    extra_hosts: ['host.docker.internal=host-gateway'],
    logging: { driver: 'syslog' },
  });
  expect(model.services?.['api']).toMatchObject({ cap_add: ['NET_BIND_SERVICE'] });
  for (const gone of ['privileged', 'network_mode', 'pid', 'devices', 'extra_hosts', 'logging']) {
    expect(model.services?.['api']).not.toHaveProperty(gone);
  }
  expect(assumptions).toHaveLength(7);
  expect(assumptions.every((assumption) => assumption.service === 'api')).toBe(true);
});

test('another service’s network is kept: it is inside the stack', () => {
  expect(one({ network_mode: 'service:vpn' }).model.services?.['api']).toMatchObject({ network_mode: 'service:vpn' });
});

test('secrets that are not in the repository become files of the copy', () => {
  const { model, secretFiles, variableFiles } = one(
    {},
    {
      secrets: {
        a: { file: '/copy/a.txt' },
        b: { external: true, name: 'prod_b' },
        c: { environment: 'TOKEN' },
        d: { file: '/run/x' },
      },
    },
  );
  expect(secretFiles).toEqual(['a.txt', '.plimsoll-secrets/secrets-b', '.plimsoll-secrets/secrets-d']);
  expect(variableFiles).toEqual([{ file: '.plimsoll-secrets/secrets-c', variable: 'TOKEN' }]);
  expect(model.secrets?.['b']).toEqual({ file: '/copy/.plimsoll-secrets/secrets-b' });
});

test('a job that others wait for is known as one', () => {
  const { services } = isolate(
    {
      services: {
        migrate: { restart: 'always' },
        web: { restart: 'always', depends_on: { migrate: { condition: 'service_completed_successfully' } } },
      },
    },
    how,
  );
  expect(services.map((service) => [service.name, service.oneShot])).toEqual([
    ['migrate', true],
    ['web', false],
  ]);
});

test('the model that was given stays as it was', () => {
  const given: ComposeJson = { services: { api: { container_name: 'x' } } };
  isolate(given, how);
  expect(given).toEqual({ services: { api: { container_name: 'x' } } });
});
