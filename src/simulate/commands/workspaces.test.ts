import { describe, expect, it } from 'vitest';
import { build } from './testing.ts';

const tsc = '{ "compilerOptions": { "outDir": "dist", "rootDir": "src" }, "include": ["src"] }';
const files = {
  'package.json':
    '{ "name": "all", "workspaces": ["apps/*", "packages/*"], "scripts": { "build": "turbo build", "web": "vite build" } }',
  'apps/api/package.json': '{ "name": "api", "scripts": { "build": "tsc" }, "dependencies": { "@all/db": "1" } }',
  'apps/api/tsconfig.json': tsc,
  'apps/api/src/index.ts': '',
  'apps/web/package.json': '{ "name": "web", "scripts": { "build": "vite build" } }',
  'apps/web/index.html': '',
  'packages/db/package.json': '{ "name": "@all/db", "scripts": { "build": "tsc" } }',
  'packages/db/tsconfig.json': tsc,
  'packages/db/src/index.ts': '',
};
const pnpm = {
  ...files,
  'package.json': '{ "name": "all", "scripts": { "build": "turbo run build" } }',
  'pnpm-workspace.yaml': "packages:\n  - 'apps/*'\n  - packages/* # shared\n",
};
const imageAfter = (command: string, tree: Record<string, string> = files) =>
  build(`FROM node:22\nWORKDIR /app\nCOPY . .\nRUN npm install && ${command}`, tree);
const outputs = (command: string, tree?: Record<string, string>) => {
  const image = imageAfter(command, tree);
  return ['apps/api', 'apps/web', 'packages/db'].map((folder) => image.at(`/app/${folder}/dist`)).join(' ');
};

describe('packages of one repository', () => {
  it('are built by turbo, those that a package needs with it', () => {
    expect(outputs('npx turbo run build')).toBe('present present present');
    expect(outputs('npx turbo build --filter=api')).toBe('present absent present');
    expect(outputs('npx turbo build --filter=web...')).toBe('absent present absent');
    expect(outputs('npm run build')).toBe('present present present');
  });

  it('are built by the package managers, only those that are named', () => {
    expect(outputs('npm run build -w api')).toBe('present absent absent');
    expect(outputs('npm run build --workspaces')).toBe('present present present');
    expect(outputs('yarn workspace web build')).toBe('absent present absent');
    expect(outputs('pnpm --filter @all/db build', pnpm)).toBe('absent absent present');
    expect(outputs('pnpm --filter api... run build', pnpm)).toBe('present absent present');
    expect(outputs('pnpm -r build', pnpm)).toBe('present present present');
  });

  it('keep what is known of them after an install', () => {
    const built = imageAfter('corepack enable && pnpm install && pnpm build', pnpm);
    expect(built.at('/app/apps/api/dist')).toBe('present');
    expect(built.at('/app/apps/api/node_modules/left-pad')).toBe('unknown');
    expect(built.at('/app/apps/docs')).toBe('absent');
  });

  it('are pruned to those that one needs', () => {
    const built = build(
      'FROM node:22 AS pruner\nWORKDIR /app\nCOPY . .\nRUN npx turbo prune api --docker\n' +
        'FROM node:22\nWORKDIR /app\nCOPY --from=pruner /app/out/json/ .\nRUN npm install\nCOPY --from=pruner /app/out/full/ .\nRUN npx turbo run build --filter=api...',
      files,
    );
    expect(built.breaks).toEqual([]);
    expect(built.at('/app/apps/api/src/index.ts')).toBe('present');
    expect(built.at('/app/apps/api/dist')).toBe('present');
    expect(built.at('/app/packages/db/dist')).toBe('present');
    expect(built.at('/app/apps/web')).toBe('absent');
  });

  it('that are not all known leave everything in doubt', () => {
    const strange = { ...pnpm, 'pnpm-workspace.yaml': 'packages: [apps/*]\n' };
    expect(imageAfter('pnpm -r build', strange).at('/app/apps/docs')).toBe('unknown');
    expect(outputs('pnpm --filter "[HEAD]" build', pnpm)).toBe('unknown unknown unknown');
  });
});
