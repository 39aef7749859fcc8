import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fakeEngine } from '../engine/fake.ts';
import type { Entry } from './entry.ts';
import { isFault } from './ledger.ts';
import { memoryLedger } from './memory-ledger.ts';
import { openLedger } from './open-ledger.ts';
import { recording } from './recording.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'plimsoll-ledger-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const entry = (text: string): Omit<Entry, 'at'> => ({
  kind: 'measurement',
  run: 'r1',
  subject: { side: 'before', stack: 's', inputs: 'i' },
  measure: 'image.builds',
  value: true,
  text,
});

test('what was appended is read again, by another process too, with the same ids', () => {
  const ledger = openLedger(folder);
  const id = ledger.append(entry('one'));
  ledger.append(entry('two'));
  const again = openLedger(folder);
  expect(again.entries().map((stored) => stored.entry.text)).toEqual(['one', 'two']);
  expect(again.entries()[0]?.id).toBe(id);
  expect(id).toMatch(/^[0-9a-f]{64}$/);
});

test('a last line that a crash cut off is reported with its number, and the next entry is not lost to it', () => {
  openLedger(folder).append(entry('one'));
  const file = join(folder, '.plimsoll', 'ledger.jsonl');
  appendFileSync(file, '{"kind":"measurement","te');
  const ledger = openLedger(folder);
  expect(ledger.broken()).toEqual([{ file, line: 2, text: 'is not JSON (cut off while it was written?)' }]);
  ledger.append(entry('two'));
  const again = openLedger(folder);
  expect(again.entries().map((stored) => stored.entry.text)).toEqual(['one', 'two']);
  expect(again.broken()).toHaveLength(1);
});

test('a line that is JSON but no entry is skipped and reported', () => {
  openLedger(folder).append(entry('one'));
  appendFileSync(join(folder, '.plimsoll', 'ledger.jsonl'), '{"a":1}\n[]\n');
  expect(
    openLedger(folder)
      .broken()
      .map((line) => line.line),
  ).toEqual([2, 3]);
});

test('the folder hides itself from git', () => {
  openLedger(folder).append(entry('one'));
  expect(readFileSync(join(folder, '.plimsoll', '.gitignore'), 'utf8')).toBe('*\n');
});

test('a place that cannot be written is a value with a remedy', () => {
  writeFileSync(join(folder, '.plimsoll'), 'a file in the way');
  const result = openLedger(folder).append(entry('one'));
  expect(isFault(result) && result.fault).toContain('evidence could not be stored');
  expect(isFault(result) && result.remedy).not.toBe('');
});

test('secrets are masked in entries and logs, and the digest of a log is of what is stored', () => {
  const ledger = openLedger(folder);
  ledger.hide('hunter22xx');
  ledger.append({ ...entry('password is hunter22xx'), argv: ['docker', '-e', 'X=hunter22xx'] });
  const digest = ledger.putLog('said hunter22xx');
  expect(typeof digest === 'string' && ledger.log(digest)).toBe('said ••••');
  expect(readFileSync(join(folder, '.plimsoll', 'ledger.jsonl'), 'utf8')).not.toContain('hunter22xx');
});

test('a recording engine stores what calls said and names the log, but not every successful poll', async () => {
  const ledger = memoryLedger();
  const engine = recording(fakeEngine({ commands: { logs: 'hello', inspect: '[]' } }), ledger);
  const logs = await engine.command(['logs', 'x']);
  expect(ledger.log(logs.log ?? '')).toContain('$ docker logs x\n# exit 0');
  expect(ledger.log(logs.log ?? '')).toContain('hello');
  expect((await engine.command(['inspect', 'x'])).log).toBeUndefined();
});
