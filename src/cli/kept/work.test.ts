import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WorkFile } from './work.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'plimsoll-work-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the file of what was worked out', () => {
  it('gives the next run what this one kept', () => {
    const file = join(folder, 'a.work');
    const first = new WorkFile(file);
    expect(first.find('one')).toBeUndefined();
    first.keep('one', () => ({ text: 'größer', list: [1, null, true] }));
    first.keep('two', () => 'old');
    first.keep('two', () => 'new');
    first.save();
    const second = new WorkFile(file);
    expect(second.find('one')).toEqual({ text: 'größer', list: [1, null, true] });
    expect(second.find('two')).toBe('new');
    expect(readdirSync(folder)).toEqual(['a.work']);
  });

  it('keeps what this run did not ask for', () => {
    const file = join(folder, 'a.work');
    const first = new WorkFile(file);
    first.keep('one', () => 1);
    first.save();
    const second = new WorkFile(file);
    second.keep('two', () => 2);
    second.save();
    const third = new WorkFile(file);
    expect([third.find('one'), third.find('two')]).toEqual([1, 2]);
  });

  it('is not written when nothing was worked out anew', () => {
    const file = join(folder, 'a.work');
    new WorkFile(file).save();
    expect(readdirSync(folder)).toEqual([]);
  });

  it.each(['no json', '[["one",400]]\n{"cut', '{}\n', ''])('is as good as missing when it is damaged: %j', (text) => {
    const file = join(folder, 'a.work');
    writeFileSync(file, text);
    const work = new WorkFile(file);
    expect(work.find('one')).toBeUndefined();
    work.keep('one', () => 1);
    work.save();
    expect(new WorkFile(file).find('one')).toBe(1);
  });

  it('loses only the part that is cut off', () => {
    const file = join(folder, 'a.work');
    const first = new WorkFile(file);
    first.keep('one', () => 'whole');
    first.keep('two', () => 'cut off');
    first.save();
    truncateSync(file, readFileSync(file).length - 3);
    const second = new WorkFile(file);
    expect(second.find('one')).toBe('whole');
    expect(second.find('two')).toBeUndefined();
  });

  it('is done without where it cannot be written', () => {
    const work = new WorkFile(join(folder, 'missing', 'a.work'));
    work.keep('one', () => 1);
    expect(() => work.save()).not.toThrow();
  });
});
