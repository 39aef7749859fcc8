import fc from 'fast-check';
import { expect, test } from 'vitest';
import { diffLines } from './line-diff.ts';

function rebuild(before: readonly string[], after: readonly string[]): string[] {
  const out: string[] = [];
  let at = 0;
  for (const d of diffLines(before, after)) {
    out.push(...before.slice(at, d.beforeStart), ...after.slice(d.afterStart, d.afterEnd));
    at = d.beforeEnd;
  }
  return [...out, ...before.slice(at)];
}

const someLines = fc.array(fc.constantFrom('a', 'b', 'c', 'd', ''), { maxLength: 30 });

test('the differences turn one side into the other, whatever the two are', () => {
  fc.assert(
    fc.property(someLines, someLines, (before, after) => {
      expect(rebuild(before, after)).toEqual(after);
    }),
  );
});

test('a changed line in the middle is one difference of one line', () => {
  expect(diffLines(['a', 'b', 'c'], ['a', 'x', 'c'])).toEqual([
    { beforeStart: 1, beforeEnd: 2, afterStart: 1, afterEnd: 2 },
  ]);
});

test('what stays between two changes is kept, not written again', () => {
  const differences = diffLines(['1', 'keep', '2', 'keep too'], ['one', 'keep', 'two', 'keep too']);
  expect(differences.map((d) => d.beforeEnd - d.beforeStart)).toEqual([1, 1]);
});

test('two files with nothing in common and thousands of lines are replaced as a whole', () => {
  const before = Array.from({ length: 5000 }, (_, i) => `before ${i}`);
  const after = Array.from({ length: 5000 }, (_, i) => `after ${i}`);
  expect(diffLines(before, after)).toEqual([{ beforeStart: 0, beforeEnd: 5000, afterStart: 0, afterEnd: 5000 }]);
});
