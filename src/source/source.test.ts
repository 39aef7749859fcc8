import { expect, test } from 'vitest';
import { type Fact, known } from '../facts/fact.ts';
import { memoryTree } from './memory-tree.ts';
import { type ProcessSource, SourceReader } from './source.ts';

function start(
  files: Record<string, string>,
  command: string | readonly string[],
  options: { cwd?: string; env?: Record<string, string> } = {},
): ProcessSource {
  const env = new Map(Object.entries(options.env ?? {}).map(([name, value]) => [name, known(value)]));
  return new SourceReader(memoryTree(files)).process(
    typeof command === 'string' ? command.split(' ') : command,
    options.cwd ?? '',
    { env },
  );
}

const show = <T>(fact: Fact<T>) => (fact.known ? fact.value : `unknown: ${fact.why}`);

function sockets(process: ProcessSource): unknown {
  const { listen } = process.launch;
  return listen.known
    ? listen.value.map((socket) => `${show(socket.host)}:${show(socket.port)}`)
    : `unknown: ${listen.why}`;
}

function answer(process: ProcessSource, method: string, path: string): string {
  if (!process.routes.known) return `no table: ${process.routes.why}`;
  const fact = process.routes.value.serves(method, path);
  if (!fact.known) return `unknown: ${fact.why}`;
  if (fact.value.served) return fact.value.redirect === undefined ? 'yes' : `redirect ${fact.value.redirect}`;
  return fact.value.otherMethods.length > 0 ? 'no, other method' : 'no';
}

function entry(process: ProcessSource): unknown {
  const status = process.launch.entry?.status;
  if (!status) return 'none';
  return status.known
    ? status.value.found
      ? 'found'
      : `missing ${status.value.missing}; near ${status.value.near.join(' ')}`
    : `unknown: ${status.why}`;
}

const FASTAPI = 'from fastapi import FastAPI\napp = FastAPI()\n@app.get("/health")\ndef health(): return {}\n';

test('uvicorn listens on localhost unless told otherwise, by option or by variable', () => {
  expect(sockets(start({ 'main.py': FASTAPI }, 'uvicorn main:app'))).toEqual(['127.0.0.1:8000']);
  expect(sockets(start({ 'main.py': FASTAPI }, 'uvicorn main:app --host 0.0.0.0 --port=9000'))).toEqual([
    '0.0.0.0:9000',
  ]);
  expect(
    sockets(start({ 'main.py': FASTAPI }, 'uvicorn main:app', { env: { UVICORN_HOST: '::', UVICORN_PORT: '81' } })),
  ).toEqual([':::81']);
  expect(sockets(start({ 'main.py': FASTAPI }, ['uvicorn', 'main:app', '--port', '${PORT:-8080}']))).toEqual([
    '127.0.0.1:8080',
  ]);
  expect(sockets(start({ 'main.py': FASTAPI }, ['uvicorn', 'main:app', '--port', '$PORT']))).toEqual([
    '127.0.0.1:unknown: $PORT depends on a variable that is not known',
  ]);
});

test('a module or attribute that is not there is named with what is', () => {
  expect(entry(start({ 'app/main.py': FASTAPI }, 'uvicorn main:app'))).toBe('missing module; near app.main');
  expect(entry(start({ 'app/main.py': FASTAPI }, 'uvicorn app.main:app'))).toBe('found');
  expect(entry(start({ 'main.py': FASTAPI }, 'uvicorn main:application'))).toBe(
    'missing attribute; near FastAPI app health',
  );
  expect(
    entry(start({ 'main.py': `${FASTAPI}\nglobals()["application"] = app\n` }, 'uvicorn main:application')),
  ).toMatch(/^unknown/);
  expect(entry(start({ 'main.py': 'from x import *\n' }, 'uvicorn main:app'))).toMatch(/^unknown/);
  expect(entry(start({ 'main.py': 'def f(:\n  x = = 1\n' }, 'uvicorn main:app'))).toMatch(/^unknown/);
});

test('an installed package is not called missing', () => {
  expect(entry(start({ 'requirements.txt': 'litellm[proxy]==1.0\n' }, 'uvicorn litellm.proxy:app'))).toBe(
    'unknown: litellm may be an installed package',
  );
  expect(entry(start({}, 'python -m json.tool'))).toMatch(/^unknown/);
  const process = new SourceReader(memoryTree({})).process(['uvicorn', 'litellm.proxy:app'], '', {
    installed: new Set(['litellm']),
  });
  expect(entry(process)).toBe('unknown: litellm may be an installed package');
});

