import { expect, test } from 'vitest';
import { memoryRepo } from '../repo/memory.ts';
import { field } from './field.ts';
import { type ComposeOptions, loadCompose } from './load.ts';

function load(
  files: Readonly<Record<string, string>>,
  names: readonly string[] = ['compose.yml'],
  options: ComposeOptions = {},
) {
  return loadCompose(memoryRepo(files), names, options);
}

test('A service keeps what its base says and takes what its override says, with the places of both.', () => {
  const model = load(
    {
      'docker-compose.yml':
        'services:\n  web:\n    build: ./web\n    ports: ["8080:80"]\n    environment:\n      A: "1"\n      B: two\n    depends_on: [db]\n  db:\n    image: postgres:16\n    volumes: [data:/var/lib/postgresql/data]\nvolumes:\n  data:\n',
      'docker-compose.prod.yml':
        'services:\n  web:\n    ports: !override ["80:80"]\n    environment: [B=three]\n    depends_on:\n      db: {condition: service_healthy}\n  db:\n    image: postgres:17\n    healthcheck:\n      test: pg_isready\n      interval: 1m30s\n',
    },
    ['docker-compose.yml', 'docker-compose.prod.yml'],
  );
  expect(model.problems).toEqual([]);
  const web = model.services.get('web');
  const db = model.services.get('db');
  expect(web?.ports).toMatchObject([{ published: { known: true, value: '80' }, target: { value: 80 } }]);
  expect(web?.environment.entries.get('A')?.fact).toMatchObject({ known: true, value: '1' });
  expect(web?.environment.entries.get('B')).toMatchObject({
    fact: { known: true, value: 'three' },
    at: { file: 'docker-compose.prod.yml', line: 4 },
    replaced: [{ text: 'B=two', at: { file: 'docker-compose.yml', line: 7 } }],
  });
  expect(web?.dependsOn).toMatchObject([{ service: 'db', condition: { known: true, value: 'service_healthy' } }]);
  expect(web?.build?.dockerfile?.fact).toMatchObject({ value: { path: 'web/Dockerfile' } });
  expect(db?.image).toMatchObject({ fact: { value: 'postgres:17' }, replaced: [{ text: 'postgres:16' }] });
  expect(db?.healthcheck).toMatchObject({
    interval: { fact: { value: 90 } },
    test: { form: 'shell', fact: { value: ['pg_isready'] } },
  });
  expect(db && field(db, 'healthcheck.test')).toMatchObject({ file: 'docker-compose.prod.yml', line: 10, column: 13 });
  expect(db && field(db, 'healthcheck.retries')).toBeUndefined();
});

test('An empty list resets nothing.', () => {
  const model = load({ a: 'services: {s: {image: x, ports: ["1:1"]}}', b: 'services: {s: {ports: []}}' }, ['a', 'b']);
  expect(model.services.get('s')?.ports).toHaveLength(1);
});

test('A variable without value makes only its part of a text unknown.', () => {
  const model = load({
    'compose.yml':
      'services:\n  s:\n    image: "app:${TAG:?set it}"\n    ports: ["${PORT}:80"]\n    volumes: ["${DIR}/data:/var/lib"]\n    environment: {A: "${X:-one}", B: "${Y}"}\n',
  });
  const service = model.services.get('s');
  expect(service?.image?.fact).toMatchObject({
    known: false,
    why: 'TAG is required and has no value in the repository',
  });
  expect(service?.ports).toMatchObject([{ target: { known: true, value: 80 }, published: { known: false } }]);
  expect(service?.volumes).toMatchObject([
    { target: { fact: { known: true, value: '/var/lib' } }, type: { known: false } },
  ]);
  expect(service?.environment.entries.get('A')?.fact).toMatchObject({
    known: true,
    value: 'one',
    because: [{}, { kind: 'default' }],
  });
  expect(service?.environment.entries.get('B')?.fact).toMatchObject({
    known: false,
    why: 'Y is set by nothing in the repository',
  });
  expect(model.variables.map((variable) => [variable.name, variable.required])).toEqual([
    ['DIR', false],
    ['PORT', false],
    ['TAG', true],
    ['X', false],
    ['Y', false],
  ]);
  expect(model.problems).toEqual([]);
});

