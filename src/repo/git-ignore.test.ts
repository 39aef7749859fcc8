import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openDirectory } from './directory.ts';
import { gitRevision } from './git-revision.ts';
import { memoryRepo } from './memory.ts';

const ignored = (files: Record<string, string>, ...paths: string[]) => {
  const repo = memoryRepo(files);
  return paths.filter((path) => repo.gitIgnored(path) === true);
};

describe('.gitignore', () => {
  it('anchors patterns with a slash inside, and no others', () => {
    const files = { '.gitignore': 'dist\n/build\ndoc/*.txt\n' };
    expect(ignored(files, 'dist/a', 'x/dist/a', 'build/a', 'x/build', 'doc/a.txt', 'doc/b/a.txt')).toEqual([
      'dist/a',
      'x/dist/a',
      'build/a',
      'doc/a.txt',
    ]);
  });

  it('of a nested folder wins over the one above, but cannot reach below an ignored folder', () => {
    const files = {
      '.gitignore': '*.log\nout/\n',
      'a/.gitignore': '!keep.log\n',
      'out/.gitignore': '!x\n',
      'out/x': '',
    };
    expect(ignored(files, 'b.log', 'a/keep.log', 'a/b.log', 'out/x')).toEqual(['b.log', 'a/b.log', 'out/x']);
  });
});

const git = (cwd: string, ...args: string[]) =>
  spawnSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args], { cwd, encoding: 'utf8' });
const hasGit = git('.', '--version').status === 0;

describe.skipIf(!hasGit)('compared with git itself', () => {
  function inFolder<T>(files: Record<string, string>, use: (folder: string) => T): T {
    const folder = mkdtempSync(join(tmpdir(), 'plimsoll-git-'));
    try {
      git(folder, 'init', '-q', '-b', 'main');
      for (const [path, text] of Object.entries(files)) {
        mkdirSync(dirname(join(folder, path)), { recursive: true });
        writeFileSync(join(folder, path), text);
      }
      return use(folder);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  it('random ignore files hide the same files', () => {
    const piece = fc.constantFrom(...'a b c * ** / ? [ab] [^c] [!a] \\* ! .log # [[:alpha:]] \\'.split(' '), ' ');
    const line = fc.array(piece, { minLength: 1, maxLength: 5 }).map((parts) => parts.join(''));
    const ignoreFile = fc.array(line, { maxLength: 5 }).map((lines) => lines.join('\n'));
    const name = fc.constantFrom('a', 'b', 'c', 'ab', 'a.log', 'x', '*');
    const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/'));
    const cases = fc.sample(fc.tuple(ignoreFile, ignoreFile, fc.uniqueArray(path, { maxLength: 10 })), {
      numRuns: 25,
      seed: 3,
    });
    for (const [top, nested, all] of cases) {
      const paths = all.filter((one) => !all.some((other) => other.startsWith(`${one}/`)) && one !== 'a');
      const files = Object.fromEntries([
        ...paths.map((one): [string, string] => [one, '']),
        ['.gitignore', top],
        ['a/.gitignore', nested],
      ]);
      inFolder(files, (folder) => {
        const others = git(
          folder,
          '-c',
          'core.quotepath=off',
          'ls-files',
          '-o',
          '-i',
          '--exclude-standard',
          '-z',
        ).stdout;
        const expected = others
          .split('\0')
          .filter((one) => one !== '')
          .sort();
        const repo = openDirectory(folder);
        const mine = repo.files().filter((one) => repo.gitIgnored(one) === true);
        expect({ top, nested, mine }).toEqual({ top, nested, mine: expected });
      });
    }
  });

  it.each(['2', '4'])('an index of version %s tells what is tracked', (version) => {
    inFolder({ 'a/b.txt': '1', 'a/bc.txt': '2', 'é.txt': '3', other: '4' }, (folder) => {
      git(folder, 'add', 'a', 'é.txt');
      git(folder, 'update-index', '--index-version', version);
      const repo = openDirectory(folder);
      expect(['a/b.txt', 'a/bc.txt', 'a', 'é.txt', 'other'].map((path) => repo.tracked(path))).toEqual([
        true,
        true,
        true,
        true,
        false,
      ]);
      expect(openDirectory(join(folder, 'a')).tracked('b.txt')).toBe(true);
    });
  });

  it('a revision shows the files as they were', () => {
    inFolder({ 'a/run.sh': 'one', Dockerfile: 'FROM a\n' }, (folder) => {
      git(folder, 'add', '.');
      git(folder, 'update-index', '--chmod=+x', 'a/run.sh');
      git(folder, 'commit', '-q', '-m', 'first');
      writeFileSync(join(folder, 'Dockerfile'), 'FROM b\n');
      const repo = gitRevision(folder, 'HEAD');
      expect([repo.text('Dockerfile'), repo.entry('a/run.sh')?.mode, repo.files()]).toEqual([
        'FROM a\n',
        0o755,
        ['Dockerfile', 'a/run.sh'],
      ]);
      expect(gitRevision(join(folder, 'a'), 'HEAD').files()).toEqual(['run.sh']);
      expect(() => gitRevision(folder, 'nope')).toThrow(/git rev-parse/);
    });
  });
});
