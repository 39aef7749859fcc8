import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import { type Answer, ours, type Question } from '../../scripts/oracle/answers.ts';

interface Table {
  readonly source: string;
  readonly cases: readonly { readonly question: Question; readonly answer: Answer }[];
}

// The expected answers are BuildKit's own (scripts/oracle/compare.ts --write).
const table = JSON.parse(readFileSync(new URL('./conformance.json', import.meta.url), 'utf8')) as Table;

describe('answers equal those of BuildKit and moby', () => {
  for (const kind of ['parse', 'expand', 'ignore', 'match'] as const) {
    const cases = table.cases.filter(({ question }) => question.kind === kind);

    it(`for the ${kind} cases of the table`, () => {
      expect(cases.length).toBeGreaterThan(20);
      for (const { question, answer } of cases) {
        const pair = ours(question, answer);
        if (!isDeepStrictEqual(pair.ours, pair.theirs)) {
          expect({ question, answer: pair.ours }).toEqual({ question, answer: pair.theirs });
        }
      }
    });
  }
});
