import { beforeAll, expect, test } from 'vitest';
import { buildModel } from '../model/build-model.ts';
import { readDataFromFiles } from '../repo/data-files.ts';
import { memoryRepo } from '../repo/memory.ts';
import { migrationsOf } from './migrations.ts';

beforeAll(() => readDataFromFiles());

/** The migrations of an image whose entrypoint is this script. */
function ofScript(script: string): string[] {
  const files = {
    Dockerfile: 'FROM python:3.12-slim\nWORKDIR /app\nCOPY start.sh .\nENTRYPOINT ["./start.sh"]\n',
    'start.sh': { content: script, mode: 0o755 },
  };
  const { stacks } = buildModel(memoryRepo(files), { today: '2026-11-21' });
  const service = stacks[0]?.services[0];
  if (service === undefined) throw new Error('no service');
  return migrationsOf(service).map(
    (m) => `${m.at.line} ${m.command}${m.hidden === undefined ? '' : ` hidden by ${m.hidden}`}`,
  );
}

test('a migration in the middle of a script is hidden by the next line, unless the shell stops at failures', () => {
  expect(ofScript('#!/bin/sh\nalembic upgrade head\nexec uvicorn app:app\n')).toEqual([
    '2 alembic upgrade hidden by the next line',
  ]);
  expect(ofScript('#!/bin/sh -e\nalembic upgrade head\nexec uvicorn app:app\n')).toEqual(['2 alembic upgrade']);
  expect(ofScript('#!/bin/bash\nset -euo pipefail\nalembic upgrade head\nexec uvicorn app:app\n')).toEqual([
    '3 alembic upgrade',
  ]);
  expect(ofScript('#!/bin/sh\nset -o errexit\npython manage.py migrate --noinput\nexec gunicorn x.wsgi\n')).toEqual([
    '3 manage.py migrate',
  ]);
  expect(ofScript('#!/bin/sh\nset -e\nset +e\nalembic upgrade head\nexec x\n')).toEqual([
    '4 alembic upgrade hidden by the next line',
  ]);
  expect(ofScript('#!/bin/sh\nalembic upgrade head')).toEqual(['2 alembic upgrade']);
});

test('what looks at the result or joins with && hides nothing', () => {
  for (const line of [
    'alembic upgrade head || exit 1\nexec x',
    'alembic upgrade head && exec x',
    'alembic upgrade head\nif [ $? -ne 0 ]; then exit 1; fi\nexec x',
  ])
    expect(ofScript(`#!/bin/sh\n${line}\n`)).toEqual(['2 alembic upgrade']);
  for (const answer of ['true', ':', 'echo "no database yet"'])
    expect(ofScript(`#!/bin/sh\nset -e\nalembic upgrade head || ${answer}\nexec x\n`)).toEqual([
      '3 alembic upgrade hidden by || true',
    ]);
});

test('conditions, loops, functions, comments and texts run no migration for certain', () => {
  for (const line of [
    'if [ -n "$MIGRATE" ]; then alembic upgrade head; fi',
    'until alembic upgrade head; do sleep 1; done',
    'migrate() { alembic upgrade head; }',
    '# alembic upgrade head',
    'echo alembic upgrade head',
    '[ -n "$MIGRATE" ] && alembic upgrade head',
    'case "$1" in migrate) alembic upgrade head ;; esac',
    'python manage.py migrate --check',
  ])
    expect([line, ofScript(`#!/bin/sh\n${line}\nexec x\n`)]).toEqual([line, []]);
});

test('options of the tool stand between its words', () => {
  expect(ofScript('#!/bin/sh\nset -e\nalembic -c /app/alembic.ini upgrade head\nexec x\n')).toHaveLength(1);
  expect(ofScript('#!/bin/sh\nset -e\ncd /app && poetry run alembic upgrade head\nexec x\n')).toHaveLength(1);
  expect(ofScript('#!/bin/sh\nset -e\nnpx prisma migrate deploy\nexec x\n')).toHaveLength(1);
});
