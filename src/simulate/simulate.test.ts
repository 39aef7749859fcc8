import { beforeAll, describe, expect, it } from 'vitest';
import { parseDockerfile } from '../dockerfile/parse.ts';
import { known, unknown } from '../facts/fact.ts';
import { readDataFromFiles } from '../repo/data-files.ts';
import { type MemoryFile, memoryRepo } from '../repo/memory.ts';
import { openContext } from './context/open-context.ts';
import { formatImage, showImage } from './show.ts';
import { simulate } from './simulate.ts';
import type { Trace } from './trace.ts';

beforeAll(() => readDataFromFiles());

function build(
  text: string,
  files: Readonly<Record<string, MemoryFile>> = {},
  more: { target?: string; buildArgs?: Map<string, never> } = {},
): Trace {
  const repo = memoryRepo({ ...files, Dockerfile: text });
  const trace = simulate({
    dockerfile: parseDockerfile(text, 'Dockerfile'),
    context: openContext(repo, '', 'Dockerfile'),
    ...more,
  });
  if (!trace) throw new Error('no trace');
  return trace;
}

function presence(trace: Trace, path: string): string {
  const found = trace.final.tree.lookup(path);
  return found.known ? found.value.presence : 'unknown';
}

const kinds = (trace: Trace) =>
  trace.breaks.map(
    (item) => `${item.kind}${item.swallowed ? ' swallowed' : ''}${item.hypothetical ? ' hypothetical' : ''}`,
  );

