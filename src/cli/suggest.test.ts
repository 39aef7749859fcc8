import { expect, it } from 'vitest';
import { COLOURED, PLAIN } from '../report/text/paint.ts';
import { nearest } from './suggest.ts';
import { paintFor } from './terminal.ts';

it('suggests what differs by a letter or two, a swap, or is only begun', () => {
  const verbs = ['check', 'refit', 'prove', 'report', 'explain'];
  expect(nearest('chekc', verbs)).toBe('check');
  expect(nearest('expl', verbs)).toBe('explain');
  expect(nearest('provee', verbs)).toBe('prove');
});

it('suggests nothing where nothing is near', () => {
  expect(nearest('zzzzz', ['check', 'refit'])).toBeUndefined();
  expect(nearest('', [])).toBeUndefined();
});

it('colours only what a person looks at, and not when told not to', () => {
  expect(paintFor({ isTTY: true }, { TERM: 'xterm' })).toBe(COLOURED);
  expect(paintFor({}, {})).toBe(PLAIN);
  expect(paintFor({ isTTY: true }, { NO_COLOR: '1' })).toBe(PLAIN);
  expect(paintFor({ isTTY: true }, { NO_COLOR: '' })).toBe(COLOURED);
  expect(paintFor({ isTTY: true }, { TERM: 'dumb' })).toBe(PLAIN);
  expect(paintFor({}, { FORCE_COLOR: '1' })).toBe(COLOURED);
  expect(paintFor({}, { FORCE_COLOR: '0' })).toBe(PLAIN);
});
