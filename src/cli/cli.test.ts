import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PLAIN } from '../report/text/paint.ts';
import { dispatch } from './cli.ts';
import { verbHelp } from './help.ts';
import { VERBS } from './verbs.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'plimsoll-cli-test-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Runs the command line without a process: exit code and what it said. */
async function plimsoll(...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  let [out, err] = ['', ''];
  const terminal = {
    width: 80,
    interactive: false,
    paint: PLAIN,
    errPaint: PLAIN,
    out: (text: string): void => {
      out += text;
    },
    err: (text: string): void => {
      err += text;
    },
    status: (text: string): void => {
      err += text === '' ? '' : `${text}\n`;
    },
  };
  const code = await dispatch(argv, '1.2.3', terminal, new AbortController().signal);
  return { code, out, err };
}

function write(files: Readonly<Record<string, string | Uint8Array>>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
}

const SERVICE = 'import time\n\nwhile True:\n    time.sleep(1)\n';
/** Builds, starts as root and has no limits: warnings of several rules. */
const RUNS_AS_ROOT = 'FROM python:3.12-slim\nCOPY main.py .\nCMD ["python", "main.py"]\n';
/** Breaks the build: the file is not there. */
const BROKEN = 'FROM python:3.12-slim\nCOPY missing.py .\nCMD ["python", "missing.py"]\n';

describe('the command line', () => {
  it('has a help of at most 24 lines and 80 columns, also for each verb', async () => {
    const { code, out } = await plimsoll('--help');
    expect(code).toBe(0);
    for (const text of [out, ...Object.entries(VERBS).map(([name, verb]) => verbHelp(name, verb))]) {
      expect(text.trimEnd().split('\n').length).toBeLessThanOrEqual(24);
      expect(text.split('\n').filter((line) => line.length > 80)).toEqual([]);
    }
  });

  it('takes a mistyped verb for wrong use and suggests the nearest', async () => {
    expect(await plimsoll('chekc')).toEqual({
      code: 2,
      out: '',
      err: 'plimsoll: "chekc" is no verb and no directory. Did you mean "check"?\n',
    });
    expect((await plimsoll('zzzzzz')).err).toBe(
      'plimsoll: "zzzzzz" is no verb and no directory. plimsoll --help lists the verbs.\n',
    );
  });

  it('takes an unknown option, a missing value and one argument too many for wrong use', async () => {
    expect(await plimsoll('check', '--formt', 'json')).toMatchObject({
      code: 2,
      err: 'plimsoll: check has no option --formt. Did you mean --format?\n',
    });
    expect(await plimsoll('check', '-x')).toMatchObject({ code: 2 });
    const missing = await plimsoll('check', '--format');
    expect(missing.code).toBe(2);
    expect(missing.err).toContain('--format');
    expect(await plimsoll('check', 'a', 'b')).toMatchObject({
      code: 2,
      err: 'plimsoll: check takes [DIR], not "a b".\n',
    });
    expect(await plimsoll('doctor', 'x')).toMatchObject({
      code: 2,
      err: 'plimsoll: doctor takes no argument, not "x".\n',
    });
  });

  it.each([
    [
      ['check', '--format', 'jsno'],
      'check knows the formats text, json, sarif, github, gitlab, junit, not "jsno". Did you mean json?',
    ],
    [['check', '--fail-on', 'fatal'], '--fail-on takes error, warning, note or never, not "fatal".'],
    [['check', '--only', 'root-usr'], 'there is no rule "root-usr". Did you mean root-user?'],
    [['check', '--limit', 'few'], '--limit takes a number of findings, not "few".'],
    [['check', '--service', 'wbe'], 'there is no service "wbe". Did you mean web?'],
    [['refit', '--format', 'patch'], 'refit knows the formats diff and json, not "patch".'],
    [['refit', '--proven'], '--proven goes with --write.'],
    [['report', '--format', 'htm'], 'report knows the formats html, markdown and json, not "htm". Did you mean html?'],
    [['check', '--baseline', '/nowhere.json'], '/nowhere.json could not be read as a baseline'],
    [['check', '--config', '/nowhere.yaml'], '/nowhere.yaml:1: '],
    [['prove', '--env-file', '/nowhere.env'], '/nowhere.env does not exist (--env-file).'],
    [['prove', '--env-file', '/'], '/ is no file (--env-file).'],
  ])('says what is wrong with %j', async ([verb = '', ...options], expected) => {
    write({ 'compose.yaml': 'services:\n  web:\n    build: .\n', Dockerfile: RUNS_AS_ROOT, 'main.py': SERVICE });
    const { code, out, err } = await plimsoll(verb, folder, ...options);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(`plimsoll: ${expected}`);
  });

  it('shows what exists to those who mistype a view or a rule', async () => {
    expect(await plimsoll('show', 'imgae', folder)).toMatchObject({ code: 2 });
    expect((await plimsoll('show', 'imgae', folder)).err).toContain('Did you mean image?');
    expect((await plimsoll('explain', 'root-usr')).err).toContain('Did you mean root-user?');
    expect((await plimsoll('explain', 'root-user')).out).toMatch(/^root-user · insecure/);
  });
});

