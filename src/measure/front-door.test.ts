import { expect, test } from 'vitest';
import { readContainers } from './container.ts';
import { raw, row, stackOf } from './fake-stack.ts';
import { frontDoorRows, hashedAsset } from './front-door.ts';
import type { Row } from './row.ts';

const page = '<!doctype html><div id="root"></div><script type="module" src="/assets/index-Ab3dE9xZ.js"></script>';
const html = { 'content-type': 'text/html' };
const secure = { 'x-content-type-options': 'nosniff', 'x-frame-options': 'DENY', 'referrer-policy': 'no-referrer' };

async function door(
  answers: Record<string, object>,
  fallback: object = { status: 404, headers: html, body: '404' },
): Promise<Row[]> {
  const stack = stackOf({ request: (url) => answers[new URL(url).pathname] ?? fallback });
  return frontDoorRows(stack, readContainers(JSON.stringify([raw('web')])), { api: [] });
}

test('a sound front door: page, deep link, long-lived asset, API and headers', async () => {
  const index = { status: 200, headers: { ...html, ...secure }, body: page };
  const rows = await door(
    {
      '/assets/index-Ab3dE9xZ.js': {
        status: 200,
        headers: { ...secure, 'cache-control': 'public, max-age=31536000, immutable' },
      },
      '/api/health': { status: 200, headers: { 'content-type': 'application/json' }, body: '{}' },
    },
    index,
  );
  expect(rows.map((one) => [one.measure, one.value])).toEqual([
    ['front.index', true],
    ['front.deepLink', true],
    ['front.asset', true],
    ['front.api', true],
    ['front.headers', true],
  ]);
});

test('headers that a location drops are missed on that location', async () => {
  const rows = await door({
    '/': { status: 200, headers: { ...html, ...secure }, body: page },
    '/assets/index-Ab3dE9xZ.js': { status: 200, headers: { 'cache-control': 'max-age=60' } },
  });
  expect(row(rows, 'front.headers')?.text).toContain('X-Content-Type-Options on /assets/index-Ab3dE9xZ.js');
  expect(row(rows, 'front.asset')).toMatchObject({ value: false });
  expect(row(rows, 'front.deepLink')).toMatchObject({ value: false });
});

test('a page’s fallback that answers the API’s path with HTML is not the API', async () => {
  const rows = await door({}, { status: 200, headers: html, body: page });
  expect(row(rows, 'front.api')).toMatchObject({ kind: 'not-measured' });
});

test('a proxy that cannot reach the API is a failed API call', async () => {
  const rows = await door({
    '/': { status: 200, headers: html, body: page },
    '/api/health': { status: 502, headers: html, body: 'Bad Gateway' },
  });
  expect(row(rows, 'front.api')).toMatchObject({ value: false, text: '502 for /api/health' });
});

test('a stack that publishes nothing has no front door', async () => {
  const rows = await frontDoorRows(stackOf({}, [{ ports: [] }]), readContainers(JSON.stringify([raw('web')])), {
    api: [],
  });
  expect(new Set(rows.map((one) => one.kind))).toEqual(new Set(['not-measured']));
});

test('a hash in a name is told from a word', () => {
  expect(hashedAsset('<script src="/js/bootstrap.bundle.js"></script>')).toBeUndefined();
  expect(hashedAsset('<link href=/static/app.3f2a91bc.css rel=stylesheet>')).toBe('/static/app.3f2a91bc.css');
});
