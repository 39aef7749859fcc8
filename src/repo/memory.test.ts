import { describe, expect, it } from 'vitest';
import { digestOf } from './digest.ts';
import { memoryRepo } from './memory.ts';
import { overlay } from './overlay.ts';

describe('a repository in memory', () => {
  const repo = memoryRepo({
    'a/b.txt': 'hi',
    'run.sh': { content: '#!/bin/sh\n', mode: 0o755 },
    link: { symlink: 'a/b.txt' },
    loop: { symlink: 'loop' },
    out: { symlink: '../../etc/passwd' },
    empty: { directory: true },
    'latin.txt': new Uint8Array([0x63, 0x61, 0x66, 0xe9]),
    'image.png': new Uint8Array([0x89, 0x50, 0, 0]),
    'node_modules/x/index.js': '',
  });

  it('has folders, sizes and modes', () => {
    expect(repo.entry('a')).toMatchObject({ type: 'directory' });
    expect(repo.entry('run.sh')).toMatchObject({ type: 'file', size: 10, mode: 0o755 });
    expect(repo.children('').map((entry) => entry.path)).toEqual([
      'a',
      'empty',
      'image.png',
      'latin.txt',
      'link',
      'loop',
      'node_modules',
      'out',
      'run.sh',
    ]);
  });

  it('reads through links that stay inside, and through no others', () => {
    expect([repo.text('link'), repo.text('loop'), repo.text('out')]).toEqual(['hi', undefined, undefined]);
    expect(repo.entry('link')).toMatchObject({ type: 'symlink', target: 'a/b.txt' });
  });

  it('decodes Latin-1 where UTF-8 fails and gives no text for binary files', () => {
    expect([repo.text('latin.txt'), repo.text('image.png')]).toEqual(['café', undefined]);
  });

  it('does not walk node_modules but lists it when asked', () => {
    expect(repo.files()).not.toContain('node_modules/x/index.js');
    expect(repo.unwalked).toEqual(['node_modules']);
    expect(repo.children('node_modules/x').map((entry) => entry.path)).toEqual(['node_modules/x/index.js']);
  });

  it('refuses paths that are none', () => {
    for (const path of ['/a', 'a//b', '../a', '']) expect(() => memoryRepo({ [path]: '' })).toThrow(RangeError);
    expect(() => memoryRepo({ a: '', 'a/b': '' })).toThrow('both a file and a folder');
  });
});

describe('an overlay', () => {
  const repo = memoryRepo({ Dockerfile: 'FROM a\nUSER x\n', old: 'o', 'd/only': '' });
  const changed = overlay(repo, [
    { file: 'Dockerfile', start: 7, end: 14, text: 'USER y\n' },
    { file: 'new/file', start: 0, end: 0, text: 'n' },
    { file: 'old', start: 0, end: 0, text: '', delete: true },
    { file: 'd/only', start: 0, end: 0, text: '', delete: true },
  ]);

  it('shows the edits and leaves the original alone', () => {
    expect(changed.text('Dockerfile')).toBe('FROM a\nUSER y\n');
    expect(changed.files()).toEqual(['Dockerfile', 'new/file']);
    expect(changed.entry('new')).toMatchObject({ type: 'directory' });
    expect(repo.text('Dockerfile')).toBe('FROM a\nUSER x\n');
    expect(repo.text('old')).toBe('o');
  });

  it('takes a folder away with its last file', () => {
    expect([changed.entry('d'), changed.children('').map((entry) => entry.path)]).toEqual([
      undefined,
      ['Dockerfile', 'new'],
    ]);
  });

  it('has another digest, and the same one when nothing is changed', () => {
    expect(digestOf(changed)).not.toBe(digestOf(repo));
    expect(digestOf(overlay(repo, []))).toBe(digestOf(repo));
  });
});
