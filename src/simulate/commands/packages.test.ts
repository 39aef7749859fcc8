import { describe, expect, it } from 'vitest';
import { build } from './testing.ts';

const said = (dockerfile: string, files = {}) =>
  build(dockerfile, files).breaks.map((item) => `${item.kind}: ${item.subject}`);

describe('apt-get', () => {
  it('brings commands, libraries and users with their dependencies', () => {
    const built = build(
      'FROM python:3.12-slim-bookworm\nRUN apt-get update && apt-get install -y --no-install-recommends curl libpq5 nginx netcat-openbsd && rm -rf /var/lib/apt/lists/*',
    );
    expect(built.breaks).toEqual([]);
    for (const name of ['curl', 'nginx', 'nc']) expect(built.command(name), name).toBe('present');
    expect(built.at('/usr/lib/x86_64-linux-gnu/libpq.so.5')).toBe('present');
    expect(built.command('wget')).toBe('absent');
    expect(built.state.tree.list('/var/lib/apt/lists')).toMatchObject({ value: { names: [] } });
  });

  it('knows that ca-certificates brings openssl, and procps ps', () => {
    const built = build('FROM debian:trixie-slim\nRUN apt-get update && apt-get install -y ca-certificates procps');
    expect(built.command('openssl')).toBe('present');
    expect(built.command('ps')).toBe('present');
    expect(built.command('update-ca-certificates')).toBe('present');
  });

  it('stops without lists, and for packages that the suite does not have', () => {
    expect(said('FROM debian:bookworm-slim\nRUN apt-get install -y curl')).toEqual(['package-unknown: curl']);
    expect(said('FROM debian:bookworm-slim\nRUN apt-get update\nRUN apt-get install -y curl')).toEqual([]);
    expect(
      said('FROM debian:bookworm-slim\nRUN apt-get update && rm -rf /var/lib/apt/lists/* && apt-get install -y curl'),
    ).toEqual(['package-unknown: curl']);
    expect(said('FROM debian:trixie-slim\nRUN apt-get update && apt-get install -y libgl1-mesa-glx')).toEqual([
      'package-unknown: libgl1-mesa-glx',
    ]);
    expect(
      said(
        'FROM debian:bookworm-slim\nRUN apt-get update && apt-get install -y libgl1-mesa-glx zlib1g=1:1.2.13 curl:amd64',
      ),
    ).toEqual([]);
  });

  it('says nothing of packages when sources were added or the suite is not known', () => {
    expect(
      said(
        'FROM debian:bookworm-slim\nRUN echo "deb x y z" > /etc/apt/sources.list.d/x.list && apt-get update && apt-get install -y made-up-by-us',
      ),
    ).toEqual([]);
    expect(said('FROM ubuntu:24.04\nRUN apt-get update && apt-get install -y made-up-by-us')).toEqual([]);
    expect(said('FROM python:3.11.4-slim\nRUN apt-get update && apt-get install -y made-up-by-us')).toEqual([]);
    expect(
      build(
        'FROM debian:bookworm-slim\nRUN apt-get update && apt-get install -y postgresql-client-common made-up',
      ).command('made'),
    ).not.toBe('absent');
  });

  it('is not on Alpine, and apk not on Debian', () => {
    expect(said('FROM alpine:3.20\nRUN apt-get update')).toEqual(['package-manager-of-other-distro: apt-get']);
    expect(said('FROM node:22-slim\nRUN apk add --no-cache curl')).toEqual(['package-manager-of-other-distro: apk']);
    expect(said('FROM mycorp/base\nRUN apk add curl')).toEqual([]);
  });
});

describe('apk', () => {
  it('brings what is certain and leaves the rest open', () => {
    const built = build(
      'FROM node:22-alpine\nRUN apk add --no-cache --virtual .deps bash curl python3 make g++ somelib && apk add tini',
    );
    expect(built.breaks).toEqual([]);
    for (const name of ['bash', 'curl', 'python3', 'make', 'tini']) expect(built.command(name), name).toBe('present');
    expect(built.command('apt-get')).not.toBe('present');
  });
});
