import { expect, test } from 'vitest';
import { parseDockerfile } from '../dockerfile/parse.ts';
import { memoryRepo } from '../repo/memory.ts';
import { openContext } from './context/open-context.ts';
import { simulate } from './simulate.ts';

function commandAfter(dockerfile: string, files: Record<string, string>, command: string): string {
  const repo = memoryRepo({ Dockerfile: dockerfile, ...files });
  const trace = simulate({
    dockerfile: parseDockerfile(dockerfile, 'Dockerfile'),
    context: openContext(repo, '', 'Dockerfile'),
  });
  const found = trace?.final.command(command);
  return found?.known === true ? found.value : 'unknown';
}

const PACKAGE = JSON.stringify({
  scripts: { one: 'node -e x > ./version.ts', two: 'pnpm run one && tsc && resolve-tspaths' },
  devDependencies: { typescript: '1' },
});

test('a tool that was installed is not absent after branches of which one is in doubt', () => {
  const dockerfile =
    'FROM node:20-alpine\nRUN npm install -g pnpm\nWORKDIR /app\nCOPY package.json .\nRUN pnpm run two\n';
  expect(commandAfter(dockerfile, { 'package.json': PACKAGE }, 'pnpm')).toBe('unknown');
});

test('branches that are modelled keep what the base is known to lack', () => {
  expect(commandAfter('FROM python:3.12-slim\nRUN mkdir /a || mkdir /b\n', {}, 'curl')).toBe('absent');
});
