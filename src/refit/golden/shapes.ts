import { parseDockerfile } from '../../dockerfile/parse.ts';
import { memoryRepo } from '../../repo/memory.ts';
import type { ImageInput, RefitInput } from '../input.ts';

/** Small applications as people write them: each is refitted, its Dockerfile read by a person, and built on an engine. */
export interface Shape {
  readonly name: string;
  readonly files: Readonly<Record<string, string>>;
  readonly image: Partial<Omit<ImageInput, 'dockerfile'>>;
  /** Absent: it can be built anywhere. Otherwise why it is only read. */
  readonly notBuilt?: string;
}

export const SHAPES: readonly Shape[] = [
  {
    name: 'python-pip',
    files: {
      'requirements.txt': '-r requirements/base.txt\n',
      'requirements/base.txt': 'itsdangerous==2.2.0\n',
      'app.py': `import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import itsdangerous


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200 if self.path == "/ping" else 404)
        self.end_headers()
        self.wfile.write(itsdangerous.__name__.encode())


ThreadingHTTPServer(("0.0.0.0", int(os.environ["PORT"])), Handler).serve_forever()
`,
      Dockerfile: `FROM python:3.12
ENV PIP_NO_CACHE_DIR=1
ENV PORT=5000
WORKDIR /srv/app

# what the operators want to read
RUN echo "ask for Ada" > /etc/motd; cat /etc/motd

COPY . /srv/app
RUN pip install --no-cache-dir -r requirements.txt

# runs on PORT
CMD python app.py --port $PORT
`,
    },
    image: { port: 5000, healthPath: '/ping' },
  },
  {
    name: 'python-uv-package',
    files: {
      'pyproject.toml': `[project]
name = "greeter"
version = "1.2.0"
requires-python = ">=3.12"
dependencies = ["itsdangerous==2.2.0"]

[project.scripts]
greeter = "greeter:main"

[build-system]
requires = ["setuptools>=77"]
build-backend = "setuptools.build_meta"
`,
      'uv.lock': `version = 1
revision = 3
requires-python = ">=3.12"

[[package]]
name = "greeter"
version = "1.2.0"
source = { editable = "." }
dependencies = [
    { name = "itsdangerous" },
]

[package.metadata]
requires-dist = [{ name = "itsdangerous", specifier = "==2.2.0" }]

[[package]]
name = "itsdangerous"
version = "2.2.0"
source = { registry = "https://pypi.org/simple" }
wheels = [
    { url = "https://files.pythonhosted.org/packages/04/96/92447566d16df59b2a776c0fb82dbc4d9e07cd95062562af01e408583fc4/itsdangerous-2.2.0-py3-none-any.whl", hash = "sha256:c6242fc49e35958c8b15141343aa660db5fc54d4f13a1db01a3f5891b98700ef" },
]
`,
      'src/greeter/__init__.py': `from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()


def main():
    ThreadingHTTPServer(("0.0.0.0", 8080), Handler).serve_forever()
`,
      Dockerfile: `FROM python:3.12-slim
WORKDIR /app
COPY --chown=1000:1000 . .
RUN pip install uv && uv sync --frozen
USER 1000
EXPOSE 8080
CMD ["uv", "run", "greeter"]
`,
    },
    image: { port: 8080 },
  },
  {
    name: 'python-poetry',
    files: {
      'pyproject.toml':
        '[tool.poetry]\nname = "shop"\nversion = "0.1.0"\n\n[tool.poetry.dependencies]\npython = "^3.12"\nflask = "^3.0"\n',
      'poetry.lock': '# made by poetry\n',
      'shop.py': 'print("shop")\n',
      Dockerfile: `FROM python:3.9-slim-bullseye
WORKDIR /code
RUN pip install poetry==1.8.3 && poetry config virtualenvs.create false
COPY pyproject.toml poetry.lock ./
RUN poetry install --no-dev --no-interaction
COPY . .
ENTRYPOINT ["poetry", "run"]
CMD ["python", "shop.py"]
`,
    },
    image: {},
    notBuilt: 'its lock file is none',
  },
  {
    name: 'node-express',
    files: {
      'package.json': `{
  "name": "tally",
  "version": "3.0.0",
  "description": "Counts things",
  "scripts": { "start": "node server.js", "test": "node --test" },
  "dependencies": { "ms": "2.1.3" }
}
`,
      'package-lock.json': `{
  "name": "tally",
  "version": "3.0.0",
  "lockfileVersion": 3,
  "requires": true,
  "packages": {
    "": { "name": "tally", "version": "3.0.0", "dependencies": { "ms": "2.1.3" } },
    "node_modules/ms": {
      "version": "2.1.3",
      "integrity": "sha512-6FlzubTLZG3J2a/NVCAleEhjzq5oxgHyaCU9yYXvcLsvoVaHJq/s5xXI6/XXP6tz7R9xAOtHnSO/tXtF3WRTlA==",
      "license": "MIT"
    }
  }
}
`,
      'server.js': `const ms = require('ms');
const server = require('node:http').createServer((request, response) => {
  response.statusCode = request.url === '/healthz' ? 200 : 404;
  response.end(ms(60000));
});
server.listen(3000, '0.0.0.0');
process.on('SIGTERM', () => server.close());
`,
      Dockerfile: `FROM node:16
# one folder for all
WORKDIR /usr/src/app
COPY . .
RUN npm install
ENV NODE_ENV=production
EXPOSE 3000
HEALTHCHECK --interval=30s CMD curl -f http://localhost:3000/ || exit 1
CMD npm start
`,
    },
    image: { port: 3000, healthPath: '/healthz', dataDirs: ['/var/lib/tally'] },
  },
  {
    name: 'node-build',
    files: {
      'package.json': `{
  "name": "built",
  "engines": { "node": ">=20 <23" },
  "scripts": { "build": "node build.js", "start": "node dist/server.js" },
  "devDependencies": { "ms": "2.1.3" }
}
`,
      'package-lock.json': `{
  "name": "built",
  "lockfileVersion": 3,
  "requires": true,
  "packages": {
    "": { "name": "built", "devDependencies": { "ms": "2.1.3" }, "engines": { "node": ">=20 <23" } },
    "node_modules/ms": {
      "version": "2.1.3",
      "integrity": "sha512-6FlzubTLZG3J2a/NVCAleEhjzq5oxgHyaCU9yYXvcLsvoVaHJq/s5xXI6/XXP6tz7R9xAOtHnSO/tXtF3WRTlA==",
      "dev": true,
      "license": "MIT"
    }
  }
}
`,
      'build.js': `require('ms');
const fs = require('node:fs');
fs.mkdirSync('dist', { recursive: true });
fs.writeFileSync('dist/server.js', "require('node:http').createServer((q, r) => r.end('built')).listen(4000, '0.0.0.0');");
`,
      Dockerfile: `FROM node:20-slim
WORKDIR /app
COPY package*.json ./
RUN npm ci
COPY . .
RUN npm run build
USER node
CMD ["npm", "run", "start"]
`,
    },
    image: { port: 4000 },
  },
  {
    name: 'page-own-nginx',
    files: {
      'package.json': '{ "name": "leaf", "version": "1.0.0", "scripts": { "build": "node build.js" } }\n',
      'package-lock.json':
        '{ "name": "leaf", "version": "1.0.0", "lockfileVersion": 3, "requires": true, "packages": { "": { "name": "leaf", "version": "1.0.0" } } }\n',
      'build.js': `const fs = require('node:fs');
fs.mkdirSync('build/assets', { recursive: true });
fs.writeFileSync('build/index.html', '<!doctype html><title>leaf</title>');
fs.writeFileSync('build/assets/a-1b2c3d4e.js', '');
`,
      'index.html': '<!doctype html><title>leaf</title>\n',
      'conf/nginx.conf': `user nginx;
worker_processes auto;
events { worker_connections 512; }
http {
  include /etc/nginx/mime.types;
  server {
    listen 80 default_server;
    root /usr/share/nginx/html;
    add_header X-Frame-Options SAMEORIGIN;
    location / { try_files $uri /index.html; }
  }
}
`,
      Dockerfile: `FROM node:22-alpine as builder
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci
COPY . .
RUN npm run build

FROM nginx:1.25-alpine
COPY conf/nginx.conf /etc/nginx/nginx.conf
COPY --from=builder /app/build /usr/share/nginx/html
RUN rm /etc/nginx/conf.d/default.conf
RUN date > /usr/share/nginx/html/built.txt
EXPOSE 80
CMD nginx -g 'daemon off;'
`,
    },
    image: {},
  },
];

/** The input for one shape: its Dockerfile is the only one, its context the whole repository. */
export function inputOf(
  files: Readonly<Record<string, string>>,
  image: Shape['image'],
): RefitInput & { readonly images: readonly [ImageInput] } {
  const dockerfile = parseDockerfile(files['Dockerfile'] ?? '', 'Dockerfile');
  return {
    repo: memoryRepo(files),
    images: [{ dockerfile, contextDir: '', ignoreFile: '.dockerignore', dataDirs: [], ...image }],
    stacks: [],
    today: '2026-11-21',
  };
}
