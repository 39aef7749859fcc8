import { expect, test } from 'vitest';
import { type FakeScript, fakeEngine } from '../engine/fake.ts';
import { readContainers } from './container.ts';
import { frontDoorRows, hashedAsset } from './front-door.ts';
import { declaredHardening, hardenings, trialHardening } from './hardening.ts';
import { healthRows, type Settled, startAndSettle } from './health.ts';
import { listeningPorts } from './reach.ts';
import type { Row } from './row.ts';
import { limitsRow, readSize } from './runtime.ts';
import { scrapeRow } from './scrape.ts';
import type { RunningStack, StackService } from './stack.ts';

const started = '2020-11-21T15:00:00.000000000Z';

/** `docker inspect` of one container, as far as it matters. */
function raw(service: string, state: object = {}, host: object = {}, config: object = {}): object {
  return {
    Id: `id-${service}`,
    Name: `/p-${service}-1`,
    Image: 'sha256:1',
    State: { Status: 'running', Running: true, ExitCode: 0, StartedAt: started, ...state },
    Config: { Labels: { 'com.docker.compose.service': service }, ...config },
    HostConfig: host,
    NetworkSettings: { Networks: { p_default: { IPAddress: '172.28.0.2' } }, Ports: {} },
  };
}

function stackOf(script: FakeScript, services: readonly Partial<StackService>[] = [{}]): RunningStack {
  return {
    engine: fakeEngine(script),
    call: {},
    project: 'p',
    file: '/x.json',
    services: services.map((service) => ({ name: 'web', built: true, ports: [8080], oneShot: false, ...service })),
    access: 'bridge',
    scratch: '/tmp',
    volumes: new Set(),
  };
}

const settle = (
  container: object,
  services?: readonly Partial<StackService>[],
  up: object | string = '',
): Promise<Settled> =>
  startAndSettle(
    stackOf(
      { commands: { 'ps --all': 'id\n', inspect: JSON.stringify([container]), compose: up as string } },
      services,
    ),
    0.4,
  );

const row = (rows: readonly Row[], measure: string, service?: string): Row | undefined =>
  rows.find((candidate) => candidate.measure === measure && (service === undefined || candidate.service === service));

const probe = (exit: number, output: string, end = '2020-11-21T15:00:02.500Z'): object => ({
  End: end,
  ExitCode: exit,
  Output: output,
});

test('time to healthy runs from the container’s start to the end of its first good probe', async () => {
  const health = { Status: 'healthy', Log: [probe(1, 'not yet', '2020-11-21T15:00:01Z'), probe(0, 'ok')] };
  const settled = await settle(raw('web', { Health: health }));
  expect(settled.sound).toBe(true);
  expect(row(healthRows(stackOf({}), settled, new Map()), 'service.healthy.time')?.value).toBe(2.5);
});

test('an unhealthy service is a result in its probe’s words', async () => {
  const health = { Status: 'unhealthy', Log: [probe(127, '/bin/sh: 1: curl: not found\n')] };
  const rows = healthRows(stackOf({}), await settle(raw('web', { Health: health })), new Map());
  expect(row(rows, 'service.starts')?.value).toBe(true);
  expect(row(rows, 'service.healthy')).toMatchObject({ value: false });
  expect(row(rows, 'service.healthy')?.text).toContain('curl: not found');
  expect(row(rows, 'service.healthy.time')?.kind).toBe('not-measured');
  expect(row(rows, 'stack.healthy')?.value).toBe(false);
});

test('a service that keeps dying is told with its exit code and the line of its log that says why', async () => {
  const settled = await settle(
    raw('web', { Status: 'restarting', Running: true, ExitCode: 1 }, { RestartPolicy: { Name: 'always' } }),
    undefined,
  );
  const dead = await settle({ ...raw('web', { Status: 'exited', Running: false, ExitCode: 1 }), RestartCount: 4 });
  expect(settled.verdicts.get('web')).toBe('waiting');
  const log = await fakeEngine({
    commands: { logs: 'starting\nModuleNotFoundError: No module named "app"\nbye\n' },
  }).command(['logs']);
  const rows = healthRows(stackOf({}), dead, new Map([['web', log]]));
  expect(row(rows, 'service.starts')).toMatchObject({
    value: false,
    text: 'ended with code 1: ModuleNotFoundError: No module named "app"',
  });
});

