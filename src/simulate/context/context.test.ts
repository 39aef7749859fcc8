import { describe, expect, it } from 'vitest';
import { type MemoryFile, memoryRepo } from '../../repo/memory.ts';
import { contextReport, diffContexts } from './context-report.ts';
import { contextText } from './context-text.ts';
import { openContext } from './open-context.ts';

const open = (files: Record<string, MemoryFile>, dir = '', dockerfile = 'Dockerfile') =>
  openContext(memoryRepo(files), dir, dockerfile);

describe('a lookup in the context', () => {
  const context = open({
    '.dockerignore': '# keep it small\npackage-lock.json\n*.md\n!README.md\ndist/*\n!dist/keep\n',
    'package-lock.json': '{}',
    'README.md': '',
    'NOTES.md': '',
    'dist/a': '',
    'dist/keep': '',
    '.gitignore': '.env\n',
    '.env.example': '',
    'requirements.txt': '',
    Dockerfile: '',
    link: { symlink: 'README.md' },
    'link-ignored': { symlink: 'NOTES.md' },
    'link-root': { symlink: '/README.md' },
    loop: { symlink: 'loop' },
  });

  it('names the pattern that keeps a file out', () => {
    expect(context.lookup('package-lock.json')).toMatchObject({
      status: 'ignored',
      by: { place: { file: '.dockerignore', line: 2 } },
    });
    expect(context.lookup('README.md')).toMatchObject({ status: 'sent', by: { written: '!README.md' } });
  });

  it('says what is missing by design and what may have been meant', () => {
    expect(context.lookup('.env')).toMatchObject({ status: 'absent', gitIgnored: true, example: '.env.example' });
    expect(context.lookup('requirement.txt')).toMatchObject({
      status: 'absent',
      gitIgnored: false,
      similar: ['requirements.txt'],
    });
    expect(context.lookup('src/app/main.py')).toMatchObject({ status: 'absent', missing: 'src' });
  });

  it('knows folders that are there only for what is taken back in', () => {
    expect(context.lookup('dist').status).toBe('sent');
    const listed = context.list('dist');
    expect(listed.known && listed.value.map((one) => one.path)).toEqual(['dist/keep']);
  });

  it('follows links as COPY does, and finds that their target is left out', () => {
    expect(context.resolve('link').path).toBe('README.md');
    expect(context.resolve('link-root').path).toBe('README.md');
    expect(context.resolve('link-ignored').lookup).toMatchObject({ status: 'ignored' });
    expect(context.resolve('loop').lookup.status).toBe('unknown');
    expect(context.resolve('README.md/x').lookup.status).toBe('absent');
  });

  it('is outside above the context', () => {
    expect(context.lookup('../x').status).toBe('outside');
  });
});

describe('the ignore file', () => {
  const files = { '.dockerignore': 'a\n', 'api/.dockerignore': 'b\n', 'api/Dockerfile': '', 'api/a': '', 'api/b': '' };

  it('is that of the context folder', () => {
    expect(open(files, 'api', 'api/Dockerfile').lookup('b').status).toBe('ignored');
    expect(open(files, '.', 'api/Dockerfile').lookup('api/b').status).toBe('sent');
  });

  it('beside the Dockerfile shadows it', () => {
    const context = open({ ...files, 'api/Dockerfile.dockerignore': '**/a\n' }, '', 'api/Dockerfile');
    expect([context.ignore?.file, context.shadowed]).toEqual(['api/Dockerfile.dockerignore', '.dockerignore']);
    expect(context.lookup('api/a')).toMatchObject({
      status: 'ignored',
      because: [{}, { text: expect.stringContaining('instead of .dockerignore') }],
    });
  });
});

