import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { checkRepo } from '../report/check-repo.ts';
import { memoryRepo } from './memory.ts';
import { answersSame, observed } from './observed.ts';

const shorten = (content: string | Uint8Array): string => createHash('sha1').update(content).digest('hex');

const FILES = {
  Dockerfile: 'FROM python:3.12-slim\nWORKDIR /srv\nCOPY . .\nCMD ["python", "main.py"]\n',
  'main.py': 'from lib.part import value\n',
  'lib/part.py': 'value = 1\n',
  'lib/__init__.py': '',
  'compose.yaml': 'services:\n  api:\n    build: .\n    ports: ["8000:8000"]\n',
  '.dockerignore': 'docs\n',
  'docs/page.txt': 'nobody reads this',
};

function answers() {
  const seen = observed(memoryRepo(FILES), shorten);
  const { report } = checkRepo(seen.repo, { today: '2026-01-01' });
  return { report, answers: JSON.parse(JSON.stringify(seen.answers())) };
}

describe('a repository that notes what it is asked', () => {
  it('answers like the one behind it', () => {
    expect(answers().report).toEqual(checkRepo(memoryRepo(FILES), { today: '2026-01-01' }).report);
  });

  it('is the same as long as the answers are', () => {
    expect(answersSame(memoryRepo(FILES), answers().answers, shorten)).toBe(true);
  });

  it.each([
    ['the Dockerfile says something else', { ...FILES, Dockerfile: `${FILES.Dockerfile}USER 1000\n` }],
    ['a program that the command reaches says something else', { ...FILES, 'lib/part.py': 'value = 2\n' }],
    ['a file is new', { ...FILES, 'compose.override.yaml': 'services: {api: {user: "1000"}}\n' }],
    ['a file is gone', Object.fromEntries(Object.entries(FILES).filter(([path]) => path !== '.dockerignore'))],
    ['a file may be executed', { ...FILES, 'main.py': { text: FILES['main.py'], mode: 0o755 } }],
    ['a file is a link', { ...FILES, 'main.py': { symlink: 'lib/part.py' } }],
  ])('is another when %s', (_, files) => {
    expect(answersSame(memoryRepo(files), answers().answers, shorten)).toBe(false);
  });

  it('is another when git tracks other files', () => {
    const seen = observed({ ...memoryRepo(FILES), tracked: () => true }, shorten);
    seen.repo.tracked('main.py');
    expect(answersSame({ ...memoryRepo(FILES), tracked: () => false }, seen.answers(), shorten)).toBe(false);
  });
});
