import { expect, test } from 'vitest';
import { completeExample, missingVariables, type Surroundings, synthesise } from './synthesise.ts';

const around: Surroundings = {
  services: [
    { name: 'db', image: 'postgres:17' },
    { name: 'cache', image: 'valkey/valkey:8' },
  ],
  given: { POSTGRES_USER: 'shop', POSTGRES_PASSWORD: 'pw', POSTGRES_DB: 'shopdb' },
  secret: () => 'f00d',
};

test.each([
  ['POSTGRES_PASSWORD', 'f00d', true],
  ['SECRET_KEY', 'f00d', true],
  ['DATABASE_URL', 'postgresql://shop:pw@db:5432/shopdb', true],
  ['REDIS_URL', 'redis://cache:6379/0', false],
  ['DB_HOST', 'db', false],
  ['REDIS_HOST', 'cache', false],
  ['WEB_PORT', '8080', false],
  ['DEBUG', 'false', false],
  ['LOG_LEVEL', 'info', false],
  ['IMAGE_TAG', 'latest', false],
  ['CORS_ORIGINS', 'http://localhost', false],
  ['WORKERS', '2', false],
  ['ADMIN_EMAIL', 'nobody@example.invalid', false],
  ['COMPANY', 'plimsoll', false],
])('%s becomes %s', (name, value, secret) => {
  expect(synthesise(name, around)).toMatchObject({ value, secret });
});

test('without a database in the stack its URL does not name one', () => {
  expect(synthesise('DATABASE_URL', { ...around, services: [] }).value).toBe('sqlite:////tmp/plimsoll.db');
});

test('the variables that Compose misses are read from its warnings and its error', () => {
  const said = `time="2026-11-21T15:23:18Z" level=warning msg="The \\"DATABASE_URL\\" variable is not set. Defaulting to a blank string."
error while interpolating services.api.environment.TOKEN: required variable API_TOKEN is missing a value: needed`;
  expect(missingVariables(said)).toEqual(['DATABASE_URL', 'API_TOKEN']);
});

test('an example’s empty secrets are filled, its other settings stay as they are', () => {
  const { text, filled } = completeExample(
    '# keep\nAPI_TOKEN=\nSENTRY_DSN="" # optional\nOPTIONAL=\nPORT=80\n',
    around,
  );
  expect(text).toBe('# keep\nAPI_TOKEN=f00d\nSENTRY_DSN=f00d\nOPTIONAL=\nPORT=80\n');
  expect([...filled.keys()]).toEqual(['API_TOKEN', 'SENTRY_DSN']);
});
