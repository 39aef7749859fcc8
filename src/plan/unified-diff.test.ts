import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { FileChange } from './apply.ts';
import { unifiedDiff } from './unified-diff.ts';

/** Lets git apply a patch to real files, compares, takes it back, compares again. */
function roundTrip(files: readonly FileChange[]): void {
  const dir = mkdtempSync(join(tmpdir(), 'plimsoll-diff-'));
  const git = (args: readonly string[], input: string): void => {
    execFileSync('git', ['-c', 'core.autocrlf=false', ...args], { cwd: dir, input, stdio: ['pipe', 'pipe', 'pipe'] });
  };
  const content = (path: string): string | undefined => {
    try {
      return readFileSync(join(dir, path), 'utf8');
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
      throw error;
    }
  };
  try {
    git(['init', '-q'], '');
    for (const { path, before, mode } of files) {
      mkdirSync(dirname(join(dir, path)), { recursive: true });
      if (before !== undefined) writeFileSync(join(dir, path), before, { mode });
    }
    const patch = unifiedDiff(files);
    git(['apply', '--whitespace=nowarn', '-'], patch);
    for (const { path, after } of files) expect(content(path)).toBe(after);
    for (const { path, after, mode } of files) {
      if (after !== undefined) expect(statSync(join(dir, path)).mode & 0o100).toBe(mode & 0o100);
    }
    git(['apply', '-R', '--whitespace=nowarn', '-'], patch);
    for (const { path, before } of files) expect(content(path)).toBe(before);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

test('git applies changed, new, deleted, executable and empty files, and takes them back', () => {
  roundTrip([
    { path: 'a.txt', before: 'one\ntwo\nthree\n', after: 'one\n2\nthree\n', mode: 0o644 },
    { path: 'deep/er/new.sh', after: '#!/bin/sh\nexec true\n', mode: 0o755 },
    { path: 'gone', before: 'bye\n', mode: 0o644 },
    { path: 'empty', after: '', mode: 0o644 },
  ]);
});

test('git keeps carriage returns and missing final newlines', () => {
  roundTrip([
    { path: 'crlf', before: 'a\r\nb\r\nc\r\n', after: 'a\r\nB\r\nc\r\n', mode: 0o644 },
    { path: 'no-end', before: 'a\nb', after: 'a\nb\nc', mode: 0o644 },
    { path: 'end-added', before: 'a', after: 'a\n', mode: 0o644 },
    { path: 'end-lost', before: 'a\nb\n', after: 'a\nb', mode: 0o644 },
  ]);
});

test('git finds files with blanks, quotes, backslashes and letters beyond ASCII in their names', () => {
  roundTrip([
    { path: 'with blank/a file', before: 'x\n', after: 'y\n', mode: 0o644 },
    { path: 'quote"d', before: 'x\n', after: 'y\n', mode: 0o644 },
    { path: 'back\\slash', before: 'x\n', after: 'y\n', mode: 0o644 },
    { path: 'größe', after: 'y\n', mode: 0o644 },
  ]);
});

test('git applies a patch between any two texts', () => {
  const text = fc
    .array(fc.constantFrom('a\n', 'b\n', 'c\r\n', '\n', 'd'), { maxLength: 40 })
    .map((all) => all.join(''));
  fc.assert(
    fc.property(text, text, (before, after) => {
      fc.pre(before !== after);
      roundTrip([{ path: 'f', before, after, mode: 0o644 }]);
    }),
    { numRuns: 25 },
  );
});

test('a change far from another gets a hunk of its own with three lines around it', () => {
  const before = Array.from({ length: 30 }, (_, i) => `${i}\n`).join('');
  const after = before.replace('2\n3\n', '2\nthree\n').replace('25\n', 'twenty-five\n');
  const patch = unifiedDiff([{ path: 'f', before, after, mode: 0o644 }]);
  expect(patch.match(/^@@ .*$/gm)).toEqual(['@@ -1,7 +1,7 @@', '@@ -23,7 +23,7 @@']);
});

test('nothing changed gives an empty patch', () => {
  expect(unifiedDiff([{ path: 'f', before: 'a', after: 'a', mode: 0o644 }])).toBe('');
});
