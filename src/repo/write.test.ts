import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { writeFiles } from './write.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'plimsoll-write-'));
  writeFileSync(join(root, 'a'), 'old a\n');
  writeFileSync(join(root, 'b'), 'old b\n');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const names = (): string[] => readdirSync(root, { recursive: true }).map(String).sort();

test('changes, makes and removes files, keeps modes and leaves nothing else behind', () => {
  chmodSync(join(root, 'a'), 0o750);
  const outcome = writeFiles(root, [
    { path: 'a', before: 'old a\n', after: 'new a\n', mode: 0o644 },
    { path: 'b', before: 'old b\n', mode: 0o644 },
    { path: 'deep/er/c.sh', after: 'new c\n', mode: 0o755 },
  ]);
  expect(outcome).toEqual({ ok: true, written: ['a', 'b', 'deep/er/c.sh'] });
  expect(names()).toEqual(['a', 'deep', 'deep/er', 'deep/er/c.sh']);
  expect(readFileSync(join(root, 'a'), 'utf8')).toBe('new a\n');
  expect(statSync(join(root, 'a')).mode & 0o777).toBe(0o750);
  expect(statSync(join(root, 'deep/er/c.sh')).mode & 0o777).toBe(0o755);
});

test('a file that changed since the plan was made stops everything before anything is written', () => {
  const outcome = writeFiles(root, [
    { path: 'a', before: 'old a\n', after: 'new a\n', mode: 0o644 },
    { path: 'b', before: 'something else\n', after: 'new b\n', mode: 0o644 },
  ]);
  expect(outcome).toEqual({ ok: false, path: 'b', why: 'it has changed since the plan was made' });
  expect(readFileSync(join(root, 'a'), 'utf8')).toBe('old a\n');
  expect(names()).toEqual(['a', 'b']);
});

test('a failure half-way puts everything back', () => {
  const outcome = writeFiles(root, [
    { path: 'a', before: 'old a\n', after: 'new a\n', mode: 0o644 },
    { path: 'new/c', after: 'c\n', mode: 0o644 },
    { path: `${'x'.repeat(300)}`, after: 'a name no file system takes\n', mode: 0o644 },
  ]);
  expect(outcome.ok).toBe(false);
  expect(readFileSync(join(root, 'a'), 'utf8')).toBe('old a\n');
  expect(names()).toEqual(['a', 'b']);
});

test('a failure while renaming puts back what was already renamed', () => {
  const outcome = writeFiles(root, [
    { path: 'a', before: 'old a\n', after: 'new a\n', mode: 0o644 },
    { path: 'c', after: 'a file\n', mode: 0o644 },
    { path: 'c/d', after: 'below a file\n', mode: 0o644 },
  ]);
  expect(outcome.ok).toBe(false);
  expect(existsSync(join(root, 'c'))).toBe(false);
  expect(readFileSync(join(root, 'a'), 'utf8')).toBe('old a\n');
  expect(names()).toEqual(['a', 'b']);
});

test('links and paths that lead out of the repository are refused', () => {
  mkdirSync(join(root, 'inner'));
  symlinkSync(tmpdir(), join(root, 'inner', 'out'));
  symlinkSync('../a', join(root, 'inner', 'link'));
  expect(writeFiles(join(root, 'inner'), [{ path: '../a', before: 'old a\n', after: '', mode: 0o644 }]).ok).toBe(false);
  expect(writeFiles(join(root, 'inner'), [{ path: 'out/x', after: '', mode: 0o644 }]).ok).toBe(false);
  expect(writeFiles(join(root, 'inner'), [{ path: 'link', before: 'old a\n', after: '', mode: 0o644 }]).ok).toBe(false);
});
