import { expect, test } from 'vitest';
import { fakeEngine } from '../engine/fake.ts';
import { readContainers } from './container.ts';
import { raw, row, stackOf } from './fake-stack.ts';
import { declaredHardening, hardenings, trialHardening } from './hardening.ts';
import { healthRows, type Settled, startAndSettle } from './health.ts';
import { listeningPorts } from './reach.ts';
import { limitsRow, readSize } from './runtime.ts';
import { scrapeRow } from './scrape.ts';
import type { StackService } from './stack.ts';

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
