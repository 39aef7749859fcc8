import { expect, test } from 'vitest';
import { newMask, secretName, secretsIn } from './mask.ts';

test('values that were made up or given are hidden wherever they stand, also encoded in a URL', () => {
  const mask = newMask();
  mask.hide('s3cret/value');
  expect(mask('a s3cret/value b s3cret%2Fvalue')).toBe('a •••• b ••••');
});

test('a secret that contains another is hidden whole', () => {
  const mask = newMask(['abcdef', 'abcdefghij']);
  expect(mask('abcdefghij')).toBe('••••');
});

test('plain words and short values are not hidden, or every log would be blank', () => {
  const mask = newMask(['true', '8080', 'abc', 'localhost']);
  expect(mask('true 8080 abc localhost')).toBe('true 8080 abc localhost');
});

test.each([
  ['postgresql://app:hunter22@db:5432/app', 'postgresql://app:••••@db:5432/app'],
  ['POSTGRES_PASSWORD=hunter22 next', 'POSTGRES_PASSWORD=•••• next'],
  ['"API_TOKEN": "abcdef123"', '"API_TOKEN": "••••"'],
  ['AKIAIOSFODNN7EXAMPLE', '••••'],
  ['ghp_0123456789abcdefghijABCDEFGHIJ012345', '••••'],
])('%s loses its secret', (text, expected) => {
  expect(newMask()(text)).toBe(expected);
});

test.each(['PASSWORD=${DB_PASSWORD}', 'the TOKEN: none', 'http://localhost:8080/a@b', 'GET /api/tokens?page=2'])(
  '%s is no secret and stays readable',
  (text) => {
    expect(newMask()(text)).toBe(text);
  },
);

test('names tell secrets from other variables', () => {
  for (const name of [
    'DB_PASSWORD',
    'API_TOKEN',
    'SECRET_KEY',
    'JWT_SECRET',
    'AWS_ACCESS_KEY_ID',
    'PGPASSWORD',
    'SENTRY_DSN',
  ]) {
    expect([name, secretName.test(name)]).toEqual([name, true]);
  }
  for (const name of ['PORT', 'KEYBOARD', 'AUTHOR', 'MONKEY', 'TOKENIZERS_PARALLELISM', 'LOG_LEVEL']) {
    expect([name, secretName.test(name)]).toEqual([name, false]);
  }
});

test('secrets in a file are named by kind, never by value', () => {
  expect(secretsIn('-----BEGIN RSA PRIVATE KEY-----\nMIIEowIBAAKCAQEAabcdefghij\n')).toEqual(['private key']);
  expect(secretsIn('a public file with -----BEGIN CERTIFICATE-----')).toEqual([]);
});