describe('simulate', () => {
  it('knows that a new folder holds nothing but what was copied into it, and says which line made it', () => {
    const trace = build('FROM python:3.12-slim\nWORKDIR /app\nCOPY main.py .\n', { 'main.py': 'print(1)\n' });
    expect(presence(trace, '/app/main.py')).toBe('present');
    const absent = trace.final.tree.lookup('/app/config.yml');
    expect(absent).toMatchObject({ known: true, value: { presence: 'absent' } });
    expect(absent.because[0]).toMatchObject({ kind: 'line', at: { line: 2 } });
  });

  // Measured with BuildKit of Docker 28.5: the rule of the documentation that the destination ends with a slash is not enforced.
  it('lets several sources without a slash at the end overwrite one another, and stops where a folder meets a file', () => {
    const files = { a: 'a', b: 'bb', 'dir/c': '' };
    const content = (text: string) => {
      const trace = build(`FROM alpine:3.20\n${text}\n`, files);
      expect(kinds(trace)).toEqual([]);
      const found = trace.final.tree.lookup('/x');
      return found.known && found.value.presence === 'present' ? (found.value.content?.() ?? found.value.type) : '';
    };
    for (const text of ['COPY a b /x', 'ADD a b /x', 'COPY [ab] /x', 'ARG D=/x\nCOPY a b $D'])
      expect(content(text), text).toBe('bb');
    expect(content('COPY a b /x/')).toBe('directory');
    expect(content('RUN mkdir /x\nCOPY a b /x')).toBe('directory');
    expect(kinds(build('FROM alpine:3.20\nCOPY a dir /x\n', files))).toEqual(['copy-destination-conflict']);
  });

  it('does not start a step that mounts a folder onto a file', () => {
    const mounted = (mount: string) =>
      kinds(build(`FROM alpine:3.20\nCOPY a /a\nRUN --mount=${mount} true\n`, { a: '' }));
    for (const type of ['cache', 'tmpfs']) expect(mounted(`type=${type},target=/a`)).toEqual(['other']);
    expect(mounted('type=bind,source=a,target=/a')).toEqual([]);
    expect(mounted('type=cache,target=/b')).toEqual([]);
  });

  it('remembers which line removed a file', () => {
    const trace = build('FROM alpine:3.20\nCOPY a /a\nRUN rm /a\n', { a: '' });
    const found = trace.final.tree.lookup('/a');
    expect(found).toMatchObject({ known: true, value: { presence: 'absent' } });
    expect(found.because[0]).toMatchObject({ at: { line: 3 } });
  });

  it('takes nothing for granted after a command that is not modelled', () => {
    const trace = build('FROM alpine:3.20\nRUN mkdir /a /b\nRUN ./magic\nRUN mkdir /b\n');
    expect(presence(trace, '/a')).toBe('assumed');
    expect(presence(trace, '/c')).toBe('unknown');
  });

  it('lets a user who is not root reach only what its permissions allow', () => {
    const trace = build('FROM node:22-slim\nRUN mkdir /a && mkdir /b && chown node /b\nUSER node\nRUN magic-tool\n');
    expect(presence(trace, '/a/x')).toBe('absent');
    expect(presence(trace, '/b/x')).toBe('unknown');
  });

  it('says that a command is missing, with the shell swallowing it or not', () => {
    expect(kinds(build('FROM node:22-slim\nRUN curl -fsS https://x.y/z -o /z\n'))).toEqual(['command-missing']);
    expect(kinds(build('FROM node:22-slim\nRUN curl https://x.y || true\n'))).toEqual(['command-missing swallowed']);
    expect(kinds(build('FROM node:22-slim\nRUN curl https://x.y | cat\n'))).toEqual(['command-missing swallowed']);
  });

  it('accuses nobody of a command that may never run', () => {
    expect(
      kinds(build('FROM node:22-slim\nARG X\nRUN if [ "$X" = 1 ]; then true; else magic-tool || curl x; fi\n')),
    ).toEqual([]);
    expect(kinds(build('FROM node:22-slim\nRUN command -v curl && curl https://x.y || echo none\n'))).toEqual([]);
  });

  it('does not walk a branch that is not taken', () => {
    const trace = build('FROM alpine:3.20\nRUN if [ -f /nope ]; then mkdir /yes; else mkdir /no; fi\n');
    expect([presence(trace, '/yes'), presence(trace, '/no')]).toEqual(['absent', 'present']);
  });

  it('assumes what only one of two possible branches made', () => {
    const text = 'FROM alpine:3.20\nARG X\nRUN if [ "$X" = 1 ]; then mkdir /yes; fi\n';
    const repo = memoryRepo({ Dockerfile: text });
    const trace = simulate({
      dockerfile: parseDockerfile(text, 'Dockerfile'),
      context: openContext(repo, '', 'Dockerfile'),
      buildArgs: new Map([['X', unknown('set by the caller')]]),
    });
    expect(trace && presence(trace, '/yes')).toBe('assumed');
    const sure = simulate({
      dockerfile: parseDockerfile(text, 'Dockerfile'),
      context: openContext(repo, '', 'Dockerfile'),
      buildArgs: new Map([['X', known('1')]]),
    });
    expect(sure && presence(sure, '/yes')).toBe('present');
  });

  it('goes on as if a break were repaired and marks what it finds there', () => {
    const trace = build('FROM node:22-slim\nCOPY nope /nope\nRUN curl x\n');
    expect(kinds(trace)).toEqual(['copy-source-absent', 'command-missing hypothetical']);
  });

  it('stops at set -e, and not in a condition', () => {
    expect(kinds(build('FROM alpine:3.20\nRUN set -e; cd /nope; true\n'))).toEqual(['file-missing']);
    expect(kinds(build('FROM alpine:3.20\nRUN cd /nope; true\n'))).toEqual(['file-missing swallowed']);
    expect(kinds(build('FROM alpine:3.20\nRUN set -e; [ -f /x ] && mkdir /y; true\n'))).toEqual([]);
  });

  it('keeps what is in a cache mount out of the image', () => {
    const trace = build(
      'FROM alpine:3.20\nRUN --mount=type=cache,target=/root/.cache echo x > /root/.cache/y && echo z > /z\n',
    );
    expect([presence(trace, '/root/.cache/y'), presence(trace, '/z')]).not.toContain('assumed');
    expect(presence(trace, '/z')).toBe('present');
    expect(presence(trace, '/root/.cache/y')).not.toBe('present');
  });

  it('reads a bind mount while the step runs, and finds it gone afterwards', () => {
    const trace = build('FROM alpine:3.20\nRUN --mount=type=bind,source=a,target=/in/a cp /in/a /b\n', { a: 'text\n' });
    expect([presence(trace, '/b'), presence(trace, '/in/a')]).toEqual(['present', 'absent']);
  });

  it('creates the working directory for the user in force, as BuildKit does', () => {
    const trace = build('FROM node:22-slim\nUSER node\nWORKDIR /x/y\n');
    expect(trace.final.tree.lookup('/x')).toMatchObject({ value: { entry: { uid: 1000, gid: 1000, mode: 0o755 } } });
  });

  it('keeps owners when it copies from a stage, and makes them root from the context', () => {
    const trace = build(
      'FROM alpine:3.20 AS a\nRUN mkdir /s && echo x > /s/f && chown -R 7:8 /s\nFROM scratch\nCOPY --from=a /s /t\nCOPY f /u/\n',
      {
        f: 'f',
      },
    );
    expect(trace.final.tree.lookup('/t/f')).toMatchObject({ value: { entry: { uid: 7, gid: 8 } } });
    expect(trace.final.tree.lookup('/t')).toMatchObject({ value: { entry: { uid: 0, gid: 0 } } });
    expect(trace.final.tree.lookup('/u/f')).toMatchObject({ value: { entry: { uid: 0, gid: 0 } } });
  });

  it('forgets the command of the base when ENTRYPOINT is set, not that of the same stage', () => {
    expect(build('FROM node:22-slim\nENTRYPOINT ["a"]\n').final.cmd).toMatchObject({ value: null });
    expect(build('FROM node:22-slim\nCMD ["b"]\nENTRYPOINT ["a"]\n').final.cmd).toMatchObject({
      value: { argv: ['b'] },
    });
  });

  it('knows what dash refuses', () => {
    expect(kinds(build('FROM debian:bookworm-slim\nRUN set -o pipefail; true\n'))).toEqual(['syntax']);
    expect(kinds(build('FROM debian:bookworm-slim\nRUN x=(1 2)\n'))).toEqual(['syntax']);
    expect(
      kinds(build('FROM debian:bookworm-slim\nSHELL ["/bin/bash", "-o", "pipefail", "-c"]\nRUN x=(1 2)\n')),
    ).toEqual([]);
    expect(kinds(build('FROM alpine:3.20\nRUN set -o pipefail; true\n'))).toEqual([]);
    expect(kinds(build('FROM alpine:3.20\nSHELL ["/bin/bash", "-c"]\nRUN true\n'))).toEqual(['interpreter-missing']);
  });

  it('writes what echo prints, in the dialect of the shell', () => {
    const text = (from: string) => build(`FROM ${from}\nRUN echo 'a\\nb' > /x\n`).final.tree.lookup('/x');
    const content = (from: string) => {
      const found = text(from);
      return found.known ? found.value.content?.() : undefined;
    };
    expect(content('debian:bookworm-slim')).toBe('a\nb\n');
    expect(content('alpine:3.20')).toBe('a\\nb\n');
  });

  it('says nothing of a base that it does not know', () => {
    const trace = build('FROM registry.example/private:1\nRUN curl x && mkdir /a\n');
    expect(trace.breaks).toEqual([]);
    expect(trace.undecided.length).toBeGreaterThan(0);
    expect(trace.final.command('curl').known).toBe(false);
  });

  it('shows what it believes, at the end and at a line', () => {
    const trace = build('FROM node:22-slim\nENV DB_PASSWORD=hunter2\nWORKDIR /app\nUSER node\n');
    const text = formatImage(showImage(trace));
    expect(text).toContain('node (1000:1000)');
    expect(text).not.toContain('hunter2');
    expect(showImage(trace, { at: 2 }).user.value).toContain('root');
  });
});

