import { describe, expect, it } from 'vitest';
import { build } from './testing.ts';

// Every expectation was measured on Debian bookworm and trixie roots (2026-11-21); BusyBox's on the Alpine look-alike.

const on = (base: string, run: string) => build(`FROM ${base}\nRUN ${run}\n`);
const said = (base: string, run: string) => on(base, run).breaks.map((item) => `${item.kind}: ${item.says}`);
const SLIM = 'debian:bookworm-slim';

describe('useradd and groupadd', () => {
  it('take ids as shadow does', () => {
    const built = on(
      SLIM,
      'useradd -u 1000 app && groupadd -r sysg && useradd -r sysu && useradd -r -g sysg -m -d /opt/h sysu2 && useradd -m -s /bin/bash u3',
    );
    expect(built.breaks).toEqual([]);
    expect(built.user('app')).toBe('1000:1000:/home/app');
    expect(built.user('sysu')).toBe('999:998:/home/sysu');
    expect(built.user('sysu2')).toBe('998:999:/opt/h');
    expect(built.user('u3')).toBe('1001:1001:/home/u3');
    expect(built.attributes('/home/u3')).toBe('0755 1001:1001');
    expect(built.at('/home/u3/.bashrc')).toBe('present');
    expect(built.at('/home/app')).toBe('absent');
    expect(on('debian:trixie-slim', 'useradd -m u3').attributes('/home/u3')).toBe('0700 1000:1000');
    expect(on(SLIM, 'useradd -u 10001 a && useradd -N nn').user('nn')).toBe('10002:100:/home/nn');
  });

  it('refuse what is taken or missing, in their words', () => {
    expect(said('node:22-slim', 'useradd -u 1000 app')).toEqual(['id-taken: UID 1000 is not unique']);
    expect(said(SLIM, 'useradd a && useradd a')).toEqual(["name-taken: user 'a' already exists"]);
    expect(said(SLIM, 'groupadd -g 33 gg')).toEqual(["id-taken: GID '33' already exists"]);
    expect(said(SLIM, 'groupadd users')).toEqual(["name-taken: group 'users' already exists"]);
    expect(said(SLIM, 'groupadd -f -g 33 gg')).toEqual([]);
    expect(said(SLIM, 'useradd -g nope x')).toEqual(["user-unknown: group 'nope' does not exist"]);
    expect(said(SLIM, 'groupadd app && useradd app')).toEqual(['name-taken: group app exists']);
    expect(said(SLIM, 'groupadd app && useradd -g app app')).toEqual([]);
    expect(said(SLIM, 'usermod -aG nope www-data')).toEqual(["user-unknown: group 'nope' does not exist"]);
    expect(said(SLIM, 'useradd -u 1000 -o a && useradd -o -u 1000 b')).toEqual([]);
  });

  it('say nothing of bases whose users are not known, or of words that are not', () => {
    expect(said('mycorp/base', 'useradd -u 1000 app')).toEqual([]);
    expect(build(`FROM ${SLIM}\nARG U\nRUN useradd -u $U app`).breaks).toEqual([]);
  });

  it('are not there on Alpine', () => {
    expect(on('alpine:3.20', 'useradd app').breaks).toMatchObject([
      { kind: 'user-option-of-other-distro', says: 'not found' },
    ]);
    expect(said('alpine:3.20', 'apk add shadow && useradd app')).toEqual([]);
  });
});

describe('adduser', () => {
  it('of Debian gives system ids from 100', () => {
    const built = on(
      SLIM,
      'adduser --system --group app && adduser --system app2 && adduser --disabled-password --gecos "" joe',
    );
    expect(built.breaks).toEqual([]);
    expect(built.user('app')).toBe('100:101:/nonexistent');
    expect(built.user('app2')).toBe('101:65534:/nonexistent');
    expect(built.user('joe')).toBe('1000:1000:/home/joe');
    expect(built.attributes('/home/joe')).toBe('0700 1000:1000');
    expect(built.group('users')).toBe('100:joe');
    expect(said(SLIM, 'adduser --system --uid 33 q')).toEqual(['id-taken: The UID 33 is already in use']);
    expect(said(SLIM, 'addgroup --gid 33 g')).toEqual(["id-taken: The GID `33' is already in use"]);
  });

  it('of Debian refuses BusyBox options', () => {
    expect(said(SLIM, 'adduser -D app')).toEqual(['user-option-of-other-distro: ption']);
    expect(said(SLIM, 'addgroup -S app')).toEqual(['user-option-of-other-distro: ption']);
  });

  it('is missing on trixie', () => {
    expect(said('debian:trixie-slim', 'adduser --system app')).toEqual(['command-missing: not found']);
  });

  it('of BusyBox gives ids, homes and modes of its own', () => {
    const built = on('alpine:3.20', 'addgroup -S app && adduser -S app -G app && adduser -D joe && adduser -S s2');
    expect(built.breaks).toEqual([]);
    expect(built.user('app')).toBe('100:101:/home/app');
    expect(built.group('app')).toBe('101:app');
    expect(built.user('joe')).toBe('1000:1000:/home/joe');
    expect(built.user('s2')).toBe('101:65533:/home/s2');
    expect(built.attributes('/home/joe')).toBe('2755 1000:1000');
    const next = on('node:22-alpine', 'addgroup --system --gid 1001 nodejs && adduser --system --uid 1001 nextjs');
    expect(next.breaks).toEqual([]);
    expect(next.user('nextjs')).toBe('1001:65533:/home/nextjs');
  });

  it('of BusyBox refuses in its own words', () => {
    expect(said('node:22-alpine', 'adduser -D -u 1000 app')).toEqual(["id-taken: uid '1000' in use"]);
    expect(said('alpine:3.20', 'adduser -S -G nope z')).toEqual(['user-unknown: unknown group nope']);
    expect(said('alpine:3.20', 'addgroup -g 82 w')).toEqual(["id-taken: gid '82' in use"]);
    expect(said('alpine:3.20', 'addgroup app && addgroup app')).toEqual(["name-taken: group 'app' in use"]);
    expect(said('alpine:3.20', 'adduser --system --group app')).toEqual([
      'user-option-of-other-distro: unrecognized option',
    ]);
  });
});