test('gunicorn takes PORT, a config file or an option for its address', () => {
  const files = { 'wsgi.py': 'from flask import Flask\napplication = Flask(__name__)\n' };
  expect(sockets(start(files, 'gunicorn wsgi'))).toEqual(['127.0.0.1:8000']);
  expect(sockets(start(files, 'gunicorn wsgi', { env: { PORT: '5000' } }))).toEqual(['0.0.0.0:5000']);
  expect(
    sockets(
      start(
        { ...files, 'gunicorn.conf.py': "import os\nbind = f\"0.0.0.0:{os.getenv('PORT', '7000')}\"\nworkers = 3\n" },
        'gunicorn wsgi',
      ),
    ),
  ).toEqual(['0.0.0.0:7000']);
  expect(sockets(start(files, 'gunicorn -w 2 -b :80 --bind unix:/run/x.sock wsgi'))).toEqual([
    '0.0.0.0:80',
    '/run/x.sock:0',
  ]);
  expect(entry(start(files, 'gunicorn -w 2 -k gthread --threads 4 --preload wsgi:app'))).toBe(
    'missing attribute; near Flask application',
  );
});

test('wrappers and shell lines are stepped through', () => {
  const files = { 'main.py': FASTAPI, 'alembic.ini': '' };
  const process = start(files, [
    '/sbin/tini',
    '--',
    'sh',
    '-c',
    'alembic upgrade head && exec uv run --no-sync uvicorn main:app --host 0.0.0.0',
  ]);
  expect(process.launch.program).toBe('uvicorn');
  expect(process.launch.before?.map((launch) => launch.role)).toEqual(['migration']);
  expect(sockets(process)).toEqual(['0.0.0.0:8000']);
  expect(start(files, ['sh', '-c', 'if [ -n "$X" ]; then uvicorn main:app; fi']).launch.role).toBe('unknown');
  expect(start(files, ['sh', '-c', 'celery -A main worker & uvicorn main:app']).launch.role).toBe('unknown');
});

test('running a file that only defines an application ends at once', () => {
  expect(entry(start({ 'main.py': FASTAPI }, 'python main.py'))).toMatch(/^missing entry-point/);
  const file = `${FASTAPI}import uvicorn, os\nif __name__ == "__main__":\n    uvicorn.run("main:app", host="0.0.0.0", port=int(os.environ.get("PORT", 8080)), reload=True)\n`;
  const process = start({ 'main.py': file }, 'python -u main.py', { env: { PORT: '9090' } });
  expect(sockets(process)).toEqual(['0.0.0.0:9090']);
  expect(show(process.launch.mode)).toBe('development');
  expect(answer(process, 'GET', '/health')).toBe('yes');
});

test('Flask factories, blueprints and their prefixes; static files are not known', () => {
  const process = start(
    {
      'shop/__init__.py':
        'from flask import Flask\ndef create_app():\n    app = Flask(__name__)\n    from .api import bp\n    app.register_blueprint(bp, url_prefix="/api")\n    return app\n',
      'shop/api.py':
        'from flask import Blueprint\nbp = Blueprint("api", __name__, url_prefix="/old")\n@bp.route("/items/<int:id>", methods=["GET", "POST"])\ndef items(id): ...\n@bp.get("/health/")\ndef health(): ...\n',
    },
    ['gunicorn', 'shop:create_app()'],
  );
  expect(answer(process, 'GET', '/api/items/3')).toBe('yes');
  expect(answer(process, 'GET', '/api/items/x')).toBe('no');
  expect(answer(process, 'DELETE', '/api/items/3')).toBe('no, other method');
  expect(answer(process, 'GET', '/old/items/3')).toBe('no');
  expect(answer(process, 'GET', '/api/health')).toBe('redirect /api/health/');
  expect(answer(process, 'HEAD', '/api/health/')).toBe('yes');
  expect(answer(process, 'GET', '/static/x.css')).toMatch(/^unknown/);
});