describe('bad input', () => {
  it('follows a chain of a thousand stages', () => {
    const stages = Array.from(
      { length: 1000 },
      (_, i) => `FROM ${i === 0 ? 'alpine:3.20' : `s${i - 1}`} AS s${i}\nRUN mkdir /d${i}`,
    );
    const trace = build(`${stages.join('\n')}\n`);
    expect(trace.stages).toHaveLength(1000);
    expect(presence(trace, '/d0')).toBe('present');
  });

  it.each([
    ['RUN', (i: number) => `RUN echo ${i} > /f${i}`],
    ['ENV', (i: number) => `ENV A${i}=${i}`],
    ['EXPOSE', (i: number) => `EXPOSE ${(i % 65535) + 1}`],
    ['WORKDIR', () => 'WORKDIR deeper'],
  ])('ends on far too many lines of %s', (_name, line) => {
    let text = 'FROM alpine:3.20\n';
    for (let i = 0; i < 12_000; i++) text += `${line(i)}\n`;
    expect(build(text).undecided.length).toBeGreaterThan(0);
  });

  it('ends on a tree that is copied into itself again and again', () => {
    const copies = Array.from({ length: 40 }, (_, i) => `cp -r /a /a/c${i} ; cp -r /a /b${i} ; cp -r /b${i} /a/`).join(
      ' ; ',
    );
    expect(build(`FROM alpine:3.20\nRUN mkdir /a && ${copies}\n`).stages).toHaveLength(1);
  });

  it('ends on functions that call themselves and on loops without end', () => {
    expect(build('FROM alpine:3.20\nRUN f() { f; f; }; f; while true; do mkdir /x; done\n').stages).toHaveLength(1);
    expect(
      build(`FROM alpine:3.20\nRUN ${'for i in a b c d e f g h; do '.repeat(8)} true ${'; done'.repeat(8)}\n`).stages,
    ).toHaveLength(1);
  });
});
