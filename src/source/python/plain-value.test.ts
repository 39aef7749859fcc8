import { expect, test } from 'vitest';
import { parsePython } from './parse.ts';
import { type Plain, plainValue, truth } from './plain-value.ts';

const KNOWN: Readonly<Record<string, Plain>> = { v: 'Change-Me', n: 5, words: ['change', 'secret'] };

function valued(text: string): Plain | undefined {
  const [statement] = parsePython(text).body;
  if (statement?.k !== 'expr') throw new Error(`${text} is no expression`);
  return plainValue(statement.value, { name: (name) => KNOWN[name], other: () => undefined });
}

test.each([
  ['len(v) < 32', true],
  ['"change" in v.lower()', true],
  ['any(w in v.lower() for w in words)', true],
  ['all(w in v.lower() for w in words)', false],
  ['any(c.isupper() for c in v)', true],
  ['any(c.isdigit() for c in v)', false],
  ['v not in ("a", "b") and n >= 5', true],
  ['v.startswith(("Chan", "x"))', true],
  ['not v or other', undefined],
  ['other and not v', false],
  ['other or v', true],
  ['not v and n', false],
  ['not n and v or words', true],
  ['n and not v or n', true],
  ['not (v and n)', false],
  ['not v and (n or words)', false],
  ['not words or n and not v', false],
  ['other and (not v or n == 5)', undefined],
  ['n == "5"', undefined],
  ['len(other) < 3', undefined],
  ['v == other', undefined],
  ['any(w in v for w in words if w)', undefined],
  ['v[0] == "C"', undefined],
])('%s is %s', (text, value) => {
  const found = valued(text);
  expect(typeof value === 'boolean' && found !== undefined ? truth(found) : found).toBe(value);
});