test('what may answer everything makes absence unknown', () => {
  const wrapped = (extra: string) =>
    answer(
      start(
        {
          'main.py': `from fastapi import FastAPI, Request\nfrom fastapi.responses import JSONResponse\nfrom fastapi.staticfiles import StaticFiles\nimport importlib, thing\napp = FastAPI()\n${extra}\n`,
        },
        'uvicorn main:app',
      ),
      'GET',
      '/nothing',
    );
  expect(wrapped('')).toBe('no');
  expect(wrapped('app.mount("/", StaticFiles(directory="dist", html=True))')).toMatch(/^unknown/);
  expect(wrapped('@app.get("/{path:path}")\ndef page(path): ...')).toBe('yes');
  expect(
    wrapped(
      '@app.middleware("http")\nasync def m(request, call_next):\n    if request.url.path == "/nothing":\n        return JSONResponse({})\n    return await call_next(request)',
    ),
  ).toMatch(/^unknown/);
  expect(
    wrapped(
      '@app.middleware("http")\nasync def m(request, call_next):\n    if not request.headers.get("x"):\n        return JSONResponse({}, status_code=401)\n    return await call_next(request)',
    ),
  ).toBe('no');
  expect(wrapped('thing.setup(app)')).toMatch(/^unknown/);
  expect(wrapped('app.add_middleware(thing.Proxy)')).toMatch(/^unknown/);
  expect(wrapped('for name in ["a"]:\n    app.include_router(importlib.import_module(name + ".x").router)')).toMatch(
    /^unknown/,
  );
  expect(wrapped('if thing.on:\n    @app.get("/nothing")\n    def n(): ...')).toMatch(/^unknown/);
});

test('Django URLs with include, and the settings module of the entry', () => {
  const process = start(
    {
      'site1/__init__.py': '',
      'site1/wsgi.py':
        'import os\nfrom django.core.wsgi import get_wsgi_application\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "site1.settings")\napplication = get_wsgi_application()\n',
      'site1/settings.py':
        'import os\nSECRET_KEY = os.environ["SECRET_KEY"]\nROOT_URLCONF = "site1.urls"\nMIDDLEWARE = ["django.middleware.common.CommonMiddleware"]\n',
      'site1/urls.py':
        'from django.urls import include, path\nfrom django.conf import settings\nurlpatterns = [path("up/", include("up.urls")), path("", lambda r: None)]\nif settings.DEBUG:\n    urlpatterns += [path("debug/", lambda r: None)]\n',
      'up/__init__.py': '',
      'up/urls.py':
        'from django.urls import path\nfrom . import views\nurlpatterns = [path("db/<int:n>/", views.db)]\n',
      'up/views.py': 'def db(r, n): ...\n',
    },
    'gunicorn site1.wsgi:application',
  );
  expect(answer(process, 'GET', '/up/db/1/')).toBe('yes');
  expect(answer(process, 'GET', '/up/db/1')).toBe('redirect /up/db/1/');
  expect(answer(process, 'GET', '/up/')).toBe('no');
  expect(answer(process, 'GET', '/debug/')).toMatch(/^unknown/);
  expect(process.environment.reads.map((read) => [read.name, show(read.required)])).toContainEqual([
    'SECRET_KEY',
    true,
  ]);
});

test('environment: required only where the process cannot start without', () => {
  const source = `
import os, sys
from pydantic_settings import BaseSettings, SettingsConfigDict
from pydantic import Field, SecretStr
A = os.environ["A_KEY"]
B = os.getenv("B", "b")
C = os.getenv("C")
if not C:
    raise RuntimeError("C is needed")
try:
    D = os.environ["D"]
except KeyError:
    D = ""
def later():
    return os.environ["E"]
F = os.environ.get("F") or "x"
class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="APP_", env_file=".env", secrets_dir="/run/secrets")
    url: str
    port: int = 80
    token: SecretStr = Field(..., validation_alias="TOKEN")
    debug: bool = Field(default=False)
settings = Settings()
`;
  const process = start({ 'main.py': `${source}${FASTAPI}` }, 'uvicorn main:app');
  const reads = new Map(
    process.environment.reads.map((read) => [read.name, `${show(read.required)} ${show(read.fallback)} ${read.when}`]),
  );
  expect(reads.get('A_KEY')).toBe('true null import');
  expect(reads.get('B')).toBe('false b import');
  expect(reads.get('C')).toBe('true null import');
  expect(reads.get('D')).toMatch(/^unknown/);
  expect(reads.get('E')).toBe('true null call');
  expect(reads.get('F')).toBe('false x import');
  expect(reads.get('APP_URL')).toBe('true null import');
  expect(reads.get('APP_PORT')).toBe('false 80 import');
  expect(reads.get('TOKEN')).toBe('true null import');
  expect(reads.get('APP_DEBUG')).toBe('false false import');
  expect(process.environment.secretFolders.map((folder) => folder.path)).toEqual(['/run/secrets']);
  expect(process.environment.files.map((file) => show(file.path))).toEqual(['.env']);
});

