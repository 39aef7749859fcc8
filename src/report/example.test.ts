import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { openDirectory } from '../repo/directory.ts';
import { checkRepo } from './check-repo.ts';
import type { CheckReport } from './report.ts';

const folder = join(import.meta.dirname, '..', '..', 'examples', 'events');

/** What `expected.json` says of a finding that `check` must also say. */
interface Expected {
  readonly rule: string;
  readonly file: string;
  readonly line: number;
  readonly consequence: string;
}

let report: CheckReport;
let expected: readonly Expected[];

beforeAll(() => {
  expected = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')) as readonly Expected[];
  ({ report } = checkRepo(openDirectory(folder), { today: '2026-11-21' }));
});

/** Two findings of one line (a group and a user in one RUN) are one entry of the list. */
function lines(found: readonly Expected[]): readonly string[] {
  return [...new Set(found.map((f) => `${f.rule} ${f.file}:${f.line} ${f.consequence}`))].sort();
}

it('finds every planted defect of the example where it was planted, and nothing else', () => {
  expect(
    lines(report.findings.map(({ rule, at, consequence }) => ({ rule, file: at.file, line: at.line, consequence }))),
  ).toEqual(lines(expected));
});

it('names as a symptom what waits for a service that never becomes healthy', () => {
  const tool = report.findings.find((f) => f.rule === 'health-tool-missing');
  expect(tool?.symptoms.map((s) => s.text)).toContain('web waits until api is healthy, so it never starts');
});