test('An env file with an example beside it is missing by design, and a default that the example contradicts is not known.', () => {
  const model = load({
    'compose.yml':
      'services:\n  s:\n    image: x\n    environment: {A: "${A}", B: "${B:-8000}", C: "${C:-7}"}\n    env_file: [.env, app.env]\n',
    '.env.example': 'A=\nB=9000\nC=7\n',
  });
  expect(model.missingByDesign).toEqual([{ file: '.env', sign: '.env.example stands beside it' }]);
  const service = model.services.get('s');
  expect(service?.environment.entries.get('A')?.fact).toMatchObject({
    known: false,
    why: expect.stringContaining('kept out of the repository on purpose'),
  });
  expect(service?.environment.entries.get('B')?.fact).toMatchObject({
    known: false,
    why: expect.stringContaining('another value in the example'),
  });
  expect(service?.environment.entries.get('C')?.fact).toMatchObject({ known: true, value: '7' });
  expect(service?.envFiles).toMatchObject([{ state: 'by-design', example: '.env.example' }, { state: 'missing' }]);
  expect(service?.environment.open).toHaveLength(2);
  expect(model.problems).toMatchObject([{ kind: 'missing-env-file', service: 's', at: { line: 5, column: 22 } }]);
});

test('The environment wins over .env, and the reason names the file that sets a value.', () => {
  const files = { 'deploy/compose.yml': 'services: {s: {image: "x:${TAG}"}}\n', 'deploy/.env': 'OTHER=1\nTAG=2\n' };
  expect(load(files, ['deploy/compose.yml']).services.get('s')?.image?.fact).toMatchObject({
    value: 'x:2',
    because: [{}, { at: { file: 'deploy/.env', line: 2 } }],
  });
  const shell = load(files, ['deploy/compose.yml'], { env: new Map([['TAG', '3']]) });
  expect(shell.services.get('s')?.image?.fact).toMatchObject({ value: 'x:3' });
});

test('An unquoted message with a colon is named at its place, and the rest of the file is still read.', () => {
  const model = load({
    'compose.yml':
      'services:\n  s:\n    image: x\n    environment:\n      - KEY=${KEY:?error: set KEY}\n      - B=2\n  t: {image: y}\n',
  });
  expect(model.problems).toMatchObject([
    { kind: 'not-yaml', at: { line: 5, column: 25 }, remedy: 'quote the whole value', effect: 'refused' },
  ]);
  expect([...model.services.keys()]).toEqual(['s', 't']);
  expect(model.services.get('s')?.environment.entries.get('B')?.fact).toMatchObject({ value: '2' });
  expect(model.gaps).toEqual([]);
});

test('A colon in a quoted value, a block text or a comment is no fault.', () => {
  const model = load({
    'compose.yml':
      'services:\n  s:\n    image: x\n    environment:\n      A: "${A:?error: a}"\n      # ${B:?error: b}\n    command: |\n      echo ${C:-x: y}\n',
  });
  expect(model.problems).toEqual([]);
});

test('One broken file leaves a gap instead of false accusations.', () => {
  const model = load({ 'compose.yml': 'services:\n  s:\n    image: x\n    depends_on: [db]\n  db:\n   image: [\n' });
  expect(model.problems.map((problem) => problem.kind)).toEqual(['not-yaml']);
  expect(model.gaps).toHaveLength(1);
});

test('What Compose would refuse is named with its place and what would be valid.', () => {
  const model = load({
    'compose.yml':
      'services:\n  api:\n    image: x\n    enviroment: {A: 1}\n    ports: "80:80"\n    depends_on: [bd]\n    networks: [bakc]\n    volumes: ["date:/d"]\n    secrets: [s]\n    healthcheck: {interval: 30}\n    read_only: maybe\n    image: y\n  db: {image: z}\nnetworks: {back: }\nvolumes: {data: }\n',
  });
  const said = model.problems.map(
    (problem) =>
      `${problem.at.line} ${problem.kind}: ${problem.text}${problem.remedy === undefined ? '' : ` (${problem.remedy})`}`,
  );
  expect(said).toEqual([
    '12 duplicate-key: image is already defined at line 3 (keep one of the two)',
    '11 wrong-type: services.api.read_only must be true or false, not "maybe"',
    '4 unknown-key: services.api.enviroment is no key that Compose knows (did you mean environment?)',
    '5 wrong-type: services.api.ports must be a list',
    '10 wrong-type: services.api.healthcheck.interval must be a text',
    '6 undefined-service: api depends on bd, which is no service (did you mean db?)',
    '7 undefined-network: api joins bakc, which is no network of this stack (did you mean back?)',
    '8 undefined-volume: api mounts date, which is no volume of this stack (did you mean data?)',
    '9 undefined-secret: api uses s, which is not defined',
  ]);
});

