import { describe, expect, it } from 'vitest';
import { knownValue } from '../facts/fact.ts';
import { baseFor } from './base.ts';

const presence = (image: string, path: string) => {
  const fact = baseFor(image).tree.lookup(path);
  return fact.known ? fact.value.presence : 'unknown';
};
const command = (image: string, name: string) => {
  const fact = baseFor(image).command(name);
  return fact.known ? fact.value : 'unknown';
};

describe('the state a base image gives', () => {
  it('has nothing in the folders that official images leave empty', () => {
    for (const image of [
      'node:22-slim',
      'python:3.12-slim',
      'alpine:3.20',
      'debian:bookworm',
      'nginx:alpine',
      'golang:1.26',
    ]) {
      for (const path of ['/app', '/app/package-lock.json', '/code/x', '/srv/x', '/home/x', '/workspace/go.mod']) {
        expect(presence(image, path), `${image} ${path}`).toBe('absent');
      }
    }
    expect(presence('node:22-slim', '/usr/src/app/package-lock.json')).toBe('absent');
    expect(presence('python:3.12-slim', '/usr/lib/x')).toBe('unknown');
    expect(presence('grafana/grafana', '/app')).toBe('unknown');
    expect(presence('mycorp/base', '/app')).toBe('unknown');
  });

  it('finds commands by path and by table', () => {
    expect(command('debian:bookworm-slim', 'useradd')).toBe('present');
    expect(command('debian:bookworm-slim', '/bin/bash')).toBe('present');
    expect(command('debian:bookworm-slim', 'nonsense')).toBe('absent');
    expect(command('node:22-slim', 'nonsense')).toBe('unknown');
    expect(command('node:22-slim', 'curl')).toBe('absent');
    expect(command('node:22-slim', '/usr/local/bin/node')).toBe('present');
    expect(command('alpine:3.20', 'wget')).toBe('present');
    expect(command('alpine:3.20', '/bin/bash')).toBe('absent');
    expect(command('python:3.12-alpine', 'useradd')).toBe('absent');
    expect(command('node:22-slim', 'docker-entrypoint.sh')).toBe('present');
    expect(command('mycorp/base', 'curl')).toBe('unknown');
    expect(command('scratch', 'sh')).toBe('absent');
  });

  it('knows users, groups and ids', () => {
    const users = (image: string) =>
      knownValue(baseFor(image).users)?.map((user) => `${user.name}:${user.uid}:${user.gid}`);
    expect(users('node:22-slim')).toContain('node:1000:1000');
    expect(users('debian:bookworm')).toContain('_apt:42:65534');
    expect(users('alpine')).toContain('guest:405:100');
    expect(users('ubuntu:22.04')).not.toContain('ubuntu:1000:1000');
    expect(users('ubuntu:24.04')).toContain('ubuntu:1000:1000');
    expect(users('mycorp/base')).toBeUndefined();
    expect(knownValue(baseFor('nginx:alpine').groups)?.find((group) => group.name === 'nginx')?.gid).toBe(101);
    expect(knownValue(baseFor('nginxinc/nginx-unprivileged:alpine').user)).toMatchObject({ uid: 101, gid: 101 });
    expect(knownValue(baseFor('prom/prometheus').user)).toMatchObject({ written: 'nobody', uid: 65534 });
  });

  it('knows what can be copied from an image of tools', () => {
    expect(presence('ghcr.io/astral-sh/uv:0.9', '/uv')).toBe('present');
    expect(presence('ghcr.io/astral-sh/uv:latest', '/usr/local/bin/uv')).toBe('absent');
    expect(presence('nginx:alpine', '/usr/share/nginx/html/index.html')).toBe('present');
    expect(presence('nginx:alpine', '/etc/nginx/sites-enabled')).toBe('absent');
  });
});
