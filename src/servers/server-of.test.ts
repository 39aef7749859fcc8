import { expect, test } from 'vitest';
import { parseImage } from './image-tag.ts';
import { missingVariables, readsVariable, serverOf } from './server-of.ts';

const missing = (image: string, env: Record<string, string | null>) => {
  const server = serverOf(image);
  if (!server) throw new Error(`${image} is not described`);
  return missingVariables(server, (name) => env[name]).map((variable) => variable.name);
};

test('references with registry, tag and digest are taken apart', () => {
  expect(parseImage('docker.io/library/postgres:16.4-alpine3.20@sha256:ab')).toMatchObject({
    repository: 'postgres',
    tag: '16.4-alpine3.20',
    major: 16,
    version: 1604,
    alpine: true,
  });
  expect(parseImage('localhost:5000/redis')).toMatchObject({ repository: 'localhost:5000/redis', tag: 'latest' });
  expect(parseImage('redis@sha256:ab').tag).toBeUndefined();
});

test('an image of another registry, a digest without tag and an unknown image are not described', () => {
  expect(serverOf('localhost:5000/redis')).toBeUndefined();
  expect(serverOf('postgres@sha256:ab')).toBeUndefined();
  expect(serverOf('mycompany/postgres:16')).toBeUndefined();
});

test('PostgreSQL keeps its data elsewhere since 18', () => {
  expect(serverOf('postgres:17')?.data[0]?.path).toBe('/var/lib/postgresql/data');
  expect(serverOf('postgres:18-alpine')?.data[0]?.path).toBe('/var/lib/postgresql');
  expect(serverOf('postgres:18')?.wrongData[0]?.path).toBe('/var/lib/postgresql/data');
  expect(serverOf('postgres:alpine')?.data[0]?.path).toBe('/var/lib/postgresql');
  expect(serverOf('pgvector/pgvector:pg16')?.data[0]?.path).toBe('/var/lib/postgresql/data');
  expect(serverOf('pgvector/pgvector:latest')).toBeUndefined();
});

test('user ids differ between Debian and Alpine variants', () => {
  expect(serverOf('postgres:16')?.runsAs.uid).toBe(999);
  expect(serverOf('postgres:16-alpine')?.runsAs.uid).toBe(70);
  expect(serverOf('redis:7-alpine')?.runsAs).toMatchObject({ uid: 999, gid: 1000 });
});

test('PostgreSQL needs a password, a password file or trust', () => {
  expect(missing('postgres:16', {})).toEqual(['POSTGRES_PASSWORD']);
  expect(missing('postgres:16', { POSTGRES_PASSWORD: '' })).toEqual(['POSTGRES_PASSWORD']);
  expect(missing('postgres:16', { POSTGRES_PASSWORD_FILE: '/run/secrets/p' })).toEqual([]);
  expect(missing('postgres:16', { POSTGRES_HOST_AUTH_METHOD: 'trust' })).toEqual([]);
  expect(missing('postgres:16', { POSTGRES_HOST_AUTH_METHOD: 'md5' })).toEqual(['POSTGRES_PASSWORD']);
  expect(missing('postgres:16', { POSTGRES_PASSWORD: null })).toEqual([]);
});

test('MySQL takes any of the ways to set a root password, MariaDB either prefix', () => {
  expect(missing('mysql:8.4', { MYSQL_PASSWORD: 'x' })).toEqual(['MYSQL_ROOT_PASSWORD']);
  expect(missing('mysql:8.4', { MYSQL_RANDOM_ROOT_PASSWORD: 'yes' })).toEqual([]);
  expect(missing('mariadb:11', { MYSQL_ROOT_PASSWORD: 'x' })).toEqual([]);
  expect(missing('mariadb:11', {})).toEqual(['MARIADB_ROOT_PASSWORD']);
});

test('what a server reads is said only where the table is complete', () => {
  const postgres = serverOf('postgres:16');
  const grafana = serverOf('grafana/grafana:11.0.0');
  const nginx = serverOf('nginx:alpine');
  if (!postgres || !grafana || !nginx) throw new Error('not described');
  expect(readsVariable(postgres, 'POSTGRES_USER_FILE')).toBe('yes');
  expect(readsVariable(postgres, 'POSTGRES_DATABASE')).toBe('no');
  expect(readsVariable(grafana, 'GF_SERVER_ROOT_URL')).toBe('yes');
  expect(readsVariable(nginx, 'BACKEND')).toBe('unknown');
});
