import { describe, expect, it } from 'vitest';
import { build } from './testing.ts';

const manifest = JSON.stringify({
  name: 'web',
  version: '1.0.0',
  scripts: { build: 'tsc --noEmit && vite build', start: 'node server.js', all: 'npm run build' },
  dependencies: { express: '^4' },
  devDependencies: { vite: '^5', typescript: '^5' },
});
const lock = JSON.stringify({
  name: 'web',
  lockfileVersion: 3,
  packages: {
    '': { name: 'web' },
    'node_modules/express': { version: '4.0.0' },
    'node_modules/semver': { version: '7.0.0', bin: { semver: 'bin/semver.js' } },
    'node_modules/vite': { version: '5.0.0', dev: true, bin: { vite: 'bin/vite.js' } },
    'node_modules/typescript': { version: '5.0.0', dev: true, bin: { tsc: 'bin/tsc', tsserver: 'bin/tsserver' } },
  },
});
const files = {
  'package.json': manifest,
  'package-lock.json': lock,
  'index.html': '',
  'tsconfig.json': '{}',
  'vite.config.ts': 'export default {}',
};
const said = (dockerfile: string, more: Record<string, string> = files) =>
  build(dockerfile, more).breaks.map((item) => `${item.kind}: ${item.subject}`);
const head = 'FROM node:22-slim\nWORKDIR /app\n';

describe('npm', () => {
  it('ci installs what the lock file says, and a build lands in dist', () => {
    const built = build(`${head}COPY . .\nRUN npm ci && npm run build`, files);
    expect(built.breaks).toEqual([]);
    expect(built.at('/app/node_modules/.bin/vite')).toBe('present');
    expect(built.at('/app/node_modules/.bin/webpack')).toBe('absent');
    expect(built.at('/app/node_modules/left-pad')).toBe('unknown');
    expect(built.at('/app/dist/index.html')).toBe('present');
    expect(built.at('/app/build')).toBe('absent');
  });

  it('ci stops without a lock file, with the reasons', () => {
    expect(said(`${head}COPY package.json .\nRUN npm ci`)).toEqual(['lockfile-missing: /app/package-lock.json']);
    expect(said(`${head}COPY package*.json ./\nRUN npm ci`)).toEqual([]);
    expect(said(`${head}COPY . .\nRUN npm ci`, { ...files, '.dockerignore': 'package-lock.json\n' })).toEqual([
      'lockfile-missing: /app/package-lock.json',
    ]);
    expect(said('FROM mycorp/node\nWORKDIR /app\nRUN npm ci')).toEqual([]);
    expect(
      said(
        `${head}RUN --mount=type=bind,source=package.json,target=package.json --mount=type=bind,source=package-lock.json,target=package-lock.json npm ci`,
      ),
    ).toEqual([]);
  });

  it('a build misses development dependencies that the install left out', () => {
    expect(said(`${head}COPY . .\nRUN npm ci --omit=dev && npm run build`)).toEqual(['dev-dependency-absent: tsc']);
    expect(said(`${head}ENV NODE_ENV=production\nCOPY . .\nRUN npm ci\nRUN npm run all`)).toEqual([
      'dev-dependency-absent: tsc',
    ]);
    expect(said(`${head}ENV NODE_ENV=production\nCOPY . .\nRUN npm ci --include=dev && npm run build`)).toEqual([]);
    expect(said(`${head}ARG M\nENV NODE_ENV=$M\nCOPY . .\nRUN npm ci && npm run build`)).toEqual([]);
  });

  it('stops for missing scripts, manifests and a missing WORKDIR', () => {
    expect(said(`${head}COPY . .\nRUN npm run nope`)).toEqual(['script-missing: nope']);
    expect(said(`${head}COPY . .\nRUN npm run nope --if-present`)).toEqual([]);
    expect(said(`${head}RUN npm install`)).toEqual(['manifest-missing: /app/package.json']);
    expect(said('FROM node:22-slim\nRUN npm install express')).toEqual(['workdir-is-root: /']);
    const nameless = { 'package.json': '{"dependencies":{}}' };
    expect(said('FROM node:22-slim\nCOPY package.json .\nRUN npm install', nameless)).toEqual(['workdir-is-root: /']);
    // With a name it works.
    expect(said('FROM node:22-slim\nCOPY package.json .\nRUN npm install')).toEqual([]);
  });

  it('installs tools globally, not for users without rights', () => {
    expect(build('FROM node:22-slim\nRUN npm install -g serve@14 typescript').command('tsc')).toBe('present');
    expect(said('FROM node:22-slim\nUSER node\nRUN npm install -g serve')).toEqual([
      'permission-denied: /usr/local/lib/node_modules/x',
    ]);
  });
});

describe('the other managers', () => {
  it('stop without a lock file only where they really do', () => {
    expect(said(`${head}RUN corepack enable\nCOPY package.json .\nRUN pnpm install --frozen-lockfile`)).toEqual([
      'lockfile-missing: /app/pnpm-lock.yaml',
    ]);
    expect(said(`${head}COPY package.json .\nRUN yarn install --frozen-lockfile`)).toEqual([]);
    const berry = { 'package.json': JSON.stringify({ name: 'a', packageManager: 'yarn@4.1.0' }) };
    expect(said(`${head}RUN corepack enable\nCOPY package.json .\nRUN yarn install --immutable`, berry)).toEqual([
      'lockfile-missing: /app/yarn.lock',
    ]);
  });

  it('corepack is gone from Node 26', () => {
    expect(said('FROM node:26-slim\nRUN corepack enable')).toEqual(['command-missing: corepack']);
  });
});

describe('builders', () => {
  const out = (script: string, more: Record<string, string>) =>
    build(`${head}COPY . .\nRUN ${script}`, { 'package.json': '{"name":"x","scripts":{}}', ...more });
  it('put their output where their configuration says', () => {
    expect(
      out('npx vite build', { 'vite.config.js': "export default { build: { outDir: 'public/app' } }" }).at(
        '/app/public/app/x',
      ),
    ).toBe('unknown');
    expect(
      out('npx vite build', { 'vite.config.js': "export default { build: { outDir: 'public/app' } }" }).at('/app/dist'),
    ).toBe('absent');
    expect(
      out('npx vite build', { 'vite.config.js': 'export default { build: { outDir: process.env.OUT } }' }).at(
        '/app/dist',
      ),
    ).toBe('unknown');
    expect(
      out('npx next build', { 'next.config.js': "module.exports = { output: 'standalone' }" }).at(
        '/app/.next/standalone/server.js',
      ),
    ).toBe('present');
    expect(out('npx next build', { 'next.config.js': 'module.exports = {}' }).at('/app/.next/standalone')).toBe(
      'absent',
    );
    expect(
      out('npx tsc -p .', { 'tsconfig.json': '{ // c\n "compilerOptions": { "outDir": "./lib" } }' }).at('/app/lib'),
    ).toBe('present');
  });
});
