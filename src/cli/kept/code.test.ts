import { chmodSync, lstatSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadCode } from './code.ts';
import { keptFolder } from './folder.ts';

const require = createRequire(import.meta.url);
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'plimsoll-code-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function run(text: string): unknown {
  const file = join(folder, 'command.cjs');
  writeFileSync(file, text);
  const code = loadCode(file, require, { folder, name: 'check' });
  code.keep();
  return code.exports;
}

const PROGRAM = "const { sep } = require('node:path');\nexports.add = (a, b) => a + b + sep.length;\n";

describe('code that is kept compiled', () => {
  it('does what it did', () => {
    for (let i = 0; i < 6; i++) {
      const { add } = run(PROGRAM) as { add: (a: number, b: number) => number };
      expect(add(1, 2)).toBe(4);
    }
    expect(lstatSync(join(folder, 'check.v8')).size).toBeGreaterThan(100);
  });

  it('is compiled again when it is another program', () => {
    run('exports.value = 1;');
    expect(run('exports.value = "two";')).toEqual({ value: 'two' });
  });

  it.each([0, 10, 40, 200])('is compiled again when only %i bytes are left of it', (length) => {
    run(PROGRAM);
    const file = join(folder, 'check.v8');
    writeFileSync(file, readFileSync(file).subarray(0, length));
    expect((run(PROGRAM) as { add: (a: number, b: number) => number }).add(1, 1)).toBe(3);
  });

  it('is not kept without a folder', () => {
    const file = join(folder, 'command.cjs');
    writeFileSync(file, 'exports.value = 1;');
    const code = loadCode(file, require, { folder: undefined, name: 'check' });
    code.keep();
    expect(code.exports).toEqual({ value: 1 });
    expect(() => lstatSync(join(folder, 'check.v8'))).toThrow('ENOENT');
  });
});

describe('the folder of what is kept', () => {
  it('is made below the user’s cache, for this user alone', () => {
    const made = keptFolder('1.0', { XDG_CACHE_HOME: folder });
    expect(made).toBe(join(folder, 'plimsoll', '1.0'));
    expect(lstatSync(join(folder, 'plimsoll', '1.0')).mode & 0o777).toBe(0o700);
  });

  it('is where PLIMSOLL_CACHE says, or nowhere', () => {
    expect(keptFolder('1.0', { PLIMSOLL_CACHE: join(folder, 'mine') })).toBe(join(folder, 'mine', '1.0'));
    expect(keptFolder('1.0', { PLIMSOLL_CACHE: 'none', XDG_CACHE_HOME: folder })).toBeUndefined();
  });

  it('is not made on machines of CI, unless they name one', () => {
    expect(keptFolder('1.0', { CI: 'true', XDG_CACHE_HOME: folder })).toBeUndefined();
    expect(keptFolder('1.0', { CI: 'true', PLIMSOLL_CACHE: folder })).toBe(join(folder, '1.0'));
  });

  it('is not used when others may write there', () => {
    mkdirSync(join(folder, 'open'));
    chmodSync(join(folder, 'open'), 0o777);
    expect(keptFolder('1.0', { PLIMSOLL_CACHE: join(folder, 'open') })).toBeUndefined();
  });

  it('is done without where there is a file in its place', () => {
    writeFileSync(join(folder, 'file'), '');
    expect(keptFolder('1.0', { PLIMSOLL_CACHE: join(folder, 'file') })).toBeUndefined();
  });

  it('forgets what builds kept that nobody used for a month', () => {
    const long = keptFolder('0.8', { XDG_CACHE_HOME: folder }) ?? '';
    const recent = keptFolder('0.9', { XDG_CACHE_HOME: folder }) ?? '';
    utimesSync(long, new Date(0), new Date(0));
    keptFolder('1.0', { XDG_CACHE_HOME: folder });
    expect(() => lstatSync(long)).toThrow('ENOENT');
    expect(lstatSync(recent).isDirectory()).toBe(true);
  });
});