const EXPRESS = {
  'package.json':
    '{"name":"api","scripts":{"start":"NODE_ENV=production node src/index.js","dev":"nodemon src/index.js"}}',
  'src/index.js': `
const express = require('express');
const config = require('./config');
const app = express();
app.use(express.json());
app.use('/api', require('./routes'));
app.get('/health', (req, res) => res.send('ok'));
app.use((req, res) => { res.status(404).json({ error: 'not found' }); });
app.listen(config.port, () => console.log('up'));
`,
  'src/config.js': `module.exports = { port: process.env.PORT || 3000, key: process.env.API_KEY };`,
  'src/routes/index.js': `
const { Router } = require('express');
const router = Router();
const all = [{ path: '/users', route: require('./users') }];
all.forEach((one) => router.use(one.path, one.route));
module.exports = router;
`,
  'src/routes/users.js': `
const users = require('express').Router();
users.route('/:id').get((q, s) => s.json({})).delete((q, s) => s.json({}));
module.exports = users;
`,
};

test('Express routers of other files, loops over routers and chains of route()', () => {
  const process = start(EXPRESS, 'npm start');
  expect(process.launch.program).toBe('node');
  expect(process.launch.through.map((step) => step.text)).toEqual(['npm start']);
  expect(sockets(process)).toEqual([':::3000']);
  expect(answer(process, 'GET', '/api/users/1')).toBe('yes');
  expect(answer(process, 'DELETE', '/API/users/1/')).toBe('yes');
  expect(answer(process, 'GET', '/health')).toBe('yes');
  expect(answer(process, 'HEAD', '/health')).toBe('yes');
  expect(answer(process, 'GET', '/api/health')).toBe('no');
  expect(sockets(start(EXPRESS, 'npm start', { env: { PORT: '8080' } }))).toEqual([':::8080']);
  expect(show(start(EXPRESS, 'npm run dev').launch.mode)).toBe('development');
  expect(entry(start(EXPRESS, 'npm run serve'))).toBe('missing script; near start dev');
});

test('a static folder at the root makes absence unknown', () => {
  const process = start(
    {
      'i.js':
        "import express from 'express'; const app = express(); app.use(express.static('public')); app.listen(80, '127.0.0.1');",
    },
    'node i.js',
  );
  expect(answer(process, 'GET', '/health')).toMatch(/^unknown/);
  expect(sockets(process)).toEqual(['127.0.0.1:80']);
});

test('compiled files are traced back to TypeScript by outDir and rootDir', () => {
  const process = start(
    {
      'package.json': '{}',
      'tsconfig.json': '{ /* c */ "compilerOptions": { "outDir": "./build", "rootDir": "./lib", }, }',
      'lib/main.ts':
        "import express from 'express'; const app: express.Express = express(); app.get('/ok', (q, s) => { s.send('') }); app.listen(Number(process.env.PORT ?? 4000));",
    },
    'node build/main.js',
  );
  expect(process.launch.entry?.file).toBe('lib/main.ts');
  expect(entry(process)).toMatch(/^unknown/);
  expect(sockets(process)).toEqual([':::4000']);
  expect(answer(process, 'GET', '/ok')).toBe('yes');
});

test('Fastify plugins with prefixes listen on localhost unless a host is given', () => {
  const process = start(
    {
      's.mjs':
        "import Fastify from 'fastify'; import routes from './r.mjs'; const app = Fastify({ logger: true }); app.register(routes, { prefix: '/v1' }); app.get('/health', async () => ({})); await app.listen({ port: 3000 });",
      'r.mjs':
        "export default async function (f, o) { f.get('/items/:id', async () => ({})); f.route({ method: ['GET', 'POST'], url: '/x', handler() {} }); }",
    },
    'node s.mjs',
  );
  expect(sockets(process)).toEqual(['localhost:3000']);
  expect(answer(process, 'GET', '/v1/items/1')).toBe('yes');
  expect(answer(process, 'POST', '/v1/x')).toBe('yes');
  expect(answer(process, 'GET', '/items/1')).toBe('no');
});

