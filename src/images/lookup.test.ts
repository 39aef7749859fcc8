import { describe, expect, it } from 'vitest';
import { knownValue } from '../facts/fact.ts';
import { lifetimesOf, supportedCycles } from './end-of-life.ts';
import { lookupImage } from './lookup.ts';
import { officialTag, tagMoves } from './official.ts';
import { parseReference } from './reference.ts';
import { atLeast, tagVersion } from './version.ts';

const family = (text: string) => knownValue(lookupImage(text))?.family;
const has = (text: string, command: string) => {
  const image = knownValue(lookupImage(text));
  const fact = image?.commands.get(command);
  return fact === undefined ? 'not spoken of' : fact.known ? fact.value : 'unknown';
};

describe('references', () => {
  it('know registries, ports, tags and digests', () => {
    const digest = `sha256:${'a'.repeat(64)}`;
    expect(parseReference('node')).toMatchObject({
      registry: 'docker.io',
      repository: 'library/node',
      name: 'node',
      tag: 'latest',
      tagWritten: false,
    });
    expect(parseReference('docker.io/library/node:22')).toMatchObject({ name: 'node', tag: '22' });
    expect(parseReference('index.docker.io/node:22')).toMatchObject({ name: 'node' });
    expect(parseReference('localhost:5000/node')).toMatchObject({ name: 'localhost:5000/node', tag: 'latest' });
    expect(parseReference('bitnami/redis:7.2')).toMatchObject({ name: 'bitnami/redis', tag: '7.2' });
    expect(parseReference(`python:3.12-slim@${digest}`)).toMatchObject({ name: 'python', tag: '3.12-slim', digest });
    expect(parseReference(`python@${digest}`)?.tag).toBeUndefined();
    expect(parseReference('public.ecr.aws/docker/library/node:20-alpine')).toMatchObject({
      name: 'node',
      tag: '20-alpine',
    });
    expect(parseReference('ghcr.io/astral-sh/uv:0.9')).toMatchObject({ name: 'ghcr.io/astral-sh/uv', tag: '0.9' });
  });

  it('are refused where the engine refuses them', () => {
    for (const text of ['Node:22', 'node:', 'node 22', '', 'node:22:1', '${BASE}', 'a//b', '-x']) {
      expect(parseReference(text), text).toBeUndefined();
    }
    // A first part with capitals is a host name.
    expect(parseReference('MyHost/app')).toMatchObject({ registry: 'MyHost' });
  });
});

describe('looking up images', () => {
  it('takes the first entry whose name and tag fit', () => {
    expect(family('node:22-alpine3.22')).toBe('node:*-alpine');
    expect(family('node:22-bookworm-slim')).toBe('node:*-slim');
    expect(family('node:lts')).toBe('node');
    expect(family('docker.io/library/python:3.12-slim-trixie')).toBe('python:*-slim');
    expect(family('nginx:1.29-alpine-slim')).toBe('nginx:*-alpine-slim');
    expect(family('quay.io/nginx/nginx-unprivileged:1.29-alpine')).toBe('nginxinc/nginx-unprivileged:*-alpine');
    expect(family('gcr.io/distroless/nodejs22-debian12:nonroot')).toBe('gcr.io/distroless/nodejs22-debian*');
    expect(family('scratch')).toBe('scratch');
  });

  it('says nothing of what it does not know', () => {
    for (const text of [
      'mycorp/node:22',
      'registry.example.com/node:22',
      'nodeish',
      'mcr.microsoft.com/windows/nanoserver:ltsc2022',
    ]) {
      expect(lookupImage(text).known, text).toBe(false);
    }
    expect(lookupImage(`node@sha256:${'0'.repeat(64)}`).known).toBe(false);
    expect(lookupImage('mongo:8.0-windowsservercore').known).toBe(false);
    expect(lookupImage('node:22', { platform: { os: 'windows', architecture: 'amd64' } }).known).toBe(false);
  });

  it('resolves the suite from the tag, from the list of official images, and else not', () => {
    const release = (text: string) => knownValue(lookupImage(text))?.release;
    const known = (text: string) => {
      const fact = release(text);
      return fact?.known ? fact.value : undefined;
    };
    expect(known('python:3.12-slim-bookworm')).toBe('bookworm');
    expect(known('python:3.12-slim')).toBe('trixie');
    expect(known('node:24-slim')).toBe('bookworm');
    expect(known('debian:12.5-slim')).toBe('bookworm');
    expect(known('debian:stable-slim')).toBe('trixie');
    expect(known('ubuntu:22.04')).toBe('jammy');
    expect(known('alpine:3.20.3')).toBe('3.20');
    expect(known('alpine')).toMatch(/^3\.\d+$/);
    expect(known('python:3.12-alpine3.19')).toBe('3.19');
    expect(known('redis:8')).toBe('trixie');
    expect(known('gcr.io/distroless/base-debian12')).toBe('bookworm');
    // A pinned build of years ago was made on the Debian of its day.
    expect(known('python:3.11.4-slim')).toBeUndefined();
    expect(known(`python:3.12-slim@sha256:${'1'.repeat(64)}`)).toBeUndefined();
  });

  it('decides conditional commands by version and suite, and leaves the rest open', () => {
    expect(has('node:24-slim', 'adduser')).toBe('present');
    expect(has('node:26-slim', 'adduser')).toBe('absent');
    expect(has('node:26-slim', 'corepack')).toBe('absent');
    expect(has('node:24-slim', 'corepack')).toBe('present');
    expect(has('python:3.12.1-slim', 'adduser')).toBe('unknown');
    expect(has('python:3.12-slim', 'curl')).toBe('absent');
    expect(has('python:3.12', 'curl')).toBe('present');
    expect(has('python:3.12-alpine', 'useradd')).toBe('absent');
    expect(has('ghcr.io/astral-sh/uv:python3.13-alpine', 'python')).toBe('present');
    expect(has('ghcr.io/astral-sh/uv:alpine', 'python')).toBe('unknown');
    expect(has('ubuntu:24.04', 'curl')).toBe('absent');
  });

  it('knows language versions, environment and defaults', () => {
    const python = knownValue(lookupImage('python:3.12.1-slim'));
    expect(python?.languages.get('python')).toMatchObject({ value: '3.12' });
    expect(python?.env.get('PYTHON_VERSION')).toMatchObject({ value: '3.12.1' });
    expect(knownValue(lookupImage('python:3'))?.env.get('PYTHON_VERSION')).toMatchObject({ known: false });
    expect(knownValue(lookupImage('python:3.13-slim'))?.env.has('LANG')).toBe(false);
    expect(knownValue(lookupImage('node:lts-slim'))?.languages.get('node')).toMatchObject({ value: '24' });
    expect(knownValue(lookupImage('nginxinc/nginx-unprivileged'))?.ports).toEqual([{ port: 8080, protocol: 'tcp' }]);
    expect(knownValue(lookupImage('nginx'))?.stopSignal).toBe('SIGQUIT');
    expect(knownValue(lookupImage('gcr.io/distroless/static-debian12:nonroot'))?.user).toBe('65532');
    expect(knownValue(lookupImage('postgres:16'))?.volumes).toEqual(['/var/lib/postgresql/data']);
    expect(knownValue(lookupImage('postgres:18'))?.volumes).toEqual(['/var/lib/postgresql']);
  });
});

