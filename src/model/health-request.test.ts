import { expect, test } from 'vitest';
import { commandLines } from './command-line.ts';
import { healthRequest } from './health-request.ts';

const read = (text: string, env: Record<string, string> = {}): ReturnType<typeof healthRequest> => {
  const [first] = commandLines(text, (name) => env[name]);
  return first === undefined ? undefined : healthRequest(first.words);
};

test('curl and wget in the forms people write', () => {
  expect(read('curl -f http://localhost:8000/api/health || exit 1')).toEqual({
    method: 'GET',
    host: 'localhost',
    port: 8000,
    path: '/api/health',
  });
  expect(read('wget --no-verbose --tries=1 --spider http://127.0.0.1:3000/ || exit 1')).toEqual({
    method: 'HEAD',
    host: '127.0.0.1',
    port: 3000,
    path: '/',
  });
  expect(read('wget -qO- localhost:8080/ping?x=1')).toEqual({
    method: 'GET',
    host: 'localhost',
    port: 8080,
    path: '/ping',
  });
  expect(read('curl -sf -o /dev/null -w "%{http_code}" http://[::1]:80/x')?.path).toBe('/x');
  expect(read('curl --fail "http://localhost:${PORT:-3000}/health"', { PORT: '4000' })?.port).toBe(4000);
});

test('what is not known stays unknown', () => {
  expect(read('curl -f http://localhost:$PORT/health')).toBeUndefined();
  expect(read('curl --unix-socket /run/x.sock http://localhost/health')).toBeUndefined();
  expect(read('python healthcheck.py')).toBeUndefined();
  expect(read('curl -f $(cat /url)')).toBeUndefined();
});

test('program texts of python and node', () => {
  expect(read(`python -c "import urllib.request; urllib.request.urlopen('http://localhost:8000/health')"`)?.path).toBe(
    '/health',
  );
  expect(
    read(
      `node -e "require('http').get('http://localhost:3000/healthz', r => process.exit(r.statusCode === 200 ? 0 : 1))"`,
    )?.path,
  ).toBe('/healthz');
  expect(read(`node -e "require('http').get({port: 3000, path: '/up'}, (r) => process.exit(0))"`)).toEqual({
    method: 'GET',
    host: 'localhost',
    port: 3000,
    path: '/up',
  });
});

test('an alternative after || excuses the first command, exit does not', () => {
  expect(commandLines('curl -f x || exit 1', () => undefined).map((l) => l.alternative)).toEqual([false, false]);
  expect(commandLines('curl -f x || wget x', () => undefined)[0]?.alternative).toBe(true);
  expect(commandLines('if command -v curl; then curl x; fi', () => undefined).map((l) => l.conditional)).toEqual([
    false,
    true,
  ]);
});
