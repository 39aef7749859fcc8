import { beforeAll, describe, expect, it } from 'vitest';
import { readDataFromFiles } from '../repo/data-files.ts';
import { memoryRepo } from '../repo/memory.ts';
import { checkRepo } from './check-repo.ts';

beforeAll(() => readDataFromFiles());

const problemsOf = (files: Readonly<Record<string, string>>) => checkRepo(memoryRepo(files)).report.problems;

describe('checkRepo', () => {
  it('says of a Dockerfile that is too long to be judged that it was not, and holds nothing against it', () => {
    const long = `FROM alpine:3.20\n${'# x\n'.repeat(1_300_000)}RUN nonsense\n`;
    for (const files of [
      { Dockerfile: long },
      { Dockerfile: long, 'compose.yml': 'services:\n  a:\n    build: .\n' },
    ]) {
      const { problems, findings } = checkRepo(memoryRepo(files)).report;
      expect(problems).toMatchObject([{ at: { file: 'Dockerfile', line: 1 } }]);
      expect(problems[0]?.text).toContain('too long to be judged');
      expect(problems[0]?.remedy).toContain('COPY');
      expect(findings.filter((finding) => finding.at.file === 'Dockerfile')).toEqual([]);
    }
  });

  it('says that a Dockerfile that something builds holds nothing to build', () => {
    const compose = 'services:\n  a:\n    build: .\n';
    expect(problemsOf({ Dockerfile: '# later\n', 'compose.yml': compose })).toMatchObject([
      { at: { file: 'Dockerfile' }, text: 'file with no instructions' },
    ]);
    expect(problemsOf({ 'docs/base.Dockerfile': '# later\n' })).toEqual([]);
  });
});