test('NestJS controllers under the global prefix', () => {
  const process = start(
    {
      'main.ts':
        "import { NestFactory } from '@nestjs/core'; import { AppModule } from './app.module'; async function bootstrap() { const app = await NestFactory.create(AppModule); app.setGlobalPrefix('api'); await app.listen(process.env.PORT ?? 3000); } bootstrap();",
      'app.module.ts':
        "import { Module } from '@nestjs/common'; import { CatsController } from './cats'; @Module({ imports: [], controllers: [CatsController] }) export class AppModule {}",
      'cats.ts':
        "import { Controller, Get } from '@nestjs/common'; @Controller('cats') export class CatsController { @Get(':id') one() {} @Get() all() {} }",
    },
    'tsx main.ts',
  );
  expect(sockets(process)).toEqual([':::3000']);
  expect(answer(process, 'GET', '/api/cats/1')).toBe('yes');
  expect(answer(process, 'GET', '/api/cats')).toBe('yes');
  expect(answer(process, 'GET', '/cats')).toBe('no');
});

test('Next.js pages and route handlers by folder', () => {
  const process = start(
    {
      'package.json': '{"dependencies":{"next":"15"},"scripts":{"start":"next start"}}',
      'app/(site)/about/page.tsx': '',
      'app/api/health/route.ts': 'export async function GET() {}',
    },
    'npm start',
  );
  expect(sockets(process)).toEqual(['0.0.0.0:3000']);
  expect(answer(process, 'GET', '/about')).toBe('yes');
  expect(answer(process, 'GET', '/api/health')).toBe('yes');
  expect(answer(process, 'POST', '/api/health')).toBe('no, other method');
  expect(answer(process, 'GET', '/health')).toBe('no');
});

test('dev servers and static servers have their own ports', () => {
  const files = {
    'package.json': '{"scripts":{"dev":"vite","preview":"vite preview --host","web":"serve -s dist -l 8080"}}',
  };
  expect(sockets(start(files, 'npm run dev'))).toEqual(['localhost:5173']);
  expect(sockets(start(files, 'npm run preview'))).toEqual(['0.0.0.0:4173']);
  expect(sockets(start(files, 'npm run web'))).toEqual(['0.0.0.0:8080']);
  expect(sockets(start(files, 'yarn dev --port 3000 --host 0.0.0.0'))).toEqual(['0.0.0.0:3000']);
});

test('celery workers listen nowhere; their application is found by celery’s own search', () => {
  const files = { 'proj/__init__.py': '', 'proj/celery.py': 'from celery import Celery\napp = Celery("proj")\n' };
  const worker = start(files, 'celery -A proj worker -Q mail,default -c 4');
  expect([worker.launch.role, sockets(worker), entry(worker), worker.launch.queues]).toEqual([
    'worker',
    [],
    'found',
    ['mail', 'default'],
  ]);
  expect(entry(start(files, 'celery -A other beat'))).toMatch(/^missing module/);
});

test('hostile and broken input is a value', () => {
  for (const text of [
    '',
    '\u0000\u0001',
    'def '.repeat(2000),
    '('.repeat(3000),
    'import a\n'.repeat(50),
    'x = x\ny = [y]\nfor y in y: y(y)\napp = app(app)\n',
    'class A(A): pass\napp = A().app\n',
    'app = lambda: app()\n',
  ])
    expect(start({ 'main.py': text, 'a.py': 'from main import *' }, 'uvicorn main:app').routes.known).toBe(false);
  for (const text of [
    '',
    '`${`${`',
    '{'.repeat(3000),
    'a => '.repeat(500),
    'const a = a; a.listen(a)',
    "module.exports = require('./m')",
    "export * from './m'",
  ])
    expect(start({ 'm.js': text }, 'node m.js').routes.known).toBe(false);
});

test('scripts of one package of several are found in its folder; a start script that is missing is missing for every manager', () => {
  const files = {
    'package.json': '{ "scripts": { "build": "tsc" } }',
    'apps/api/package.json': '{ "name": "@x/api", "scripts": { "start": "node main.js" } }',
    'apps/api/main.js': "require('express')().listen(4000)",
  };
  for (const command of [
    'npm start -w @x/api',
    'npm run start --workspace=apps/api',
    'pnpm --filter @x/api start',
    'yarn workspace @x/api start',
  ])
    expect(sockets(start(files, command)), command).toEqual([':::4000']);
  for (const command of ['npm start', 'pnpm start', 'yarn start'])
    expect(entry(start(files, command)), command).toBe('missing script; near build');
  expect(entry(start(files, 'pnpm -r start'))).toBe('none');
});
