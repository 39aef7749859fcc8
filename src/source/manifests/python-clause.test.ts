import { expect, test } from 'vitest';
import { reaches } from './python-clause.ts';

test.each([
  ['', '2.1', true],
  ['*', '2.1', true],
  ['>=2.0', '2.1', true],
  ['>=1.4,<2.1', '2.1', false],
  ['<3', '2.1', true],
  ['<=2.1', '2.1', true],
  ['==2.0.25', '2.1', false],
  ['==2.1.9', '2.1', true],
  ['==2.*', '2.1', true],
  ['==2.0.*', '2.1', false],
  ['~=2.0.30', '2.1', false],
  ['~=2.0', '2.1', true],
  ['^2.0.25', '2.1', true],
  ['^1.4', '2.1', false],
  ['^0.109.0', '0.110', false],
  ['~2.0', '2.1', false],
  ['2.0.25', '2.1', false],
  ['!=2.1.1', '2.1', true],
  ['@ https://example.org/x.whl', '2.1', undefined],
  ['>=2;python_version<"3.9"', '2.1', undefined],
])('the newest version that "%s" lets in is %s or later: %s', (clause, from, reached) => {
  expect(reaches(clause, from)).toBe(reached);
});