describe('COPY sources', () => {
  const context = open({
    '.dockerignore': '*.log\n',
    'a.json': '',
    'b.json': '',
    'x.log': '',
    'src/m/i.ts': '',
    'src/r.md': '',
    link: { symlink: 'src' },
  });
  const found = (source: string, options = {}) => {
    const result = context.copySources(source, options);
    if (result.kind !== 'found')
      return result.kind === 'missing' ? `${result.path}: ${result.lookup.status}` : result.kind;
    return result.sources.flatMap((one) =>
      one.entries().map((entry) => (entry.relative === '' ? `(${one.name})` : entry.relative)),
    );
  };

  it('are files by name, folders with their contents, and wildcards', () => {
    expect(found('a.json')).toEqual(['(a.json)']);
    expect(found('src')).toEqual(['(src)', 'm', 'm/i.ts', 'r.md']);
    expect(found('*.json')).toEqual(['(a.json)', '(b.json)']);
    expect(found('link/m/')).toEqual(['(m)', 'i.ts']);
  });

  it('that match nothing are an error only without a wildcard', () => {
    expect(found('none')).toBe('none: absent');
    expect(found('x.log')).toBe('x.log: ignored');
    expect(found('none*')).toEqual([]);
    expect(found('*.log')).toEqual([]);
  });

  it('above the context stop at its root', () => {
    expect(found('../../a.json')).toEqual(['(a.json)']);
  });

  it('leave out what --exclude names', () => {
    expect(found('src', { exclude: ['**/*.ts'] })).toEqual(['(src)', 'm', 'r.md']);
  });

  it('fail with --exclude when a link in the context itself leads nowhere', () => {
    const dangling = open({ gone: { symlink: 'nowhere' }, 'd/gone': { symlink: 'nowhere' } });
    expect(dangling.copySources('.', { exclude: ['x'] })).toMatchObject({ kind: 'missing', path: 'gone' });
    expect(dangling.copySources('.', { exclude: ['gone'] }).kind).toBe('found');
    expect(dangling.copySources('d', { exclude: ['x'] }).kind).toBe('found');
    expect(dangling.copySources('.').kind).toBe('found');
  });

  it('keep their folders with --parents', () => {
    expect(found('src/m/*.ts', { parents: true })).toEqual(['()', 'src', 'src/m', 'src/m/i.ts']);
    expect(found('src/./m/i.ts', { parents: true })).toEqual(['()', 'm', 'm/i.ts']);
  });
});

describe('a context that is elsewhere', () => {
  it('is unknown, never empty', () => {
    const context = open({ Dockerfile: '' }, '../other');
    expect(context.lookup('a').status).toBe('unknown');
    expect(context.copySources('a').kind).toBe('unknown');
    expect(context.list('').known).toBe(false);
  });
});

describe('the report', () => {
  const files: Record<string, MemoryFile> = {
    Dockerfile: 'FROM a\n',
    '.dockerignore': 'node_modules\nnothing-here\n',
    '.gitignore': '.env\n',
    '.env': 'PORT=80\nAPI_TOKEN=abcdef123\n',
    '.env.example': 'API_TOKEN=change-me\n',
    'certs/server.pem': '-----BEGIN RSA PRIVATE KEY-----\nMII\n',
    'certs/ca.pem': '-----BEGIN CERTIFICATE-----\nMII\n',
    '.npmrc': '//registry.example.com/:_authToken=abc123def\n',
    'app/.npmrc': '//registry.example.com/:_authToken=${NPM_TOKEN}\n',
    'src/big.ts': 'x'.repeat(5000),
    'node_modules/a/i.js': 'y'.repeat(9000),
  };
  const report = contextReport(open(files));

  it('has the biggest first and what was left out by which pattern', () => {
    expect(report.largest[0]).toEqual({ path: 'src/big.ts', bytes: 5000 });
    expect(report.folders[0]).toEqual({ path: 'src', files: 1, bytes: 5000 });
    expect(report.excluded).toEqual([
      { path: 'node_modules', directory: true, pattern: 'node_modules', file: '.dockerignore', line: 1 },
    ]);
    expect(report.unusedPatterns).toEqual([{ pattern: 'nothing-here', file: '.dockerignore', line: 2 }]);
  });

  it('names secrets without printing them, and leaves examples and certificates alone', () => {
    expect(report.secrets.map((secret) => [secret.path, secret.kind])).toEqual([
      ['.env', 'env-file'],
      ['.npmrc', 'registry-token'],
      ['certs/server.pem', 'private-key'],
    ]);
    expect(JSON.stringify(report.secrets)).not.toMatch(/abcdef123|abc123def/);
  });

  it('can be compared with another', () => {
    const after = contextReport(open({ ...files, '.dockerignore': 'node_modules\n.env\n' }));
    expect(diffContexts(report, after).removed.map((file) => file.path)).toEqual(['.env']);
  });

  it('is readable', () => {
    const text = contextText(report);
    expect(text).toContain('would send 10 files');
    expect(text).toContain('node_modules/  by node_modules (.dockerignore:1)');
  });
});
