import { existsSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import type { Engine } from '../engine/engine.ts';
import { type FakeScript, fakeEngine } from '../engine/fake.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { memoryLedger } from '../ledger/memory-ledger.ts';
import { memoryRepo } from '../repo/memory.ts';
import type { ProveOptions, ProveResult } from './options.ts';
import { prove } from './prove.ts';

const repo = memoryRepo({
  'compose.yaml': 'services: {api: {build: .}}',
  Dockerfile: 'FROM scratch\nCOPY main.py /\n',
  'main.py': 'x',
});

/** A stack of one service; Compose names the copy's own folder in what it prints. */
const sound: FakeScript = {
  commands: {
    'compose --file': (args) => {
      const copy = (args[2] ?? '').replace(/\/compose\.yaml$/, '');
      return JSON.stringify({
        services: { api: { build: { context: copy, dockerfile: 'Dockerfile' }, networks: { default: null } } },
        networks: { default: {} },
      });
    },
    'image inspect': JSON.stringify([{ Id: 'sha256:1', Config: { User: '10001' }, RootFS: { Layers: ['sha256:a'] } }]),
    'ps --all --quiet --no-trunc': 'id\n',
    'inspect --type container': JSON.stringify([
      {
        Id: 'id',
        Name: '/api',
        Image: 'i',
        State: { Status: 'running', Running: true, ExitCode: 0, StartedAt: '2020-01-01T00:00:00Z' },
        Config: { Labels: { 'com.docker.compose.service': 'api' } },
        HostConfig: {},
        NetworkSettings: {},
      },
    ]),
  },
};

async function run(engine: Engine, more: Partial<ProveOptions> = {}): Promise<{ result: ProveResult; ledger: Ledger }> {
  const ledger = memoryLedger();
  const budgets = { general: new Map(), services: new Map() };
  const stack = { files: ['compose.yaml'] };
  const result = await prove({
    before: repo,
    stack,
    stackName: 's',
    engine,
    ledger,
    budgets,
    quick: true,
    healthyWithin: 1,
    ...more,
  });
  return { result, ledger: more.ledger ?? ledger };
}

const leftovers = (id: string): string[] => readdirSync(tmpdir()).filter((name) => name.includes(`plimsoll-run-${id}`));

test('every measure of images, services and the stack has a row, measured or with the reason why not', async () => {
  const { result, ledger } = await run(fakeEngine(sound));
  expect(result.status).toBe('met');
  const { measures } = await import('../measure/names.ts');
  const seen = new Set(ledger.entries().map((stored) => stored.entry.measure));
  expect(measures.filter((measure) => !seen.has(measure.name)).map((measure) => measure.name)).toEqual([]);
  expect(leftovers(result.run)).toEqual([]);
});

test('an engine that does not answer is a fault before anything is done', async () => {
  const { result } = await run(
    fakeEngine({ facts: { answers: false, fault: 'no daemon (start Docker, or set DOCKER_HOST)' } }),
  );
  expect(result).toMatchObject({ status: 'fault', fault: 'no daemon (start Docker, or set DOCKER_HOST)', entries: [] });
});

test('an engine that dies during a build is a fault, not an image that does not build', async () => {
  let alive = true;
  const base = fakeEngine(sound);
  const engine: Engine = {
    ...base,
    facts: async () => ({ ...(await base.facts()), answers: alive, ...(alive ? {} : { fault: 'gone' }) }),
    build: async (request) => {
      alive = false;
      return {
        ...(await base.build(request)),
        exit: 1,
        stderr: 'ERROR: Cannot connect to the Docker daemon at unix:///x. Is the docker daemon running?',
      };
    },
  };
  const { result, ledger } = await run(engine);
  expect(result).toMatchObject({ status: 'fault', fault: 'the engine was lost: gone' });
  expect(ledger.entries().filter((stored) => stored.entry.measure === 'image.builds')).toEqual([]);
  expect(leftovers(result.run)).toEqual([]);
});

test('an image that does not build is a result in the engine’s words, and the run goes on to its end', async () => {
  const report = {
    steps: [],
    cached: 0,
    total: 0,
    warnings: [],
    plain: '',
    error: { text: '"/main.py": not found', file: 'Dockerfile', line: 2, log: [] },
  };
  const { result, ledger } = await run(fakeEngine({ ...sound, build: () => ({ exit: 1, report }) }));
  expect(result.status).toBe('missed');
  expect(result.missed.map((row) => row.entry.measure)).toEqual(['image.builds', 'stack.healthy']);
  expect(ledger.entries().find((stored) => stored.entry.measure === 'image.builds')?.entry.text).toBe(
    'Dockerfile:2: "/main.py": not found',
  );
});

test('a build that is stopped at its time limit says so, with the step it was at, and the run goes on', async () => {
  const step = { name: '[2/3] RUN npm ci', cached: false, seconds: 0, running: true, internal: false } as const;
  const report = { steps: [step], cached: 0, total: 1, warnings: [], plain: '' };
  const stopped = { ended: 'time-limit', fault: 'did not end within 600 s and was stopped', report } as const;
  const { ledger } = await run(fakeEngine({ ...sound, build: () => stopped }));
  const said = (measure: string): string | undefined =>
    ledger.entries().find((stored) => stored.entry.measure === measure)?.entry.text;
  expect(said('image.builds')).toBe('did not end within 600 s and was stopped; it was still at [2/3] RUN npm ci');
  expect(said('image.layers')).toBe('the build was stopped at its time limit');
  expect(said('stack.healthy')).toBe('api does not build');
});

test('a configuration that Compose refuses is a result', async () => {
  const engine = fakeEngine({
    commands: { 'compose --file': { exit: 15, stderr: 'services.api.ports must be a list' } },
  });
  const { result } = await run(engine);
  expect(result.missed.map((row) => row.entry.text)).toEqual(['services.api.ports must be a list']);
});

test('Ctrl-C ends the run, removes what it made and keeps the evidence so far', async () => {
  const abort = new AbortController();
  const engine = fakeEngine({
    ...sound,
    build: () => {
      abort.abort();
      return {};
    },
  });
  const { result, ledger } = await run(engine, { signal: abort.signal });
  expect(result.status).toBe('aborted');
  expect(ledger.entries().some((stored) => stored.entry.measure === 'stack.config')).toBe(true);
  expect(ledger.entries().some((stored) => stored.entry.measure === 'service.starts')).toBe(false);
  expect(
    engine.asked.some((argv) => argv.join(' ').startsWith('docker network ls --quiet --filter label=plimsoll.run=')),
  ).toBe(true);
  expect(leftovers(result.run)).toEqual([]);
});

test('a ledger that takes nothing more ends the run with its remedy', async () => {
  const ledger = {
    ...memoryLedger(),
    append: () => ({ fault: 'evidence could not be stored: ENOSPC', file: 'f', remedy: 'free some disk space' }),
  };
  const { result } = await run(fakeEngine(sound), { ledger });
  expect(result).toMatchObject({
    status: 'fault',
    fault: 'evidence could not be stored: ENOSPC; free some disk space',
  });
});

test('a resumed run does not measure again what it has', async () => {
  const ledger = memoryLedger();
  const first = await run(fakeEngine(sound), { ledger });
  const before = ledger.entries().filter((stored) => stored.entry.kind === 'measurement').length;
  const second = await run(fakeEngine(sound), { ledger, resume: first.result.run });
  expect(second.result.run).toBe(first.result.run);
  expect(ledger.entries().filter((stored) => stored.entry.kind === 'measurement')).toHaveLength(before);
  expect((await run(fakeEngine(sound), { resume: 'unknown' })).result).toMatchObject({
    status: 'fault',
    fault: 'the ledger has no run unknown',
  });
});

test('a missed budget of the config fails the side that counts', async () => {
  const general = new Map([
    ['image.layers', { value: 0, text: 'at most 0' }],
    ['image.size.unpacked', { value: 1, text: 'at most 1' }],
  ]);
  const layers = { layers: [{ diffId: 'sha256:a', bytes: 5, entries: [], said: [] }] };
  const { result } = await run(fakeEngine({ ...sound, layers: () => layers }), {
    budgets: { general, services: new Map() },
  });
  expect(result.status).toBe('missed');
  expect(result.missed.map((row) => row.entry.measure)).toEqual(['image.size.unpacked', 'image.layers']);
});

test('a real .env stays out of the copy and its example stands for it', async () => {
  const files = {
    'compose.yaml': 'services: {api: {build: .}}',
    Dockerfile: 'FROM scratch\n',
    '.env': 'API_TOKEN=real-secret',
    '.env.example': 'API_TOKEN=\n',
  };
  const seen: boolean[] = [];
  const commands = sound.commands ?? {};
  const engine = fakeEngine({
    ...sound,
    commands: {
      ...commands,
      'compose --file': (args) => {
        seen.push(existsSync((args[2] ?? '').replace(/compose\.yaml$/, '.env')));
        return (commands['compose --file'] as (args: readonly string[]) => string)(args);
      },
    },
  });
  const { ledger } = await run(engine, { before: memoryRepo(files) });
  const assumed = ledger
    .entries()
    .filter((stored) => stored.entry.kind === 'assumption')
    .map((stored) => stored.entry.text);
  expect(assumed).toContain('.env holds real values and stays out of the copy');
  expect(assumed).toContain('.env was made from .env.example, with made-up values for API_TOKEN');
  expect(seen).toEqual([true]);
  expect(JSON.stringify(ledger.entries())).not.toContain('real-secret');
});