test('A cycle of extends, of includes and of anchors ends with a message.', () => {
  const model = load({
    'compose.yml':
      'include: [other.yml]\nservices:\n  a: {extends: b, image: x}\n  b: {extends: a}\n  c: &c {image: x, labels: {<<: *c}}\n',
    'other.yml': 'include: [compose.yml]\nservices: {o: {image: x}}\n',
  });
  const kinds = new Set(model.problems.map((problem) => problem.kind));
  expect([...kinds].sort()).toEqual(['extends', 'include', 'not-yaml']);
});

test('Aliases that multiply stop at a limit.', () => {
  const levels = Array.from({ length: 12 }, (_, i) => `x${i + 1}: &x${i + 1} [${Array(10).fill(`*x${i}`).join(', ')}]`);
  const model = load({ 'compose.yml': `x0: &x0 [a, b]\n${levels.join('\n')}\nservices: {s: {image: x}}\n` });
  expect(model.problems.map((problem) => problem.kind)).toContain('too-large');
});

test('A file nested more deeply than a parser bears is ours to be said, not called broken.', () => {
  const deep = '['.repeat(5000) + ']'.repeat(5000);
  const model = load({ 'compose.yml': `services: {s: {image: x, x-deep: ${deep}}}\n` });
  expect(model.problems.map((problem) => [problem.kind, problem.text])).toEqual([
    ['too-large', 'nested more deeply than Plimsoll reads'],
  ]);
});

test('A build argument without value is not known, and a context outside the repository is not either.', () => {
  const service = load({
    'compose.yml': 'services:\n  s:\n    build: {context: ../other, args: [A, B=1]}\n',
  }).services.get('s');
  expect(service?.build?.context.fact).toMatchObject({
    known: false,
    why: 'the context ../other lies outside the repository',
  });
  expect(service?.build?.dockerfile?.fact.known).toBe(false);
  expect(service?.build?.args.get('A')?.fact.known).toBe(false);
  expect(service?.build?.args.get('B')?.fact).toMatchObject({ value: '1' });
});

test('Services of other profiles stay in the model, inactive.', () => {
  const model = load({ 'compose.yml': 'services:\n  a: {image: x}\n  b: {image: x, profiles: [debug]}\n' });
  expect([...model.services.values()].map((service) => service.active)).toEqual([true, false]);
  expect(
    load({ 'compose.yml': 'services: {b: {image: x, profiles: [debug]}}' }, ['compose.yml'], {
      profiles: ['debug'],
    }).services.get('b')?.active,
  ).toBe(true);
});

test('Any text is read without an exception.', () => {
  const seed =
    'services:\n  a: &a\n    image: ${X:-y}\n    <<: *b\n    ports: ["80:80", {target: 1}]\n    environment: [A=1]\nvolumes: {v: }\n';
  let state = 7;
  const random = (below: number) => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return state % below;
  };
  const pieces = [
    '{',
    '}',
    '[',
    ']',
    ':',
    ' ',
    '\n',
    '- ',
    '*a',
    '&a ',
    '!reset ',
    '${',
    '"',
    "'",
    '\t',
    '\u0000',
    '<<: ',
    '|\n',
    '? ',
    '# ',
    '---\n',
  ];
  for (let round = 0; round < 400; round++) {
    let text = seed;
    for (let edit = 0; edit < 4; edit++) {
      const at = random(text.length + 1);
      text = text.slice(0, at) + (pieces[random(pieces.length)] ?? '') + text.slice(at + random(3));
    }
    expect(load({ 'compose.yml': text }).files).toEqual(['compose.yml']);
  }
});
