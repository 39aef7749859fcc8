import { existsSync, readlinkSync } from 'node:fs';
import { mkdtemp, readFile, rm, stat, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { memoryRepo } from '../repo/memory.ts';
import { ownerLives, ownerOf } from './owner.ts';
import { buildPrefix, copyRepository, sweepFolders } from './workspace.ts';

const parent = await mkdtemp(join(tmpdir(), 'plimsoll-test-'));
afterAll(() => rm(parent, { recursive: true }));

test('a copy has the files with their modes, without what is left out and without links that lead out of it', async () => {
  const repo = memoryRepo({
    'run.sh': { content: '#!/bin/sh\n', mode: 0o755 },
    '.env': 'TOKEN=real',
    'src/a.py': 'a',
    inside: { symlink: 'src/a.py' },
    outside: { symlink: '/etc/passwd' },
    '.plimsoll/ledger.jsonl': '{}',
  });
  const copy = await copyRepository(parent, repo, new Set(['.env']));
  expect(await copy.files()).toEqual(['run.sh', 'src/a.py']);
  expect((await stat(copy.at('run.sh'))).mode & 0o777).toBe(0o755);
  expect(readlinkSync(copy.at('inside'))).toBe('src/a.py');
  expect(existsSync(join(copy.path, 'outside'))).toBe(false);
  await copy.append('src/a.py', 'b');
  expect(await readFile(copy.at('src/a.py'), 'utf8')).toBe('ab');
  await copy.dispose();
  expect(existsSync(copy.path)).toBe(false);
});

test('a path that leads out of the copy is refused', async () => {
  const copy = await copyRepository(parent, memoryRepo({ a: 'a' }), new Set());
  expect(() => copy.at('../../etc/passwd')).toThrow(RangeError);
});

test('an owner lives as long as its process, and a reused process id is somebody else', async () => {
  const own = await ownerOf();
  expect(await ownerLives(own)).toBe(true);
  expect(await ownerLives(own.replace(/\d+$/, '1'))).toBe(false);
  expect(await ownerLives(`another-host:${process.pid}:1`)).toBe(true);
});

test('folders that a killed build left long ago are swept, those of builds at work stay', async () => {
  const [old, fresh] = [await mkdtemp(join(tmpdir(), buildPrefix)), await mkdtemp(join(tmpdir(), buildPrefix))];
  const yesterday = Date.now() / 1000 - 86_400;
  await utimes(old, yesterday, yesterday);
  await sweepFolders();
  expect([existsSync(old), existsSync(fresh)]).toEqual([false, true]);
  await rm(fresh, { recursive: true });
});
