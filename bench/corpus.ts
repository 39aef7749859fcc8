import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** How many files of which kind a generated repository has. */
export interface Shape {
  readonly files: number;
  readonly dockerfiles: number;
  readonly yaml: number;
  /** Source files of each service that its entry reaches. */
  readonly modules: number;
}

/** Writes a repository of services (FastAPI and Express by turns) with compose files, workflows, manifests of Kubernetes, and
 * files that no container needs. The same shape gives the same bytes. Returns how many files were written. */
export function writeCorpus(folder: string, shape: Shape): number {
  const files = new Map<string, string>();
  const names = Array.from({ length: shape.dockerfiles }, (_, i) => `service${i}`);
  for (const [index, name] of names.entries())
    for (const [path, text] of index % 2 === 0 ? fastapi(name, shape.modules) : express(name, shape.modules))
      files.set(`${name}/${path}`, text);
  files.set('compose.yaml', compose(names));
  for (let i = 1; i < shape.yaml; i++) {
    const name = names[i % names.length] ?? 'service0';
    if (i % 5 === 1) files.set(`.github/workflows/flow${i}.yml`, workflow(name, i));
    else if (i % 5 === 2) files.set(`${name}/compose${i}.yaml`, compose([name], '.'));
    else files.set(`deploy/${name}-${i}.yaml`, deployment(name, i));
  }
  files.set('README.md', '# Generated\n\n```sh\ndocker compose up --build\n```\n');
  for (let i = 0; files.size < shape.files; i++) files.set(`packages/p${i % 40}/src/part${i}.ts`, library(i));
  for (const [path, text] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return files.size;
}

function fastapi(name: string, modules: number): [string, string][] {
  const parts = Array.from({ length: modules }, (_, i) => i);
  const router = (i: number) => `import os
from fastapi import APIRouter, Depends, HTTPException
from pydantic import BaseModel

router = APIRouter(prefix="/part${i}", tags=["part${i}"])
LIMIT = int(os.environ.get("LIMIT_${i}", "100"))


class Item(BaseModel):
    id: int
    name: str
    price: float = 0.0
    tags: list[str] = []


def session():
    yield None


@router.get("/")
async def read_items(skip: int = 0, limit: int = LIMIT, db=Depends(session)):
    return [Item(id=n, name=f"item {n}") for n in range(skip, skip + limit)]


@router.get("/{item_id}")
async def read_item(item_id: int, db=Depends(session)):
    if item_id > LIMIT:
        raise HTTPException(status_code=404, detail="no such item")
    return Item(id=item_id, name="one")


@router.post("/", status_code=201)
async def create_item(item: Item, db=Depends(session)):
    return item
`;
  const main = `from fastapi import FastAPI

from app.settings import settings
${parts.map((i) => `from app.part${i} import router as part${i}`).join('\n')}

app = FastAPI(title=settings.title)
${parts.map((i) => `app.include_router(part${i}, prefix="/api")`).join('\n')}


@app.get("/health")
def health():
    return {"status": "ok"}
`;
  const settings = `from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    title: str = "${name}"
    database_url: str
    redis_url: str = "redis://redis:6379/0"


settings = Settings()
`;
  return [
    [
      'Dockerfile',
      `FROM python:3.12-slim AS base
ENV PYTHONUNBUFFERED=1
WORKDIR /srv
COPY requirements.txt ./
RUN --mount=type=cache,target=/root/.cache/pip pip install -r requirements.txt
COPY app ./app
RUN useradd --uid 10001 app && chown -R app /srv
USER app
EXPOSE 8000
CMD ["uvicorn", "app.main:app", "--host", "0.0.0.0", "--port", "8000"]
`,
    ],
    ['requirements.txt', 'fastapi==0.115.0\nuvicorn==0.30.6\npydantic-settings==2.5.2\n'],
    ['app/__init__.py', ''],
    ['app/main.py', main],
    ['app/settings.py', settings],
    ...parts.map((i): [string, string] => [`app/part${i}.py`, router(i)]),
  ];
}

function express(name: string, modules: number): [string, string][] {
  const parts = Array.from({ length: modules }, (_, i) => i);
  const router = (i: number) => `import { Router } from 'express';

const limit = Number(process.env.LIMIT_${i} ?? 100);
export const part${i} = Router();

part${i}.get('/', async (request, response) => {
  const skip = Number(request.query.skip ?? 0);
  const items = Array.from({ length: limit }, (_, n) => ({ id: n + skip, name: \`item \${n}\` }));
  response.json(items);
});

part${i}.get('/:id', async (request, response) => {
  const id = Number(request.params.id);
  if (id > limit) return response.status(404).json({ error: 'no such item' });
  response.json({ id, name: 'one' });
});

part${i}.post('/', async (request, response) => {
  const { name, price = 0, tags = [] } = request.body ?? {};
  response.status(201).json({ name, price, tags });
});
`;
  return [
    [
      'Dockerfile',
      `FROM node:22-slim AS build
WORKDIR /app
COPY package.json ./
RUN npm install --omit=dev
FROM node:22-slim
WORKDIR /app
ENV NODE_ENV=production
COPY --from=build /app/node_modules ./node_modules
COPY . .
RUN apt-get update && apt-get install -y --no-install-recommends curl && rm -rf /var/lib/apt/lists/*
USER node
EXPOSE 3000
HEALTHCHECK CMD curl -f http://localhost:3000/health || exit 1
CMD ["node", "src/main.js"]
`,
    ],
    [
      'package.json',
      `{ "name": "${name}", "type": "module", "scripts": { "start": "node src/main.js" }, "dependencies": { "express": "^4.21.0" } }\n`,
    ],
    ['.dockerignore', 'node_modules\n*.md\n'],
    [
      'src/main.js',
      `import express from 'express';
${parts.map((i) => `import { part${i} } from './part${i}.js';`).join('\n')}

const app = express();
app.use(express.json());
${parts.map((i) => `app.use('/api/part${i}', part${i});`).join('\n')}
app.get('/health', (request, response) => response.json({ status: 'ok' }));
app.listen(process.env.PORT ?? 3000);
`,
    ],
    ...parts.map((i): [string, string] => [`src/part${i}.js`, router(i)]),
  ];
}

function compose(names: readonly string[], context?: string): string {
  const services = names.map((name) => {
    const port = Number(name.replace('service', '')) % 2 === 0 ? 8000 : 3000;
    return `  ${name}:
    build: ${context ?? `./${name}`}
    environment:
      DATABASE_URL: postgres://app:\${POSTGRES_PASSWORD:?}@db:5432/app
    ports:
      - "${20000 + Number(name.replace('service', ''))}:${port}"
    depends_on:
      db:
        condition: service_healthy
    restart: unless-stopped
`;
  });
  return `services:
${services.join('')}  db:
    image: postgres:16
    environment:
      POSTGRES_USER: app
      POSTGRES_PASSWORD: \${POSTGRES_PASSWORD:?}
    volumes:
      - data:/var/lib/postgresql/data
    healthcheck:
      test: ["CMD-SHELL", "pg_isready -U app"]
      interval: 5s
volumes:
  data:
`;
}

function workflow(name: string, index: number): string {
  const build = index % 2 === 0;
  return `name: flow ${index}
on: [push]
jobs:
  work:
    runs-on: ubuntu-latest
    strategy:
      matrix:
        version: [1, 2, 3]
    steps:
      - uses: actions/checkout@v4
      - run: |
          echo "\${{ matrix.version }}"
          make check
${build ? `      - uses: docker/build-push-action@v6\n        with:\n          context: ${name}\n          push: true\n          tags: example/${name}:latest\n` : '      - run: npm test\n'}`;
}

function deployment(name: string, index: number): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}-${index}
spec:
  replicas: 2
  selector:
    matchLabels: { app: ${name}-${index} }
  template:
    metadata:
      labels: { app: ${name}-${index} }
    spec:
      containers:
        - name: main
          image: example/${name}:latest
          ports:
            - containerPort: 8000
`;
}

function library(index: number): string {
  return `export interface Part${index} {
  readonly id: number;
  readonly name: string;
}

export function part${index}(id: number): Part${index} {
  return { id, name: \`part \${id} of ${index}\` };
}
`;
}