describe('a directory that cannot be looked at', () => {
  it.each(['check', 'refit', 'prove'])('is said by %s, with exit code 2', async (verb) => {
    write({ file: '' });
    for (const [path, text] of [
      [join(folder, 'nowhere'), 'does not exist.'],
      [join(folder, 'file'), 'is a file; give the directory of the repository.'],
    ] as const) {
      const { code, err } = await plimsoll(verb, path);
      expect([code, err]).toEqual([2, expect.stringContaining(`plimsoll: ${path} ${text}`)]);
    }
    rmSync(join(folder, 'file'));
    expect(await plimsoll(verb, folder)).toMatchObject({
      code: 2,
      err: `plimsoll: ${folder} is empty: there is nothing to look at.\n`,
    });
  });

  it('may have no Dockerfile: that is an answer', async () => {
    write({ 'README.md': '# hello\n' });
    const checked = await plimsoll('check', folder);
    expect(checked.code).toBe(0);
    expect(checked.out.replace(/\s+/g, ' ')).toMatch(/No Dockerfile and no compose file/);
    expect(checked.out).toMatch(/Looked at 1 file, 0 build targets/);
    expect(await plimsoll('refit', folder)).toMatchObject({ code: 0, out: '', err: 'Nothing to refit.\n' });
    const proven = await plimsoll('prove', folder);
    expect(proven).toMatchObject({ code: 2 });
    expect(proven.err).toContain('has nothing that can be built or run');
  });
});

