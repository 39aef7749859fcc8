import { describe, expect, test } from 'vitest';
import { isMeasure } from '../measure/names.ts';
import { applyPlan } from '../plan/apply.ts';
import type { Plan } from '../plan/plan.ts';
import { inputOf, SHAPES } from './golden/shapes.ts';
import type { ImageInput, MountInput, RefitInput, ServiceInput } from './input.ts';
import { refit } from './refit.ts';

// Shapes that public repositories have, in words of our own.
type Files = Readonly<Record<string, string>>;
type About = Partial<Omit<ImageInput, 'dockerfile'>>;

function textsAfter(input: RefitInput, plan: Plan = refit(input)): (file: string) => string {
  const { repo } = applyPlan(input.repo, plan);
  return (file) => repo.text(file) ?? '';
}

const dockerfileAfter = (Dockerfile: string, files: Files = {}, about: About = {}): string =>
  textsAfter(inputOf({ 'requirements.txt': 'flask\n', ...files, Dockerfile }, about))('Dockerfile');

const TWO_LANGUAGES = `FROM node:20-slim AS page
WORKDIR /page
COPY page/package.json page/package-lock.json ./
RUN npm ci
COPY page .
RUN npm run build

FROM python:3.12-slim-bookworm
WORKDIR /app
COPY requirements.txt .
RUN pip install -r requirements.txt
COPY api api
COPY --from=page /page/dist static
EXPOSE 8000
CMD uvicorn api:app --host 0.0.0.0 --port \${PORT:-8000}
`;

describe('a Dockerfile whose stages stay as they are', () => {
  test('gets a user, a health check and a base that is still mended, and keeps every step', () => {
    const after = dockerfileAfter(TWO_LANGUAGES, {}, { port: 8000, healthPath: '/health' });
    for (const line of TWO_LANGUAGES.split('\n').filter((item) => !/^(FROM node|CMD)/.test(item)))
      expect(after).toContain(line);
    expect(after).toContain('FROM node:24-slim AS page');
    expect(after).toMatch(/COPY --from=page .*\n\nRUN groupadd .*\nUSER 10001:10001\nENV HOME=\/tmp\n\nHEALTHCHECK/);
    expect(after).toContain('CMD ["sh", "-c", "exec uvicorn api:app --host 0.0.0.0 --port ${PORT:-8000}"]');
  });

  test('is not changed a second time', () => {
    const about = { port: 8000 };
    const once = dockerfileAfter(TWO_LANGUAGES, {}, about);
    expect(dockerfileAfter(once, {}, about)).toBe(once);
  });

  test.each([
    ['packages lie in the home of root', 'COPY --from=page /root/.local /root/.local\n'],
    ['another base decides', 'FROM page\n'],
    ['it has a user', 'USER web\n'],
  ])('keeps its user where %s', (_why, line) => {
    const text = TWO_LANGUAGES.replace('EXPOSE 8000\n', line);
    expect(dockerfileAfter(text, {}, {})).not.toContain('USER 10001');
  });

  test('keeps a Python that its paths name', () => {
    const text = TWO_LANGUAGES.replace('python:3.12-slim-bookworm', 'python:3.9-slim').replace(
      'COPY --from=page /page/dist static',
      'COPY --from=page /usr/local/lib/python3.9/site-packages /usr/local/lib/python3.9/site-packages',
    );
    expect(dockerfileAfter(text)).toContain('FROM python:3.9-slim\n');
  });
});

test.each([
  ['python:3.12-slim-bookworm', 'python:3.12-slim-bookworm'],
  ['python:3.12-slim-bullseye', 'python:3.12-slim'],
  ['python:3.12.1-slim-buster', 'python:3.12.1-slim'],
  ['python:3.9-alpine3.16', 'python:3.12-alpine'],
  ['node:22-slim', 'node:22-slim'],
  ['node:18.20.1-bookworm-slim', 'node:24-bookworm-slim'],
  ['node:22-bullseye', 'node:22-trixie'],
])('a base that is still mended stays, long-term support included: %s becomes %s', (before, after) => {
  const text = `FROM ${before}\nCOPY a.txt /\nFROM ${before}\nWORKDIR /app\nRUN ${before.startsWith('node') ? 'npm ci' : 'pip install -r requirements.txt'}\nCOPY . .\nCMD ["true"]\n`;
  expect(dockerfileAfter(text)).toContain(`FROM ${after}\n`);
});

