import { expect, test } from 'vitest';
import { memoryRepo } from '../repo/memory.ts';
import { checkRepo } from '../report/check-repo.ts';

function found(files: Record<string, string>, consequence = 'breaks-build') {
  return checkRepo(memoryRepo(files)).report.findings.filter((f) => f.consequence === consequence);
}

test('two findings about one id in one line have fingerprints of their own', () => {
  const findings = found({
    Dockerfile: 'FROM node:22-slim\nRUN groupadd -g 1000 app && useradd -u 1000 other\n',
  });
  expect(findings.map((f) => f.rule)).toEqual(['id-taken', 'id-taken']);
  expect(new Set(findings.map((f) => f.fingerprint)).size).toBe(2);
});

test('what follows a break is shown below it', () => {
  const findings = found({
    Dockerfile: 'FROM debian:bookworm-slim\nCOPY absent.txt /\nRUN groupadd -g 0 app\n',
  });
  expect(findings.map((f) => `${f.rule} ${f.hypothetical === true}`)).toEqual([
    'copy-source-missing false',
    'id-taken true',
  ]);
});

test('what follows a break that is undecided is shown plainly', () => {
  // The document may say how dist is made; the group is refused whether it is or not.
  const findings = found({
    Dockerfile: 'FROM debian:bookworm-slim\nCOPY dist /srv/\nRUN groupadd -g 0 app\n',
    'README.md': 'Call `make dist` before the build.\n',
  });
  expect(findings.map((f) => `${f.rule} ${f.hypothetical === true}`)).toEqual(['id-taken false']);
});