describe('check', () => {
  it('fails from errors on, or from what --fail-on or the config says', async () => {
    write({ Dockerfile: RUNS_AS_ROOT, 'main.py': SERVICE, 'compose.yaml': 'services:\n  web:\n    build: .\n' });
    expect((await plimsoll('check', folder)).code).toBe(0);
    expect((await plimsoll('check', folder)).out).toContain(`plimsoll refit ${folder} --only `);
    expect((await plimsoll('check', folder, '--fail-on', 'warning')).code).toBe(1);
    write({ 'plimsoll.yaml': 'failOn: warning\n' });
    expect((await plimsoll('check', folder)).code).toBe(1);
    expect((await plimsoll('check', folder, '--fail-on', 'error')).code).toBe(0);
    write({ Dockerfile: BROKEN });
    expect((await plimsoll('check', folder, '--fail-on', 'error')).code).toBe(1);
    expect((await plimsoll('check', folder, '--fail-on', 'never')).code).toBe(0);
  });

  it('says the same bytes each time, without times', async () => {
    write({ Dockerfile: BROKEN, 'main.py': SERVICE });
    for (const format of ['json', 'sarif', 'github', 'gitlab', 'junit']) {
      const { out } = await plimsoll('check', folder, '--format', format);
      expect(out).toBe((await plimsoll('check', folder, '--format', format)).out);
      expect(out).not.toContain('millisecond');
      expect(out).toContain('missing.py');
    }
  });

  it('shows only what is asked for', async () => {
    write({
      Dockerfile: RUNS_AS_ROOT,
      'main.py': SERVICE,
      'worker/Dockerfile': BROKEN,
      'tool/Dockerfile': 'FROM harbour.example/tool:1\n',
      'compose.yaml': 'services:\n  web:\n    build: .\n  worker:\n    build: worker\n  tool:\n    build: tool\n',
    });
    const rules = async (...options: string[]): Promise<string[]> => {
      const { out } = await plimsoll('check', folder, '--format', 'json', ...options);
      return (JSON.parse(out) as { findings: { rule: string; service?: string }[] }).findings.map(
        (f) => `${f.rule} ${f.service ?? ''}`,
      );
    };
    const all = await rules();
    expect(all).toContain('root-user web');
    expect(await rules('--only', 'root-user', '--service', 'web')).toEqual(['root-user web']);
    expect(await rules('--only', 'root-user,limits-missing', '--service', 'web')).toContain('root-user web');
    const points = async (...options: string[]): Promise<string[]> => {
      const { out } = await plimsoll('check', folder, '--format', 'json', '--undecided', ...options);
      return (JSON.parse(out) as { inconclusive: { rule: string; target: string }[] }).inconclusive.map(
        ({ rule, target }) => `${rule} ${target}`,
      );
    };
    const [point = ''] = await points('--service', 'tool');
    expect(point).not.toBe('');
    expect(await points('--service', 'web')).not.toContain(point);
    expect(await points('--only', point.split(' ')[0] ?? '')).toContain(point);
    expect(await points('--only', 'root-user', '--service', 'web')).toEqual([]);
    writeFileSync(join(folder, 'base.json'), (await plimsoll('check', folder, '--format', 'json')).out);
    expect(await rules('--baseline', join(folder, 'base.json'))).toEqual([]);
    writeFileSync(join(folder, 'base.json'), '{}');
    expect((await plimsoll('check', folder, '--baseline', join(folder, 'base.json'))).err).toContain('is no baseline');
  });

  it('shows with --since only what a change brings', async () => {
    const git = (...args: string[]): void => {
      execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', ...args], { cwd: folder });
    };
    write({ Dockerfile: RUNS_AS_ROOT, 'main.py': SERVICE });
    git('init', '--quiet');
    git('add', '.');
    git('commit', '--quiet', '--message', 'first');
    expect((await plimsoll('check', folder, '--since', 'HEAD', '--fail-on', 'note')).code).toBe(0);
    write({ Dockerfile: BROKEN });
    const { code, out } = await plimsoll('check', folder, '--since', 'HEAD');
    expect(code).toBe(1);
    expect(out).toContain('missing.py');
    expect(out).not.toContain('root-user');
    expect(await plimsoll('check', folder, '--since', 'nowhere')).toMatchObject({
      code: 2,
      err: expect.stringContaining('--since nowhere: '),
    });
  });

  it('leaves out what the config accepts, and says which entries do nothing', async () => {
    write({
      Dockerfile: RUNS_AS_ROOT,
      'main.py': SERVICE,
      'compose.yaml': 'services:\n  web:\n    build: .\n',
      'plimsoll.yaml': `ignore:
  - rule: root-user
    file: "**/Dockerfile"
    reason: runs in a sandbox
  - rule: limits-missing
    reason: one service on its host
    until: 2020-01-01
  - rule: lockfile-missing
    reason: was so once
  - rule: no-such-rule
    reason: a typing error
`,
    });
    const { code, out } = await plimsoll('check', folder);
    expect(code).toBe(0);
    expect(out).not.toContain('root-user');
    expect(out).toContain('1 ignored by comment or config');
    expect(out).toContain('limits-missing');
    const flat = out.replace(/\s+/g, ' ');
    expect(flat).toContain(
      'plimsoll.yaml:5 ignored limits-missing until 2020-01-01 (one service on its host); it counts again.',
    );
    expect(flat).toContain('plimsoll.yaml:8 ignores lockfile-missing, which is not found any more. Remove the entry.');
    expect(flat).toContain('plimsoll.yaml:10 ignores no-such-rule, and there is no such rule.');
  });

  it('does not start with a config that is broken, and says where and how to mend it', async () => {
    write({ Dockerfile: RUNS_AS_ROOT, 'main.py': SERVICE });
    for (const [text, expected] of [
      ['failOn: [\n', 'plimsoll.yaml:2: '],
      ['ignore:\n  - rule: root-user\n    reason: ""\n', 'plimsoll.yaml:3: ignore.0.reason: say why'],
      ['failOn: fatal\n', 'plimsoll.yaml:1: '],
    ] as const) {
      write({ 'plimsoll.yaml': text });
      const { code, out, err } = await plimsoll('check', folder);
      expect([code, out]).toEqual([2, '']);
      expect(err).toContain(expected);
      expect(err).toContain('To mend it: ');
    }
    rmSync(join(folder, 'plimsoll.yaml'));
    mkdirSync(join(folder, 'plimsoll.yaml'));
    expect(await plimsoll('check', folder)).toMatchObject({ code: 2, err: expect.stringContaining('EISDIR') });
  });
});