describe('tags and lifetimes', () => {
  it('tell moving, full and removed tags apart', () => {
    expect(tagMoves('node', '24-slim')).toBe(true);
    expect(tagMoves('node', 'latest')).toBe(true);
    expect(tagMoves('debian', 'trixie-slim')).toBe(true);
    expect(officialTag('node', '14-slim')).toBeNull();
    expect(officialTag('mycorp/app', 'x')).toBeUndefined();
    expect(tagMoves('mycorp/app', '1.2')).toBeUndefined();
  });

  it('give the end of life of product and distribution', () => {
    expect(lifetimesOf('node', '18-slim', 'bookworm', '2026-08-30').map((item) => [item.product, item.ended])).toEqual([
      ['Node.js', true],
      ['Debian', false],
    ]);
    expect(lifetimesOf('python', '3.13-alpine', '3.23', '2026-08-30').map((item) => item.ended)).toEqual([
      false,
      false,
    ]);
    expect(lifetimesOf('python', '3', undefined, '2026-08-30')).toEqual([]);
  });

  it('do not hold a moving tag to the release that it stood on when the tags were read', () => {
    const alpine = (tag: string): boolean | undefined =>
      lifetimesOf('redis', tag, '3.21', '2026-11-21').find((item) => item.product.startsWith('Alpine'))?.ended;
    expect(['7-alpine3.21', '7-alpine'].map(alpine)).toEqual([true, undefined]);
  });

  it('count the long-term support of Debian as support', () => {
    const debian = (suite: string): boolean | undefined =>
      lifetimesOf('python', `3.12-${suite}`, suite, '2026-11-21').find((item) => item.product === 'Debian')?.ended;
    expect(['buster', 'bullseye', 'bookworm', 'trixie'].map(debian)).toEqual([true, true, false, false]);
  });

  it('name the release lines that are out and still mended, oldest first', () => {
    expect(supportedCycles('node', '2026-11-21').map((item) => item.cycle)).toEqual(['22', '24', '26']);
    expect(supportedCycles('python', '2026-11-21').map((item) => item.cycle)).toEqual(['3.11', '3.12', '3.13', '3.14']);
    expect(supportedCycles('mycorp/app', '2026-11-21')).toEqual([]);
  });

  it('reads versions of tags', () => {
    expect(tagVersion('v3.7.1')).toBe('3.7.1');
    expect(tagVersion('bookworm-slim')).toBeUndefined();
    expect(tagVersion('3.15-rc-slim')).toBe('3.15');
    expect(atLeast('3', '3.12')).toBeUndefined();
    expect(atLeast('26', '25')).toBe(true);
  });
});
