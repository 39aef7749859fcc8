import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type FakeScript, fakeEngine } from '../engine/fake.ts';
import { memoryLedger } from '../ledger/memory-ledger.ts';
import { memoryRepo } from '../repo/memory.ts';
import type { ProvablePart, ProveResult } from './options.ts';
import { prove } from './prove.ts';

const files = { 'compose.yaml': 'services: {api: {build: .}}', Dockerfile: 'FROM scratch\n' };
const part = (id: string): ProvablePart => ({
  id,
  tier: 'unproven',
  files: [`${id}.txt`],
  mustMeasure: ['service.starts'],
});
const withParts = (ids: readonly string[]): ReturnType<typeof memoryRepo> =>
  memoryRepo({ ...files, ...Object.fromEntries(ids.map((id) => [`${id}.txt`, id])) });

/** A service whose image does not build when its context has all of these files. */
function engine(...breaking: readonly string[]): ReturnType<typeof fakeEngine> {
  return engineThat((has) => breaking.length === 0 || !breaking.every(has));
}

/** @param builds whether the image builds, by what its context has */
function engineThat(builds: (has: (id: string) => boolean) => boolean): ReturnType<typeof fakeEngine> {
  const commands: FakeScript['commands'] = {
    'compose --file': (args) => {
      const context = (args[2] ?? '').replace(/\/compose\.yaml$/, '');
      return JSON.stringify({ services: { api: { build: { context, dockerfile: 'Dockerfile' } } } });
    },
    'image inspect': JSON.stringify([{ Id: 'sha256:1', Config: {}, RootFS: { Layers: ['sha256:a'] } }]),
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
  };
  const build: FakeScript['build'] = (request) =>
    builds((id) => existsSync(join(request.context, `${id}.txt`))) ? {} : { exit: 1 };
  return fakeEngine({ commands, build });
}

async function proven(
  using: ReturnType<typeof fakeEngine>,
  ids: readonly string[],
): Promise<{ result: ProveResult; ledger: ReturnType<typeof memoryLedger>; said: Record<string, string> }> {
  const ledger = memoryLedger();
  const result = await prove({
    before: memoryRepo(files),
    after: withParts(ids),
    withParts,
    parts: ids.map(part),
    stack: { files: ['compose.yaml'] },
    stackName: 's',
    engine: using,
    ledger,
    budgets: { general: new Map(), services: new Map() },
    quick: true,
    healthyWithin: 1,
  });
  const rows = ledger.entries().filter(({ entry }) => entry.measure.startsWith('part:'));
  return { result, ledger, said: Object.fromEntries(rows.map(({ entry }) => [entry.measure, entry.text])) };
}

test('parts that work together are proven by the one run', async () => {
  const { result, ledger } = await proven(engine(), ['a', 'b']);
  expect(result.proven.map((one) => one.id)).toEqual(['a', 'b']);
  expect(ledger.entries().some(({ entry }) => entry.subject.part !== undefined)).toBe(false);
});

test('one part that breaks the build does not keep the others from being proven', async () => {
  const { result, ledger, said } = await proven(engine('bad'), ['a', 'bad', 'c']);
  expect(result.proven.map((one) => one.id)).toEqual(['a', 'c']);
  expect(said['part:bad']).toBe(
    'alone: image.builds does not hold; stack.healthy does not hold; service.starts was not measured',
  );
  const labels = new Set(ledger.entries().flatMap(({ entry }) => entry.subject.part ?? []));
  expect([...labels]).toEqual(['a', 'bad', 'c', 'a + c']);
  expect(result.missed.map(({ entry }) => entry.subject.part)).toEqual([undefined, undefined]);
});

test('parts that work alone and not together are not proven, and it is said with which', async () => {
  const { result, said } = await proven(engine('a', 'b'), ['a', 'b']);
  expect(result.proven).toEqual([]);
  expect(said['part:a']).toBe('works alone, but not together with b');
});

test('where nothing works without some of the parts, the one that breaks is found by leaving it out', async () => {
  const { result, said } = await proven(
    engineThat((has) => has('a') && has('c') && !has('bad')),
    ['a', 'bad', 'c'],
  );
  expect(result.proven.map((one) => one.id)).toEqual(['a', 'c']);
  expect(said['part:bad']).toMatch(/^does not work: without it all others do/);
});