test.each([
  ['CMD ["sh", "-c", "migrate && serve --port $PORT"]', 'CMD ["sh", "-c", "migrate && exec serve --port $PORT"]'],
  ['CMD ["bash", "-c", "exec serve $X"]', 'CMD ["bash", "-c", "exec serve $X"]'],
  ['CMD ["sh", "-c", "MODE=fast serve $X"]', 'CMD ["sh", "-c", "MODE=fast serve $X"]'],
  ['CMD ["sh", "-c", "serve & wait"]', 'CMD ["sh", "-c", "serve & wait"]'],
])('%s becomes %s', (before, after) => {
  expect(dockerfileAfter(`${TWO_LANGUAGES.slice(0, TWO_LANGUAGES.indexOf('CMD'))}${before}\n`)).toContain(after);
});

test('comments keep their form and go with their steps; a step that everybody understands is not marked', () => {
  const after = dockerfileAfter(`##########
# SERVER #
##########
FROM python:3.12-slim
WORKDIR /app
# for the database
RUN apt-get update \\
  && apt-get install -y libpq5 \\
  && rm -rf /var/lib/apt/lists/*
# what it needs
COPY requirements.txt .
RUN pip install -r requirements.txt
COPY . .
CMD ["python", "a.py"]
`);
  expect(after.startsWith('##########\n# SERVER #\n##########\nFROM')).toBe(true);
  expect(after).toContain('# what it needs\n# a layer of its own');
  expect(after).not.toContain('does not know what it does');
});

const PAGE = {
  'package.json': '{ "name": "page", "devDependencies": { "vite": "7.0.0" } }',
  'package-lock.json': '{ "lockfileVersion": 3, "packages": {} }',
  'conf/conf.d/default.conf': `server {
  listen 80;
  location / {
    root /usr/share/nginx/html;
    try_files $uri /index.html;
  }
}
`,
  Dockerfile: `FROM node:24 AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci
ARG VITE_API
ENV VITE_API=$VITE_API
# all of it
COPY . .
RUN vite build
FROM nginx:alpine
RUN rm -rf /etc/nginx/conf.d
COPY conf /etc/nginx
COPY --from=build /app/dist /usr/share/nginx/html
# the web
EXPOSE 80
`,
};