test('a job that ends with code 0 is done; the same end of a server is a failure', async () => {
  const ended = raw('web', { Status: 'exited', Running: false, ExitCode: 0 });
  expect((await settle(ended, [{ oneShot: true }])).sound).toBe(true);
  expect((await settle(ended)).sound).toBe(false);
});

test('what was never created is told in Compose’s words', async () => {
  const settled = await settle(raw('db'), [{ name: 'web' }], {
    exit: 1,
    stderr: ' Container p-db-1  Error\ndependency failed to start: container p-db-1 is unhealthy\n',
  });
  const rows = healthRows(stackOf({}), settled, new Map());
  expect(row(rows, 'service.starts')?.text).toBe(
    'was never started (dependency failed to start: container p-db-1 is unhealthy)',
  );
});

test('without a health check there is no time to healthy, and the row says why', async () => {
  const rows = healthRows(stackOf({}), await settle(raw('web')), new Map());
  expect(row(rows, 'service.healthy')).toMatchObject({ kind: 'not-measured', text: 'has no health check' });
  expect(row(rows, 'stack.healthy')).toMatchObject({
    value: true,
    text: 'all 1 services; without a health check: web',
  });
});

const page = '<!doctype html><div id="root"></div><script type="module" src="/assets/index-Ab3dE9xZ.js"></script>';
const html = { 'content-type': 'text/html' };
const secure = { 'x-content-type-options': 'nosniff', 'x-frame-options': 'DENY', 'referrer-policy': 'no-referrer' };

async function door(
  answers: Record<string, object>,
  fallback: object = { status: 404, headers: html, body: '404' },
): Promise<Row[]> {
  const stack = stackOf({ request: (url) => answers[new URL(url).pathname] ?? fallback });
  return frontDoorRows(stack, readContainers(JSON.stringify([raw('web')])), { api: [] });
}

test('a sound front door: page, deep link, long-lived asset, API and headers', async () => {
  const index = { status: 200, headers: { ...html, ...secure }, body: page };
  const rows = await door(
    {
      '/assets/index-Ab3dE9xZ.js': {
        status: 200,
        headers: { ...secure, 'cache-control': 'public, max-age=31536000, immutable' },
      },
      '/api/health': { status: 200, headers: { 'content-type': 'application/json' }, body: '{}' },
    },
    index,
  );
  expect(rows.map((one) => [one.measure, one.value])).toEqual([
    ['front.index', true],
    ['front.deepLink', true],
    ['front.asset', true],
    ['front.api', true],
    ['front.headers', true],
  ]);
});

test('headers that a location drops are missed on that location', async () => {
  const rows = await door({
    '/': { status: 200, headers: { ...html, ...secure }, body: page },
    '/assets/index-Ab3dE9xZ.js': { status: 200, headers: { 'cache-control': 'max-age=60' } },
  });
  expect(row(rows, 'front.headers')?.text).toContain('X-Content-Type-Options on /assets/index-Ab3dE9xZ.js');
  expect(row(rows, 'front.asset')).toMatchObject({ value: false });
  expect(row(rows, 'front.deepLink')).toMatchObject({ value: false });
});

test('a page’s fallback that answers the API’s path with HTML is not the API', async () => {
  const rows = await door({}, { status: 200, headers: html, body: page });
  expect(row(rows, 'front.api')).toMatchObject({ kind: 'not-measured' });
});

test('a proxy that cannot reach the API is a failed API call', async () => {
  const rows = await door({
    '/': { status: 200, headers: html, body: page },
    '/api/health': { status: 502, headers: html, body: 'Bad Gateway' },
  });
  expect(row(rows, 'front.api')).toMatchObject({ value: false, text: '502 for /api/health' });
});

