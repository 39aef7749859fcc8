import { expect, it } from 'vitest';
import { readTsconfig } from './tsconfig.ts';

function config(files: Record<string, string>) {
  return readTsconfig((path) => files[path], 'apps/api/tsconfig.json');
}

it('reads path options against the file that states them, and its own options before inherited ones', () => {
  const read = config({
    'apps/api/tsconfig.json': '{"extends": "../../tsconfig.base", "compilerOptions": {"rootDir": "./src"}}',
    'tsconfig.base.json':
      '{"compilerOptions": {"outDir": "build", "rootDir": ".", "strict": true}, "include": ["src"]}',
  });
  expect(read?.options).toEqual({ outDir: 'build', rootDir: 'apps/api/src', strict: true });
  expect(read?.include).toEqual(['src']);
  expect(read?.whole).toBe(true);
});

it('takes the last of several bases, and never references of a base', () => {
  const read = config({
    'apps/api/tsconfig.json': '{"extends": ["./a.json", "./b.json"], "references": [{"path": "../lib"}]}',
    'apps/api/a.json': '{"compilerOptions": {"outDir": "a", "noEmit": true}}',
    'apps/api/b.json': '{"compilerOptions": {"outDir": "b"}, "references": [{"path": "./other.json"}]}',
  });
  expect(read?.options).toEqual({ outDir: 'apps/api/b', noEmit: true });
  expect(read?.references).toEqual(['apps/lib/tsconfig.json']);
});

it('says where something it extends is not there', () => {
  expect(config({ 'apps/api/tsconfig.json': '{"extends": "@acme/base"}' })?.whole).toBe(false);
  expect(config({ 'apps/api/tsconfig.json': '{"extends": "@tsconfig/node22/tsconfig.json"}' })?.whole).toBe(true);
  expect(config({ 'apps/api/tsconfig.json': '{"extends": "./gone.json"}' })?.whole).toBe(false);
});

it('leaves a stand-in for a folder as it is written', () => {
  const read = config({ 'apps/api/tsconfig.json': '{"compilerOptions": {"outDir": "${configDir}/dist"}}' });
  expect(read?.options).toEqual({ outDir: '${configDir}/dist' });
});

it('reads comments and commas too many, and nothing of what is no object', () => {
  expect(config({ 'apps/api/tsconfig.json': '\uFEFF{ // a\n "include": ["src/*",], /* b */ }' })?.include).toEqual([
    'apps/api/src/*',
  ]);
  expect(config({ 'apps/api/tsconfig.json': '[]' })).toBeUndefined();
  expect(config({ 'apps/api/tsconfig.json': '{"extends": "./tsconfig.json"}' })?.whole).toBe(false);
});
