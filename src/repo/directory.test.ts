import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openDirectory } from './directory.ts';

const folder = mkdtempSync(join(tmpdir(), 'plimsoll-repo-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a directory', () => {
  mkdirSync(join(folder, 'src/deep'), { recursive: true });
  mkdirSync(join(folder, 'node_modules/x'), { recursive: true });
  mkdirSync(join(folder, 'venv'));
  writeFileSync(join(folder, 'venv/pyvenv.cfg'), '');
  writeFileSync(join(folder, 'src/deep/a.ts'), '\uFEFFa');
  writeFileSync(join(folder, 'node_modules/x/i.js'), 'x');
  writeFileSync(join(folder, 'secret'), 's');
  symlinkSync('..', join(folder, 'src/up'));
  symlinkSync('/etc/hostname', join(folder, 'outside'));
  symlinkSync('src/deep/a.ts', join(folder, 'inside'));
  const repo = openDirectory(folder);

  it('is listed without what tools have put there and without following links', () => {
    expect(repo.files()).toEqual(['inside', 'outside', 'secret', 'src/deep/a.ts', 'src/up']);
    expect(repo.unwalked).toEqual(['node_modules', 'venv']);
    expect(repo.children('node_modules/x').map((entry) => entry.path)).toEqual(['node_modules/x/i.js']);
  });

  it('never gives what lies outside of it', () => {
    expect([
      repo.bytes('outside'),
      repo.bytes('../x'),
      repo.bytes('/etc/hostname'),
      repo.entry('src/up/secret'),
    ]).toEqual([undefined, undefined, undefined, undefined]);
    expect(repo.text('inside')).toBe('\uFEFFa');
  });

  it('has no entry for odd paths', () => {
    for (const path of ['nope', 'secret/x', 'a\0b', 'src/', './src', 'x'.repeat(5000)])
      expect(repo.entry(path)).toBeUndefined();
  });

  it.skipIf(process.getuid?.() === 0)('says which file it could not read, and goes on', () => {
    chmodSync(join(folder, 'secret'), 0);
    expect(repo.text('secret')).toBeUndefined();
    expect(repo.problems).toEqual([{ path: 'secret', text: 'cannot be read: permission denied' }]);
  });

  it('that does not exist is an error of the caller', () => {
    expect(() => openDirectory(join(folder, 'none'))).toThrow(/ENOENT/);
  });
});
