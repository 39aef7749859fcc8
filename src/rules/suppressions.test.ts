import { expect, test } from 'vitest';
import type { Finding } from './finding.ts';
import { suppress } from './suppressions.ts';

function finding(rule: string, line: number, aliases: readonly string[] = []): Finding {
  return {
    rule,
    fingerprint: rule,
    stacks: [],
    consequence: 'insecure',
    severity: 'error',
    title: '',
    why: '',
    at: { file: 'Dockerfile', line, column: 1, endLine: line, endColumn: 1 },
    because: [],
    symptoms: [],
    aliases,
  };
}

function keptOf(text: string, findings: readonly Finding[]): { rules: readonly string[]; problems: number } {
  const { kept, problems } = suppress(
    findings,
    () => text,
    (at) => at.line,
  );
  return { rules: kept.map((f) => f.rule), problems: problems.length };
}

test('a comment with a reason takes the finding of the next instruction out', () => {
  const text = 'FROM debian\n# note\n# plimsoll ignore=root-user,other it only runs in the sandbox\nCMD ["x"]\n';
  expect(keptOf(text, [finding('root-user', 4), finding('third', 4)])).toEqual({ rules: ['third'], problems: 0 });
});

test('a comment without a reason is not obeyed and the user is told', () => {
  expect(keptOf('# plimsoll ignore=root-user\nFROM debian\n', [finding('root-user', 2)])).toEqual({
    rules: ['root-user'],
    problems: 1,
  });
});

test('ids of hadolint and of docker build --check are understood', () => {
  expect(
    keptOf('FROM debian\n# hadolint ignore=DL3002\nUSER root\n', [finding('root-user', 3, ['DL3002'])]).rules,
  ).toEqual([]);
  expect(
    keptOf('# check=skip=JSONArgsRecommended;error=true\nFROM debian\nCMD x\n', [
      finding('shell-form-command', 3, ['JSONArgsRecommended']),
    ]).rules,
  ).toEqual([]);
  expect(
    keptOf('FROM debian\n# check=skip=JSONArgsRecommended\nCMD x\n', [
      finding('shell-form-command', 3, ['JSONArgsRecommended']),
    ]).rules,
  ).toEqual(['shell-form-command']);
});
