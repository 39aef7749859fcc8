import { describe, expect, test } from 'vitest';
import { known, unknown } from '../facts/fact.ts';
import { memoryTree } from '../source/memory-tree.ts';
import { handedOver } from './start-script.ts';

/** `uvicorn app:app`, or why it is not known; undefined: no script is run. */
function ends(text: string, options: { env?: Record<string, string>; args?: readonly string[]; open?: string } = {}) {
  const found = handedOver({
    argv: ['/entry.sh', ...(options.args ?? [])],
    cwd: '/app',
    env: new Map(Object.entries(options.env ?? {}).map(([name, value]) => [name, known(value)])),
    files: memoryTree({ '/entry.sh': text, '/app/other.sh': '#!/bin/sh\nexec gunicorn app:app\n' }),
    open: options.open,
  });
  if (found === undefined) return undefined;
  return found.known
    ? { argv: found.value.argv.join(' '), cwd: found.value.cwd, env: Object.fromEntries(found.value.env) }
    : found.why;
}

const SH = '#!/bin/sh\n';

describe('what a start script hands over to', () => {
  test('is what exec runs, after migrations and loops that wait', () => {
    expect(
      ends(
        `${SH}set -e\nuntil nc -z db 5432; do\n  sleep 1\ndone\npython -m alembic upgrade head\nexec uvicorn app.main:app --port 8001\n`,
      ),
    ).toMatchObject({ argv: 'uvicorn app.main:app --port 8001', cwd: '/app' });
  });

  test('is the last command where there is no exec', () => {
    expect(ends(`${SH}echo hello\npython manage.py migrate\npython manage.py runserver\n`)).toMatchObject({
      argv: 'python manage.py runserver',
    });
  });

  test('takes what it is started with', () => {
    expect(ends(`${SH}exec "$@"\n`, { args: ['celery', '-A', 'app', 'worker'] })).toMatchObject({
      argv: 'celery -A app worker',
    });
    expect(
      ends(`${SH}case "$1" in\n  api) exec uvicorn app:app ;;\n  *) exec "$@" ;;\nesac\n`, { args: ['api'] }),
    ).toMatchObject({ argv: 'uvicorn app:app' });
  });

  test('sees what the script exports, and where it goes', () => {
    const found = ends(`${SH}export MODE=live\nOTHER=x\ncd /srv\nPORT=\${PORT:-8000}\nexec uvicorn a:b --port $PORT\n`);
    expect(found).toMatchObject({ argv: 'uvicorn a:b --port 8000', cwd: '/srv', env: { MODE: known('live') } });
    expect(JSON.stringify(found)).not.toContain('OTHER');
    expect(ends(`${SH}until cd /srv/api\ndo\n  echo waiting\ndone\ngunicorn api.wsgi\n`)).toMatchObject({
      cwd: '/srv/api',
    });
    expect(ends(`${SH}if cd /srv; then echo there; fi\ngunicorn api.wsgi\n`)).toContain('changes to is not known');
    expect(ends(`${SH}while cd ..; do echo up; done\ngunicorn api.wsgi\n`)).toContain('changes to is not known');
  });

  test('keeps variables as they are written where somebody may set them', () => {
    expect(ends(`${SH}exec uvicorn a:b --port \${PORT:-8000}\n`, { open: 'an env file' })).toMatchObject({
      argv: 'uvicorn a:b --port ${PORT:-8000}',
    });
  });

  test('follows a test that the environment decides', () => {
    const script = `${SH}if [ "$MODE" = "worker" ]; then\n  exec celery -A app worker\nfi\nexec uvicorn app:app\n`;
    expect(ends(script, { env: { MODE: 'worker' } })).toMatchObject({ argv: 'celery -A app worker' });
    expect(ends(script)).toMatchObject({ argv: 'uvicorn app:app' });
    expect(ends(script, { open: 'an env file' })).toBe('/entry.sh hands over to different programs');
  });

  test('does not know a variable that is set only sometimes', () => {
    const found = ends(`${SH}if nc -z db 1; then export MODE=live; fi\nexec uvicorn a:b\n`);
    expect(found).toMatchObject({ env: { MODE: unknown('/entry.sh may set MODE') } });
  });

  test('goes through scripts that scripts start', () => {
    expect(ends(`${SH}./other.sh\n`)).toMatchObject({ argv: 'gunicorn app:app' });
  });

  test('is not known with several processes, pipes or sourced files', () => {
    expect(ends(`${SH}celery -A app worker &\nuvicorn app:app\n`)).toBe('/entry.sh starts several processes');
    expect(ends(`${SH}uvicorn app:app | tee log\n`)).toBe('/entry.sh ends in a pipe');
    expect(ends(`${SH}. ./env.sh\nexec uvicorn app:app\n`)).toBe('/entry.sh runs .');
    expect(ends(`${SH}export $(cat .env)\nexec uvicorn app:app\n`)).toBe('/entry.sh exports what is not known');
  });

  test('is nothing where no script of a shell runs', () => {
    expect(ends('#!/usr/bin/env python3\nprint(1)\n')).toBeUndefined();
  });
});
