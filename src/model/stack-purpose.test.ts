import { expect, test } from 'vitest';
import { memoryRepo } from '../repo/memory.ts';
import { buildModel } from './build-model.ts';

const BUILT = 'services:\n  api:\n    build: .\n';

function gradeOf(files: Record<string, string>): string | undefined {
  const repo = memoryRepo({ Dockerfile: 'FROM alpine:3.22\n', 'compose.yaml': BUILT, ...files });
  return buildModel(repo, { today: '2026-11-21' }).repository.stacks.find((s) => s.files[0]?.endsWith('compose.yaml'))
    ?.purpose.grade;
}

test('The only stack of a repository is presumed to be what is deployed', () => {
  expect(gradeOf({})).toBe('presumed');
});

test('A reason is given for what is presumed', () => {
  const repo = memoryRepo({ Dockerfile: 'FROM alpine:3.22\n', 'compose.yaml': `${BUILT}    restart: always\n` });
  const [stack] = buildModel(repo, { today: '2026-11-21' }).repository.stacks;
  expect(stack?.purpose.because.map((r) => r.text)).toEqual([
    'api restarts always: the stack is made to stay up',
    'it is the only stack of the repository, and nothing says that it is for development',
  ]);
});

test.each([
  ['a mode of development', { 'compose.yaml': `${BUILT}    environment: { NODE_ENV: development }\n` }],
  ['a comment', { 'compose.yaml': `# For local development\n${BUILT}` }],
  [
    'a comment that names another file for production',
    { 'compose.yaml': `# For the development setup. For production see deploy.\n${BUILT}` },
  ],
  [
    'a command for production that is put aside',
    {
      'compose.yaml': `${BUILT}    command: uvicorn main:app --reload\n    # command: gunicorn main:app -w 4\n    restart: always\n`,
    },
  ],
  ['a stage', { 'compose.yaml': 'services:\n  api:\n    build: { context: ., target: dev }\n' }],
  ['a heading of the README', { 'README.md': '# Harbour\n## Local development\n    docker compose up\n' }],
])('%s marks a stack as one for development', (_what, files) => {
  expect(gradeOf(files)).toBe('development');
});

test.each([
  ['a mode of production', { 'compose.yaml': `${BUILT}    environment: { NODE_ENV: production }\n` }],
  ['a comment', { 'compose.yaml': `# Production stack\n${BUILT}` }],
])('%s says that a stack is for production', (_what, files) => {
  expect(gradeOf(files)).toBe('production');
});

test.each([
  ['a stack for production beside it', { 'compose.prod.yaml': BUILT }],
  ['manifests of another platform', { 'k8s/api.yaml': 'kind: Deployment\n' }],
  ['samples in several folders', { 'a/compose.yaml': BUILT, 'b/compose.yaml': BUILT, 'c/compose.yaml': BUILT }],
  ['a title that calls it an example', { 'README.md': '# An example application\n' }],
])('With %s nobody knows what the plain file is for', (_what, files) => {
  expect(gradeOf(files)).toBe('unclear');
});

test('A restart policy outweighs the manifests of another platform', () => {
  expect(gradeOf({ 'compose.yaml': `${BUILT}    restart: always\n`, 'fly.toml': 'app = "x"\n' })).toBe('presumed');
});

test('A comment that says it is for nobody to deploy outweighs the name of the file', () => {
  const graded = (comment: string) => {
    const repo = memoryRepo({ Dockerfile: 'FROM alpine:3.22\n', 'compose.prod.yaml': `${comment}${BUILT}` });
    return buildModel(repo, { today: '2026-11-21' }).repository.stacks[0]?.purpose.grade;
  };
  expect(graded('')).toBe('production');
  expect(graded('# THIS IS NOT TO BE USED FOR PERSONAL DEPLOYMENTS!\n')).toBe('unclear');
});
