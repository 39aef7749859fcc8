import { expect, test } from 'vitest';
import { PROVEN } from './proven.ts';
import { serverOf } from './server-of.ts';

const IMAGES = [
  'postgres:17',
  'mysql:8',
  'mariadb:11',
  'mongo:8',
  'redis:8',
  'valkey/valkey:8',
  'rabbitmq:4',
  'memcached:1',
  'nginx:1.28',
  'traefik:v3',
  'caddy:2',
  'httpd:2.4',
  'haproxy:3',
  'prom/prometheus:v3.5.0',
  'prom/alertmanager:v0.28.0',
  'grafana/grafana:12',
  'grafana/loki:3',
  'hashicorp/vault:1.20',
  'minio/minio:latest',
  'elasticsearch:9',
  'opensearchproject/opensearch:3',
];

test('an entry says where it comes from and when; what is only recollected says so and is never called sure', () => {
  const said = IMAGES.flatMap((image) => {
    const server = serverOf(image);
    return server === undefined ? [] : [{ image, ...server.origin, sure: server.sureness }];
  });
  expect(said.length).toBeGreaterThan(15);
  for (const entry of said) {
    expect(entry.date, entry.image).toMatch(/^20\d\d-\d\d-\d\d$/);
    expect(entry.source, entry.image).not.toBe('');
    if (entry.source === 'knowledge') expect([entry.image, entry.confidence]).not.toEqual([entry.image, 'high']);
  }
  expect(said.filter((entry) => entry.sure === 'recollected').map((entry) => entry.image)).toContain('haproxy:3');
});

test('what was seen on an engine is of an entry that there is', () => {
  for (const { image, name } of PROVEN) {
    expect(serverOf(image)?.name).toBe(name);
    expect(serverOf(image)?.sureness).toBe('proven');
  }
});
