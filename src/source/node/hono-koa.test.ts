import { expect, test } from 'vitest';
import { memoryTree } from '../memory-tree.ts';
import { SourceReader } from '../source.ts';

function answers(files: Record<string, string>, ...asked: string[]): string[] {
  const { routes } = new SourceReader(memoryTree(files)).process(['node', 'i.mjs'], '');
  return asked.map((one) => {
    const [method = '', path = ''] = one.split(' ');
    if (!routes.known) return `no table: ${routes.why}`;
    const fact = routes.value.serves(method, path);
    if (!fact.known) return 'unknown';
    return fact.value.served ? 'yes' : fact.value.otherMethods.length > 0 ? 'other method' : 'no';
  });
}

const HONO = "import { Hono } from 'hono'; const app = new Hono();";

test('Hono routes of an application, its sub-applications and base paths', () => {
  const files = {
    'i.mjs': `${HONO} import books from './books.mjs';
      app.get('/', (c) => c.text('x'));
      app.get('/health', (c) => c.json({}));
      app.route('/books', books);
      const v1 = new Hono().basePath('/v1'); v1.post('/items', (c) => c.json({})); app.route('/api', v1);
      app.on('PURGE', '/cache', (c) => c.text(''));
      export default app;`,
    'books.mjs':
      "import { Hono } from 'hono'; const books = new Hono(); books.get('/', (c) => c.json([])).get('/:id', (c) => c.json({})); export default books;",
  };
  expect(
    answers(
      files,
      'GET /',
      'GET /health',
      'POST /health',
      'GET /books',
      'GET /books/3',
      'GET /books/3/x',
      'POST /api/v1/items',
      'PURGE /cache',
      'GET /nothing',
    ),
  ).toEqual(['yes', 'yes', 'other method', 'yes', 'yes', 'no', 'yes', 'yes', 'no']);
});

test('Hono middleware that may answer hides what is absent', () => {
  const nothing = (line: string) => answers({ 'i.mjs': `${HONO} ${line} export default app;` }, 'GET /nothing')[0];
  expect(nothing("app.get('/a', (c) => c.text(''));")).toBe('no');
  expect(nothing("import { logger } from 'hono/logger'; app.use(logger());")).toBe('no');
  expect(nothing("import { cors } from 'hono/cors'; app.use('*', cors());")).toBe('no');
  expect(nothing('app.use(async (c, next) => { await next(); });')).toBe('no');
  expect(nothing("app.use(async (c, next) => { if (c.x) return c.text('hi'); await next(); });")).toBe('unknown');
  expect(nothing("import { serveStatic } from '@hono/node-server/serve-static'; app.use('/*', serveStatic({}));")).toBe(
    'unknown',
  );
  expect(nothing("import x from 'x'; app.use(x());")).toBe('unknown');
  expect(nothing("app.notFound((c) => c.text('page', 200));")).toBe('unknown');
});

test('Hono listens where serve is told, else on 3000', () => {
  const listen = (options: string) => {
    const process = new SourceReader(
      memoryTree({ 'i.mjs': `import { serve } from '@hono/node-server'; ${HONO} serve(${options});` }),
    ).process(['node', 'i.mjs'], '');
    const { listen } = process.launch;
    return listen.known ? listen.value.map((socket) => (socket.port.known ? socket.port.value : socket.port.why)) : [];
  };
  expect(listen('{ fetch: app.fetch, port: 8080 }')).toEqual([8080]);
  expect(listen('{ fetch: app.fetch }')).toEqual([3000]);
  expect(listen('app')).toEqual([3000]);
});

const KOA =
  "import Koa from 'koa'; import Router from '@koa/router'; const app = new Koa(); const router = new Router();";

test('Koa routes of routers with their prefixes, named routes and nested routers', () => {
  const files = {
    'i.mjs': `${KOA} import users from './users.mjs';
      router.get('/health', (ctx) => { ctx.body = 'ok'; });
      router.get('named', '/named/:id', (ctx) => { ctx.body = ''; });
      router.use('/users', users.routes(), users.allowedMethods());
      app.use(router.routes()).use(router.allowedMethods());
      const api = new Router({ prefix: '/api' }); api.del('/x', (ctx) => {}); app.use(api.routes());
      app.listen(3000);`,
    'users.mjs':
      "import Router from '@koa/router'; const users = new Router(); users.get('/:id', (ctx) => {}); export default users;",
  };
  expect(
    answers(
      files,
      'GET /health',
      'GET /health/',
      'POST /health',
      'GET /named/1',
      'GET /users/1',
      'DELETE /api/x',
      'GET /x',
    ),
  ).toEqual(['yes', 'yes', 'other method', 'yes', 'yes', 'yes', 'no']);
});

test('Koa routers that are never used serve nothing; middleware that sets a body may answer', () => {
  const asked = (line: string, path: string) =>
    answers({ 'i.mjs': `${KOA} ${line} app.listen(3000);` }, `GET ${path}`)[0];
  expect(asked("router.get('/a', (ctx) => {});", '/a')).toBe('no');
  expect(asked("router.get('/a', (ctx) => {}); app.use(router.routes());", '/a')).toBe('yes');
  expect(asked("import body from 'koa-bodyparser'; app.use(body());", '/a')).toBe('no');
  expect(asked("app.use(async (ctx) => { ctx.body = 'hello'; });", '/a')).toBe('unknown');
  expect(asked("import serve from 'koa-static'; app.use(serve('public'));", '/a')).toBe('unknown');
  expect(asked("import mount from 'koa-mount'; app.use(mount('/x', router));", '/a')).toBe('unknown');
});