describe('a page whose configuration comes in a folder', () => {
  const refitted = textsAfter(inputOf(PAGE, {}));

  test('has that configuration changed, and the headers beside the folder, which nginx reads as a whole', () => {
    expect(refitted('conf/conf.d/default.conf')).toContain('  listen 8080;\n');
    expect(refitted('Dockerfile')).toContain(
      'COPY conf /etc/nginx\nCOPY nginx-security-headers.conf /etc/nginx/security-headers.conf\n',
    );
    expect(refitted('nginx.conf')).toBe('');
  });

  test('gives new locations the root that only the first one has, in the indent of the file', () => {
    expect(refitted('conf/conf.d/default.conf')).toContain('  location /assets/ {\n    root /usr/share/nginx/html;\n');
  });

  test('keeps the order of its steps and the comments above them', () => {
    expect(refitted('Dockerfile')).toMatch(/ENV VITE_API=\$VITE_API\n\n# all of it\nCOPY \. \.\n\nRUN vite build\n/);
    expect(refitted('Dockerfile')).toContain('# the web\nEXPOSE 8080');
  });
});

test.each<[string, Files]>([
  ['the bundler is another', { 'package.json': '{ "name": "page", "devDependencies": { "@angular/cli": "20.0.0" } }' }],
  ['the author keeps files there', { 'public/assets/config.json': '{}' }],
  ['the names are set', { 'vite.config.ts': "export default { build: { assetsDir: 'x' } }" }],
])('assets are not cached for ever where %s', (_why, files) => {
  const refitted = textsAfter(inputOf({ ...PAGE, ...files }, {}));
  expect(refitted('conf/conf.d/default.conf')).not.toContain('immutable');
});

test.each<[string, string, Files]>([
  ['a page that is built beforehand', 'dist', { Dockerfile: `${PAGE.Dockerfile}COPY ./dist /old\n` }],
  ['a history that a version is read from', '.git', { 'package.json': '{ "scripts": { "v": "git describe" } }' }],
])('the ignore file lets through %s', (_what, pattern, files) => {
  const lines = textsAfter(inputOf({ ...PAGE, ...files }, {}))('.dockerignore').split('\n');
  expect(lines).toContain('coverage');
  expect(lines).not.toContain(pattern);
});

const PIP = SHAPES.find((shape) => shape.name === 'python-pip')?.files ?? {};

function mounted(source: string, about: About = {}): RefitInput {
  const files = { ...PIP, 'data/.gitkeep': '', 'compose.yml': 'services:\n  app:\n    build: .\n' };
  const mount: MountInput = {
    type: 'bind',
    source,
    target: '/app/data',
    readOnly: false,
    written: `${source}:/app/data`,
    file: 'compose.yml',
  };
  const service: ServiceInput = {
    name: 'app',
    dockerfile: 'Dockerfile',
    mounts: [mount],
    published: [],
    environment: [],
    networks: [],
    dependsOn: [],
  };
  return { ...inputOf(files, about), stacks: [{ files: ['compose.yml'], production: false, services: [service] }] };
}

test('a folder of data is not the source: the stack is hardened, and the folder keeps its owner', () => {
  const refitted = textsAfter(mounted('./data', { hostFolders: ['./data'] }));
  expect(refitted('compose.yml')).toContain('    cap_add:\n      # it writes to folders of the host');
  expect(refitted('Dockerfile')).toContain(' AS build');
  expect(refitted('Dockerfile')).not.toContain('USER');
});

test.each(['.', './', './app.py'])('a mount of %s is the source', (source) => {
  expect(refit(mounted(source)).leftAlone).toEqual([
    { file: 'compose.yml', why: 'it is for development: app mounts the source' },
  ]);
});

test('the Dockerfile that only a desk uses stays where another one builds for production', () => {
  const desk = mounted('.');
  const [image] = desk.images;
  const [stack] = desk.stacks;
  const [service] = stack?.services ?? [];
  if (image === undefined || service === undefined) throw new Error('the shape has one image and one service');
  const file = 'Dockerfile.prod';
  const production = { ...image, dockerfile: { ...image.dockerfile, file } };
  const plan = refit({
    ...desk,
    images: [image, production],
    stacks: [
      ...desk.stacks,
      { files: ['compose.prod.yml'], production: true, services: [{ ...service, dockerfile: file, mounts: [] }] },
    ],
  });
  expect(plan.leftAlone.map((item) => item.file)).toContain('Dockerfile');
  expect(plan.parts.map((item) => item.id)).toContain(`dockerfile:${file}`);
  expect(plan.parts.map((item) => item.id)).not.toContain('dockerfile:Dockerfile');
});

test('every measure that a part asks for is one that prove takes', () => {
  const inputs = [
    ...SHAPES.map((shape) => inputOf(shape.files, shape.image)),
    inputOf({ 'requirements.txt': '', Dockerfile: TWO_LANGUAGES }, { port: 8000 }),
    inputOf(PAGE, {}),
    mounted('./data'),
  ];
  const names = inputs.flatMap((input) => refit(input).parts.flatMap((item) => item.mustMeasure));
  expect(names.length).toBeGreaterThan(20);
  expect(names.filter((name) => !isMeasure(name))).toEqual([]);
});

test('a page that moves to another port goes only with what publishes it', () => {
  const files = { ...PAGE, 'compose.yml': 'services:\n  page:\n    build: .\n    ports:\n      - "80:80"\n' };
  const service = { name: 'page', dockerfile: 'Dockerfile', mounts: [], environment: [], networks: [], dependsOn: [] };
  const services = [{ ...service, published: [{ host: '80', container: 80 }] }];
  const input = { ...inputOf(files, {}), stacks: [{ files: ['compose.yml'], production: true, services }] };
  const page = refit(input).parts.find((item) => item.id.startsWith('page:'));
  expect(page?.needs).toContain('harden:compose.yml');
  expect(page?.mustMeasure).toContain('front.index');
  expect(page?.mustMeasure).not.toContain('front.api');
  expect(textsAfter(input)('compose.yml')).toContain('"80:8080"');
});

test.each([
  ['CMD ["/app/start.sh"]', false],
  ['CMD python app.py', true],
])('%s has to be shown to stop when its form changes: %s', (command, shown) => {
  const Dockerfile = `FROM python:3.12-slim\nWORKDIR /app\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\nCOPY . .\n${command}\n`;
  const plan = refit(inputOf({ 'requirements.txt': 'flask\n', 'app.py': '', Dockerfile }, {}));
  const stages = plan.parts.find((item) => item.id === 'dockerfile:Dockerfile');
  expect(stages?.mustMeasure.includes('service.stop.code')).toBe(shown);
  expect(stages?.mustMeasure).toContain('service.starts');
});