describe('files that are not what they seem', () => {
  it('are findings or problems with file and line, and never end the run', async () => {
    write({
      'a/Dockerfile': 'FROM python:3.12-slim\nRUN <<EOF\necho never ended\n',
      'b/Dockerfile': Uint8Array.from([0x7f, 0x45, 0x4c, 0x46, 0, 1, 2, 3, 0xff, 0xfe]),
      'c/Dockerfile': Buffer.from('# für alle\nFROM python:3.12-slim\nLABEL a="é"\nCMD ["python"]\n', 'latin1'),
      'd/Dockerfile/README.md': 'a folder called Dockerfile\n',
      'compose.yaml': 'services:\n  web:\n   build: .\n  bad indent\n',
    });
    const { code, out } = await plimsoll('check', folder, '--all');
    expect([0, 1]).toContain(code);
    expect(out).toMatch(/a\/Dockerfile:2/);
    expect(out).toMatch(/compose\.yaml:[34]/);
    expect(out).toContain('Looked at 5 files');
    expect(JSON.parse((await plimsoll('check', folder, '--format', 'json')).out)).toMatchObject({ version: 1 });
  });

  it('are said by show', async () => {
    write({ 'Dockerfile/x': '' });
    expect(await plimsoll('show', 'ast', folder)).toMatchObject({
      code: 2,
      err: expect.stringContaining('is no file'),
    });
    expect(await plimsoll('show', 'image', join(folder, 'nowhere'))).toMatchObject({ code: 2 });
    expect(await plimsoll('show', 'image', folder, '--at', 'x')).toMatchObject({ code: 2 });
  });
});

describe('refit', () => {
  it('prints a patch that git applies, writes the same and then has nothing left to write', async () => {
    write({
      Dockerfile: RUNS_AS_ROOT,
      'main.py': SERVICE,
      'compose.yaml': 'services:\n  web:\n    build: .\n    ports: ["8000:8000"]\n',
    });
    const { code, out } = await plimsoll('refit', folder);
    expect(code).toBe(0);
    if (out !== '') execFileSync('git', ['apply', '--check', '-'], { cwd: folder, input: out });
    expect((await plimsoll('refit', folder, '--write')).code).toBe(0);
    const second = await plimsoll('refit', folder, '--write');
    expect(second.out).toBe('nothing to write\n');
  });
});

describe('report', () => {
  it('says what to run when there is no evidence', async () => {
    expect(await plimsoll('report', folder)).toMatchObject({
      code: 2,
      err: `plimsoll: there is no evidence in ${join(folder, '.plimsoll')} yet. Run: plimsoll prove ${folder}\n`,
    });
  });

  it('leaves a broken line of the ledger out, names it, and writes the page', async () => {
    const entry = {
      kind: 'measurement',
      at: '2026-11-21T10:00:00.000Z',
      run: 'r1',
      subject: { side: 'before', stack: 'compose.yaml', inputs: 'i' },
      measure: 'stack.config',
      title: 'configuration is valid',
      value: true,
      text: 'valid',
    };
    write({ '.plimsoll/ledger.jsonl': `${JSON.stringify(entry)}\n{"kind":"measu\n` });
    const { code, err } = await plimsoll('report', folder);
    expect(code).toBe(0);
    expect(err).toBe(
      `${join(folder, '.plimsoll', 'ledger.jsonl')}:2 is not JSON (cut off while it was written?) and was left out. Remove the line to silence this; the other lines count.\n`,
    );
    expect(readFileSync(join(folder, '.plimsoll', 'report.html'), 'utf8')).toContain('configuration is valid');
    write({ inTheWay: '' });
    const wrong = await plimsoll('report', folder, '--output', join(folder, 'inTheWay', 'page.html'));
    expect(wrong.code).toBe(2);
    expect(wrong.err).toContain('A part of the path is a file, not a folder. Nothing was changed.');
    const there = await plimsoll('report', folder, '--output', folder);
    expect([there.code, there.err]).toEqual([2, expect.stringContaining('could not be written')]);
  });
});

describe('init', () => {
  it('writes a config that check takes, and never over one that is there', async () => {
    expect(await plimsoll('init', folder)).toMatchObject({ code: 0, out: `${join(folder, 'plimsoll.yaml')}\n` });
    write({ Dockerfile: RUNS_AS_ROOT, 'main.py': SERVICE });
    expect((await plimsoll('check', folder)).code).toBe(0);
    const again = await plimsoll('init', folder);
    expect([again.code, again.err]).toEqual([2, expect.stringContaining('is there already; it was not touched.')]);
  });
});
