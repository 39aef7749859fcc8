import { expect, test } from 'vitest';
import { applyPlan } from '../plan/apply.ts';
import { part } from '../plan/plan.ts';
import type { Repo } from '../repo/repo.ts';
import { inputOf, SHAPES, type Shape } from './golden/shapes.ts';
import type { RefitInput } from './input.ts';
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

const PIP = SHAPES.find((shape) => shape.name === 'python-pip')?.files ?? {};
const UV = SHAPES.find((shape) => shape.name === 'python-uv-package')?.files ?? {};

test('a manifest that only its own COPY brings into the image stays there, and a relative folder is made where it was', () => {
  const Dockerfile = `FROM python:3.12
RUN mkdir here
WORKDIR /app
COPY requirements.txt .
COPY requirements requirements
RUN pip install -r requirements.txt
COPY app.py .
CMD ["python", "app.py"]
`;
  const after = refitted({ files: { ...PIP, Dockerfile }, image: {} })['Dockerfile'] ?? '';
  expect(after.indexOf('RUN mkdir here')).toBeLessThan(after.indexOf('WORKDIR /app'));
  expect(after.slice(after.lastIndexOf('\nFROM '))).toContain(
    'COPY requirements.txt .\nCOPY requirements requirements\nCOPY app.py .',
  );
});

function withCompose(command: string, extra: Readonly<Record<string, string>> = {}): RefitInput {
  const files = {
    ...UV,
    ...extra,
    'compose.yml': `services:\n  app:\n    build: .\n    command: ${command} # as locked\n`,
  };
  const input = inputOf(files, { port: 8080 });
  const service = {
    name: 'app',
    dockerfile: 'Dockerfile',
    mounts: [],
    published: [],
    environment: [],
    networks: [],
    dependsOn: [],
  };
  return { ...input, stacks: [{ files: ['compose.yml'], production: true, services: [service] }] };
}

test('a compose command loses the runner that the image no longer has', () => {
  const input = withCompose('"uv run --frozen greeter"');
  expect(applyPlan(input.repo, refit(input)).repo.text('compose.yml')).toContain(
    '    command: "greeter" # as locked\n    read_only:',
  );
});

test.each<[what: string, input: RefitInput]>([
  ['a compose command', withCompose('["uv", "run", "greeter"]')],
  ['a start script', withCompose('greeter', { 'start.sh': 'exec uv run greeter\n' })],
])('an image keeps its installer while %s needs it', (_what, input) => {
  const plan = refit(input);
  expect(plan.leftAlone.map((item) => item.why).join()).toMatch(/installer/);
  expect(plan.parts.some((part) => part.id === 'dockerfile:Dockerfile')).toBe(false);
});

test('a stack that mounts the source is for development and is not hardened', () => {
  const input = withCompose('greeter');
  const mount = {
    type: 'bind',
    source: './src',
    target: '/app/src',
    readOnly: false,
    written: './src:/app/src',
    file: 'compose.yml',
  } as const;
  const stacks = input.stacks.map((stack) => ({
    ...stack,
    services: stack.services.map((service) => ({ ...service, mounts: [mount] })),
  }));
  const plan = refit({ ...input, stacks });
  expect(plan.leftAlone).toEqual([{ file: 'compose.yml', why: 'it is for development: app mounts the source' }]);
});

test('hardening keeps what a service has and says nothing twice', () => {
  const text = `x-common: &common
  restart: always
  logging: { driver: local }

services:
  app:
    <<: *common
    build: .   # here
    cap_add: [NET_BIND_SERVICE]
    deploy:
      resources:
        limits: { memory: 64M }
`;
  const input = withCompose('greeter', {});
  const repo = applyPlan(input.repo, {
    digest: '',
    leftAlone: [],
    parts: [part({ id: 'x', title: '', why: '', tier: 'safe', writes: [{ file: 'compose.yml', text }] })],
  }).repo;
  const after = applyPlan(repo, refit({ ...input, repo })).repo.text('compose.yml') ?? '';
  expect(after.startsWith(text.trimEnd())).toBe(true);
  expect(after.slice(text.length)).not.toMatch(/restart|logging|cap_drop|memory/);
  expect(after.slice(text.length)).toContain('    read_only: true\n');
});

test('a process without a handler for SIGTERM gets an init, a server that has one does not', () => {
  const hardened = (extra: Readonly<Record<string, string>>): string => {
    const input = withCompose('greeter', extra);
    return applyPlan(input.repo, refit(input)).repo.text('compose.yml') ?? '';
  };
  expect(hardened({})).toContain('    init: true\n');
  expect(hardened({ 'src/greeter/stop.py': 'signal.signal(signal.SIGTERM, stop)\n' })).not.toContain('init:');
});

test('a task that ends is not started again, a server is', () => {
  const text = `services:
  app:
    build: .
    depends_on:
      migrate:
        condition: service_completed_successfully
  migrate:
    build: .
  once:
    build: .
    command: greeter --once
`;
  const input = withCompose('greeter', {});
  const repo = applyPlan(input.repo, {
    digest: '',
    leftAlone: [],
    parts: [part({ id: 'x', title: '', why: '', tier: 'safe', writes: [{ file: 'compose.yml', text }] })],
  }).repo;
  const [first] = input.stacks.flatMap((stack) => stack.services);
  const services = ['app', 'migrate', 'once'].flatMap((name) => (first === undefined ? [] : { ...first, name }));
  const stacks = [{ files: ['compose.yml'], production: true, services }];
  const after = applyPlan(repo, refit({ ...input, repo, stacks })).repo.text('compose.yml') ?? '';
  const blocks = after.split(/\n {2}(?=\w)/);
  expect(blocks.map((block) => [block.slice(0, block.indexOf(':')), block.includes('restart:')])).toEqual([
    ['services', false],
    ['app', true],
    ['migrate', false],
    ['once', false],
  ]);
});
