import { describe, expect, it } from 'vitest';
import { parseMode } from './mode.ts';
import { build } from './testing.ts';

const debian = (run: string, files = {}) => build(`FROM debian:bookworm-slim\nWORKDIR /w\n${run}\n`, files);
const kinds = (built: ReturnType<typeof build>) => built.breaks.map((item) => item.kind);

describe('commands on files', () => {
  it('mkdir makes parents with the umask and the last folder with -m', () => {
    const built = debian('RUN mkdir -p -m 700 a/b && mkdir -m 1777 /t && mkdir -pv /x/y /z');
    expect(built.breaks).toEqual([]);
    expect(built.attributes('/w/a')).toBe('0755 0:0');
    expect(built.attributes('/w/a/b')).toBe('0700 0:0');
    expect(built.attributes('/t')).toBe('1777 0:0');
    expect(built.at('/x/y')).toBe('present');
  });

  it('mkdir without -p fails where the folder is there or its parent is not', () => {
    expect(debian('RUN mkdir /w').breaks).toMatchObject([{ says: 'File exists' }]);
    expect(debian('RUN mkdir a/b').breaks).toMatchObject([{ kind: 'file-missing', subject: '/w/a' }]);
    expect(debian('RUN mkdir /usr/lib/never-seen').breaks).toEqual([]);
  });

  it('mkdir does not follow a link to nowhere, and stops at a file on the way', () => {
    const link = 'RUN ln -s /nowhere l && ';
    const busybox = (run: string) => build(`FROM alpine:3.20\nWORKDIR /w\n${run}\n`);
    for (const make of [debian, busybox]) {
      for (const run of ['mkdir -p l', 'mkdir -p l/sub', 'mkdir l'])
        expect(make(link + run).breaks, run).toMatchObject([{ subject: '/w/l', says: 'create directory' }]);
      expect(make('RUN touch f && mkdir -p f/x').breaks).toMatchObject([{ subject: '/w/f', says: 'Not a directory' }]);
      const fine = make('RUN mkdir d && ln -s d l && mkdir -p l && mkdir -p l/new');
      expect(fine.breaks).toEqual([]);
      expect(fine.at('/w/d/new')).toBe('present');
    }
  });

  it('rm without -r stops at a folder, with -f too, and removes what else it was given', () => {
    for (const base of ['debian:bookworm-slim', 'alpine:3.20']) {
      const rm = (run: string) => build(`FROM ${base}\nWORKDIR /w\nRUN mkdir d && touch f && ${run}\n`);
      expect(rm('rm -f d').breaks).toMatchObject([{ subject: '/w/d', says: 's a directory' }]);
      expect(rm('rm -f f d || true').at('/w/f')).toBe('absent');
      expect(rm('rm -f f d || true').at('/w/d')).toBe('present');
      expect(rm('ln -s d l && rm l').breaks).toEqual([]);
      expect(rm('rm -rf .').breaks).toMatchObject([{ says: "'.' or '..'" }]);
      expect(rm('rm -rf d/.').breaks).toMatchObject([{ says: "'.' or '..'" }]);
    }
  });

  it('rm -rf DIR/* leaves hidden files, in folders that are fully known and in others', () => {
    const known = debian('RUN mkdir d && touch d/.h d/x && rm -rf d/*');
    expect([known.at('/w/d/.h'), known.at('/w/d/x')]).toEqual(['present', 'absent']);
    const other = debian('RUN touch /usr/share/.h /usr/share/x && rm -rf /usr/share/*');
    expect([other.at('/usr/share/.h'), other.at('/usr/share/x')]).toEqual(['present', 'absent']);
    const doubted = debian('RUN mkdir d && touch d/.h d/x\nRUN ./magic\nRUN rm -rf d/*');
    expect([doubted.at('/w/d/.h'), doubted.at('/w/d/x')]).toEqual(['assumed', 'absent']);
  });

  it('chmod reads symbolic modes', () => {
    expect(parseMode('u+x', 0o644, false, 0o022)).toBe(0o744);
    expect(parseMode('+x', 0o644, false, 0o022)).toBe(0o755);
    expect(parseMode('a-w,o=', 0o666, false, 0o022)).toBe(0o440);
    expect(parseMode('u=rwX,go=rX', 0o700, true, 0o022)).toBe(0o755);
    expect(parseMode('go=u', 0o640, false, 0o022)).toBe(0o666);
    expect(parseMode('4755', 0, false, 0)).toBe(0o4755);
    expect(parseMode('g+s', 0o755, true, 0)).toBe(0o2755);
    expect(parseMode('755', 0o2755, true, 0)).toBe(0o2755);
    expect(parseMode('nonsense', 0, false, 0)).toBeUndefined();
    const built = debian('COPY run.sh .\nRUN chmod +x run.sh && chmod -R 0500 /w', {
      'run.sh': { text: '', mode: 0o644 },
    });
    expect(built.attributes('/w/run.sh')).toBe('0500 0:0');
    expect(kinds(debian('RUN chmod +x run.sh'))).toEqual(['file-missing']);
  });

  it('chown knows users, groups, ids, and names that are not there', () => {
    const built = debian(
      'RUN mkdir a && chown www-data:staff a && mkdir b && chown -R 1001:0 b && mkdir c && chown www-data: c && mkdir d && chgrp 5 d',
    );
    expect(built.attributes('/w/a')).toBe('0755 33:50');
    expect(built.attributes('/w/b')).toBe('0755 1001:0');
    expect(built.attributes('/w/c')).toBe('0755 33:33');
    expect(built.attributes('/w/d')).toBe('0755 0:5');
    expect(debian('RUN chown app:app /w').breaks).toMatchObject([
      { kind: 'user-unknown', subject: 'app', says: 'invalid user' },
    ]);
    expect(build('FROM mycorp/base\nRUN chown app /srv').breaks).toEqual([]);
  });

  it('cp, mv, ln, touch and rm do what they say', () => {
    const files = { a: 'one', 'd/x': 'two' };
    const built = debian(
      'COPY . .\nRUN cp a b && cp -r d e && cp -r d/. f && mv a /g && ln -s /g h && touch i && rm -rf d && cp b e/',
      files,
    );
    expect(built.breaks).toEqual([]);
    for (const path of ['/w/b', '/w/e/x', '/w/f/x', '/g', '/w/h', '/w/i', '/w/e/b'])
      expect(built.at(path), path).toBe('present');
    for (const path of ['/w/a', '/w/d', '/w/e/d']) expect(built.at(path), path).toBe('absent');
    expect(kinds(debian('RUN cp nothing /x'))).toEqual(['file-missing']);
    expect(kinds(debian('RUN rm nothing'))).toEqual(['file-missing']);
    expect(kinds(debian('RUN rm -f nothing'))).toEqual([]);
    expect(kinds(debian('COPY . .\nRUN rm d', files))).toEqual(['other']);
    expect(kinds(debian('RUN cp /usr/lib/never-seen /x'))).toEqual([]);
  });

  it('cp and mv stop where something would be put onto itself or into itself', () => {
    const files = { w: 'w', 'd/x': '' };
    for (const base of ['debian:bookworm-slim', 'alpine:3.20']) {
      const run = (text: string) => build(`FROM ${base}\nWORKDIR /w\nCOPY . .\nRUN ${text}\n`, files);
      for (const text of ['cp w w', 'cp w .', 'cp d/x d', 'cp -r d/. d', 'ln -s d l && cp l/x d'])
        expect(run(text).breaks, text).toMatchObject([{ kind: 'other', says: 'are the same file' }]);
      for (const text of ['cp -r d d', 'cp -r d d/y', 'mv d d/y', 'mv d d'])
        expect(run(text).breaks, text).toMatchObject([{ kind: 'other', subject: expect.stringContaining('/w/d/') }]);
      // coreutils refuses, BusyBox does not.
      expect(run('mv w w').breaks).toEqual([]);
      expect(run('cp -r d dd && cp w d/w && mv d/w dd').breaks).toEqual([]);
      expect(run('cp -r d d || true').at('/w/w')).toBe('present');
    }
  });

  it('install sets modes and owners', () => {
    const built = debian(
      'COPY a .\nRUN install -d -m 0750 -o www-data -g www-data /data && install -m 0644 a /etc/a.conf',
      { a: '' },
    );
    expect(built.attributes('/data')).toBe('0750 33:33');
    expect(built.attributes('/etc/a.conf')).toBe('0644 0:0');
  });

  it('a user without rights is refused', () => {
    const built = build('FROM node:22-slim\nUSER node\nRUN mkdir /app');
    expect(built.breaks).toMatchObject([{ kind: 'permission-denied', subject: '/app' }]);
    expect(build('FROM node:22-slim\nUSER node\nRUN mkdir /home/node/app /tmp/x').breaks).toEqual([]);
  });

  it('tar and unzip fill folders, and stop where the folder or the archive is not', () => {
    const built = debian('COPY x.tgz .\nRUN mkdir /opt/x && tar -xzf x.tgz -C /opt/x --strip-components=1', {
      'x.tgz': 'z',
    });
    expect(built.breaks).toEqual([]);
    expect(built.at('/opt/x/bin')).toBe('unknown');
    expect(kinds(debian('COPY x.tgz .\nRUN tar xzf x.tgz -C /opt/none', { 'x.tgz': 'z' }))).toEqual(['file-missing']);
    expect(kinds(debian('RUN tar xzf x.tgz'))).toEqual(['file-missing']);
  });

  it('sed -i of line ends gives the text without them', () => {
    const built = debian("COPY run.sh .\nRUN sed -i 's/\\r$//' run.sh", { 'run.sh': '#!/bin/sh\r\necho\r\n' });
    const found = built.state.tree.lookup('/w/run.sh');
    expect(found.known && found.value.content?.()).toBe('#!/bin/sh\necho\n');
  });
});
