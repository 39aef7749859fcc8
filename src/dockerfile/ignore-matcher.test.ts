import { describe, expect, it } from 'vitest';
import { parseIgnore } from './ignore-file.ts';
import { compileIgnore, matchIgnore } from './ignore-matcher.ts';

const matcher = (text: string) => compileIgnore(parseIgnore(text, '.dockerignore'));

describe('an ignore file', () => {
  it('names the pattern that decides, with its place', () => {
    const answer = matcher('# c\n*\n\n!src\nsrc/*.md\n').ignored('src/a.md');
    expect(answer).toMatchObject({ ignored: true, by: { written: 'src/*.md', place: { line: 5, column: 1 } } });
    expect(matcher('*\n!src\n').ignored('src/a')).toMatchObject({ ignored: false, by: { written: '!src' } });
    expect(matcher('dist\n').ignored('src')).toEqual({ ignored: false });
  });

  it('takes back what lies below an ignored folder', () => {
    const one = matcher('a\n!a/b\n');
    expect([one.ignored('a/b').ignored, one.ignored('a/c').ignored, one.prunes('a')]).toEqual([false, true, false]);
    expect(matcher('a\n').prunes('a/b')).toBe(true);
  });

  it('that is broken is a problem at its line', () => {
    expect(matcher('ok\n[a\n!\n').problems.map(({ at, text }) => [at.line, text])).toEqual([
      [3, 'illegal exclusion pattern: "!"'],
      [2, 'syntax error in pattern'],
    ]);
  });

  it('never leaves out the context itself', () => {
    expect(matcher('*\n.\n').ignored('')).toEqual({ ignored: false });
  });

  it('with stars without end is answered in time', () => {
    const hostile = `${'*a'.repeat(40)}\n${'**/a*'.repeat(20)}b\n`;
    expect(matcher(hostile).ignored('a'.repeat(200)).ignored).toBe(true);
    expect(matcher(hostile).ignored(`${'a/'.repeat(100)}c`).ignored).toBe(false);
  });
});

it('a single path is matched as the engine does it for its warnings', () => {
  expect(matchIgnore(['node_modules', '!node_modules/keep'], './node_modules/keep')).toBe(false);
  expect(matchIgnore(['a'], 'a/b/c')).toBe(true);
  expect(matchIgnore(['*'], '.')).toBe(false);
});