test('a stack that publishes nothing has no front door', async () => {
  const rows = await frontDoorRows(stackOf({}, [{ ports: [] }]), readContainers(JSON.stringify([raw('web')])), {
    api: [],
  });
  expect(new Set(rows.map((one) => one.kind))).toEqual(new Set(['not-measured']));
});

test('a hash in a name is told from a word', () => {
  expect(hashedAsset('<script src="/js/bootstrap.bundle.js"></script>')).toBeUndefined();
  expect(hashedAsset('<link href=/static/app.3f2a91bc.css rel=stylesheet>')).toBe('/static/app.3f2a91bc.css');
});

test('a service that declares all three ways of locking down and is healthy has shown them; the rest is open', async () => {
  const settled = await settle(
    raw('web', {}, { ReadonlyRootfs: true, CapDrop: ['ALL'], SecurityOpt: ['no-new-privileges:true'] }),
  );
  const service = stackOf({}).services[0] as StackService;
  const { rows, open } = declaredHardening(service, settled);
  expect(rows.map((one) => one.value)).toEqual([true, true, true]);
  expect(open).toEqual([]);
  const failed = await settle(raw('web', { Status: 'exited', Running: false, ExitCode: 1 }));
  expect(declaredHardening(service, failed).rows.map((one) => one.kind)).toEqual([
    'not-measured',
    'not-measured',
    'not-measured',
  ]);
  expect(trialHardening(service, hardenings.slice(0, 1), failed, 'Read-only file system')[0]).toMatchObject({
    value: false,
    text: 'tried in a copy (alone): dead: Read-only file system',
  });
});

test('limits are in force only when memory and processes are limited for everybody', () => {
  const limited = raw('web', {}, { Memory: 268435456, PidsLimit: 100, NanoCpus: 5e8 });
  expect(limitsRow(readContainers(JSON.stringify([limited])))).toMatchObject({
    value: true,
    text: 'web: 256 MiB, 0.5 CPU, 100 processes',
  });
  expect(limitsRow(readContainers(JSON.stringify([limited, raw('db')])))).toMatchObject({ value: false });
});

test('listening ports are those that others can reach', () => {
  const table = [
    '  sl  local_address rem_address   st',
    '   0: 00000000:1F90 00000000:0000 0A 00000000:00000000',
    '   1: 0B00007F:A3B1 00000000:0000 0A 00000000:00000000',
    '   2: 0200001C:1F90 0300001C:D431 01 00000000:00000000',
    '   3: 00000000000000000000000000000000:0050 00000000000000000000000000000000:0000 0A',
  ].join('\n');
  expect(listeningPorts(table)).toEqual([80, 8080]);
});

test('sizes are read as the engine writes them', () => {
  expect([readSize('12.5MiB'), readSize('1.2GB'), readSize('0B'), readSize('--')]).toEqual([
    13107200,
    1_200_000_000,
    0,
    undefined,
  ]);
});

test('a scrape target that is down fails the row with its error', async () => {
  const body = JSON.stringify({
    data: {
      activeTargets: [
        { health: 'up', scrapePool: 'a', scrapeUrl: 'http://a/m' },
        { health: 'down', scrapePool: 'api', scrapeUrl: 'http://api:8000/metrics', lastError: '404 Not Found' },
      ],
    },
  });
  const stack = stackOf({ request: () => ({ status: 200, body }) });
  const monitor = readContainers(JSON.stringify([raw('prom', {}, {}, { ExposedPorts: { '9090/tcp': {} } })]));
  expect(await scrapeRow(stack, monitor)).toMatchObject({
    value: false,
    text: '1 of 2 up; api http://api:8000/metrics: 404 Not Found',
  });
  expect(await scrapeRow(stack, [])).toMatchObject({ kind: 'not-measured' });
});
