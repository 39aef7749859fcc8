import { expect, test } from 'vitest';
import { applyPlan } from '../plan/apply.ts';
import type { Repo } from '../repo/repo.ts';
import { inputOf, SHAPES, type Shape } from './golden/shapes.ts';
import { refit } from './refit.ts';

function refitted(shape: Pick<Shape, 'files' | 'image'>): Readonly<Record<string, string>> {
  const input = inputOf(shape.files, shape.image);
  return textsOf(applyPlan(input.repo, refit(input)).repo);
}

function textsOf(repo: Repo): Readonly<Record<string, string>> {
  return Object.fromEntries(repo.files().map((file) => [file, repo.text(file) ?? '']));
}

test.each(SHAPES)('the Dockerfile of $name reads as a person would have written it', async (shape) => {
  await expect(refitted(shape)['Dockerfile']).toMatchFileSnapshot(`golden/${shape.name}.Dockerfile`);
});

test.each(SHAPES)('refitting $name twice changes nothing', (shape) => {
  const once = refitted(shape);
  const input = inputOf(once, shape.image);
  const plan = refit(input);
  expect(plan.parts.map((part) => part.id)).toEqual([]);
  expect(plan.leftAlone).toEqual([]);
});

test.each(SHAPES)('every comment and every unknown step of $name is still there', (shape) => {
  const after = refitted(shape)['Dockerfile'] ?? '';
  for (const comment of (shape.files['Dockerfile'] ?? '').match(/^# .*$/gm) ?? []) expect(after).toContain(comment);
  for (const step of (shape.files['Dockerfile'] ?? '').match(/^RUN (echo|date) .*$/gm) ?? []) {
    expect(after).toMatch(/# carried over from line \d+: /);
    expect(after).toContain(step);
  }
});

const EXPRESS = SHAPES.find((shape) => shape.name === 'node-express')?.files ?? {};

test.each<[why: string, files: Readonly<Record<string, string>>]>([
  ['workspace', { 'pnpm-workspace.yaml': 'packages: [a]\n' }],
  ['postinstall script', { 'package.json': '{ "scripts": { "postinstall": "node patch.js" } }' }],
  ['Next.js', { 'package.json': '{ "dependencies": { "next": "16.0.0" } }' }],
  ['is a folder', { 'package.json': '{ "dependencies": { "shared": "file:../shared" } }' }],
  ['several package managers', { 'yarn.lock': '' }],
  ['package.json cannot be read', { 'package.json': '{ "name": ' }],
  ['several stages already', { Dockerfile: 'FROM node:24 AS a\nRUN npm ci\nFROM node:24\nCOPY . .\nCMD node a.js\n' }],
  [
    'base image comes from a build argument',
    { Dockerfile: 'ARG V=24\nFROM node:$V\nCOPY . .\nRUN npm ci\nCMD node a.js\n' },
  ],
  ['no writer', { Dockerfile: 'FROM golang:1.24\nCOPY . .\nRUN go build\nCMD ./a\n' }],
  ['ONBUILD', { Dockerfile: 'FROM node:24\nCOPY . .\nRUN npm ci\nONBUILD RUN true\nCMD node a.js\n' }],
  ['start command', { Dockerfile: 'FROM node:24\nCOPY . .\nRUN npm ci\nCMD node a.js | tee log\n' }],
  [
    'both Python and Node'.replace('both ', ''),
    { Dockerfile: 'FROM node:24\nCOPY . .\nRUN npm ci\nRUN pip install -r r.txt\nCMD node a.js\n' },
  ],
])('a Dockerfile that cannot be understood is left alone: %s', (why, files) => {
  const input = inputOf({ ...EXPRESS, ...files }, { port: 3000 });
  const plan = refit(input);
  expect(plan.leftAlone.map((item) => item.why).join()).toContain(why);
  expect(plan.parts.filter((part) => part.writes.some((write) => write.file === 'Dockerfile'))).toEqual([]);
});

test('safe parts alone change only lines that are at fault, and keep the rest byte for byte', () => {
  const input = inputOf(EXPRESS, { port: 3000, healthPath: '/healthz' });
  const after = applyPlan(input.repo, refit(input), { tiers: ['safe'] }).repo.text('Dockerfile');
  expect(after).toBe(
    (EXPRESS['Dockerfile'] ?? '')
      .replace(
        'CMD curl -f http://localhost:3000/ || exit 1',
        `CMD ["node", "-e", "fetch(\\"http://127.0.0.1:3000/healthz\\").then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]`,
      )
      .replace('CMD npm start', 'CMD ["npm", "start"]'),
  );
});

test('a Dockerfile with carriage returns keeps them', () => {
  const files = { ...EXPRESS, Dockerfile: (EXPRESS['Dockerfile'] ?? '').replaceAll('\n', '\r\n') };
  const after = refitted({ files, image: { port: 3000 } })['Dockerfile'] ?? '';
  expect(after.replaceAll('\r\n', '')).not.toContain('\n');
});

test('files with secrets stay out of the context, unless the code reads them', () => {
  const tier = (extra: Readonly<Record<string, string>>): string | undefined =>
    refit(inputOf({ ...EXPRESS, '.dockerignore': 'node_modules\n', ...extra }, { port: 3000 })).parts.find((part) =>
      part.id.startsWith('secrets:'),
    )?.tier;
  expect(tier({})).toBe('safe');
  expect(tier({ 'env.js': "require('dotenv').config();\n" })).toBe('unproven');
});

test('an ignore file that lists what is let in stays as it is', () => {
  const files = { ...EXPRESS, '.dockerignore': '*\n!server.js\n!package*.json\n' };
  expect(refitted({ files, image: { port: 3000 } })['.dockerignore']).toBe(files['.dockerignore']);
});
