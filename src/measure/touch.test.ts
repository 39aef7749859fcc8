import { expect, test } from 'vitest';
import { codeFiles, dependencyFiles } from './touch.ts';

const first = (touches: readonly { file: string }[]): string | undefined => touches[0]?.file;

test('the entry point is the file of a code change, not a test, a config or an empty package marker', () => {
  const files = [
    'vite.config.ts',
    'src/__init__.py',
    'src/main.py',
    'src/zeta.py',
    'tests/main.py',
    'src/main.test.ts',
  ];
  expect(first(codeFiles(files, ['.']))).toBe('src/main.py');
  expect(codeFiles(files, ['.']).map((touch) => touch.file)).not.toContain('vite.config.ts');
});

test('only files that the Dockerfile copies count', () => {
  const files = ['main.py', 'src/deep/worker.py'];
  expect(first(codeFiles(files, ['./src/', 'package*.json']))).toBe('src/deep/worker.py');
  expect(codeFiles(files, ['requirements.txt'])).toEqual([]);
});

test('globs of COPY are understood', () => {
  expect(first(dependencyFiles(['web/package.json', 'package-lock.json'], ['package*.json']))).toBe(
    'package-lock.json',
  );
  expect(first(codeFiles(['src/a.ts'], ['s?c']))).toBe('src/a.ts');
});

test('the lock file comes before the manifest', () => {
  expect(first(dependencyFiles(['pyproject.toml', 'uv.lock'], ['.']))).toBe('uv.lock');
  expect(first(dependencyFiles(['pyproject.toml'], ['.']))).toBe('pyproject.toml');
});

test('what is appended is a comment of the language, and JSON stays JSON', () => {
  expect(codeFiles(['a.ts'], ['.'])[0]?.append('m')).toBe('\n// m\n');
  expect(codeFiles(['a.py'], ['.'])[0]?.append('m')).toBe('\n# m\n');
  const lock = dependencyFiles(['package-lock.json'], ['.'])[0];
  const [one, two] = ['run aaaa0', 'run aaaa1'].map((mark) => `{"a":1}${lock?.append(mark)}`);
  expect(JSON.parse(one ?? '')).toEqual({ a: 1 });
  expect(one).not.toBe(two);
});
