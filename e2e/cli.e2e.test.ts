// The command as it is built, on a copy of the example and on an engine: the whole path, and what goes wrong on the way.
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

const project = join(import.meta.dirname, '..');
const cli = join(project, 'dist', 'cli.cjs');
const root = mkdtempSync(join(tmpdir(), 'plimsoll-cli-e2e-'));
const minutes = 60_000;

const withEngine = process.env['PLIMSOLL_ENGINE_KIND'] !== 'none';
if (!withEngine)
  console.warn(`the command on an engine: not run, ${process.env['PLIMSOLL_ENGINE_WHY'] ?? 'no engine'}`);

afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

interface Said {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function plimsoll(
  args: readonly string[],
  { cwd = root, env = {} }: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): Said {
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args], {
    cwd,
    env: { ...process.env, NO_COLOR: '1', COLUMNS: '80', ...env },
    encoding: 'utf8',
    timeout: 5 * minutes,
    maxBuffer: 64e6,
  });
  return { code: status, out: stdout, err: stderr };
}

/** Starts the command; `when` is called once its standard error has matched. */
function started(
  args: readonly string[],
  {
    cwd,
    env = {},
    at,
    when,
  }: { cwd: string; env?: NodeJS.ProcessEnv; at: RegExp; when: (child: ChildProcess) => void },
): Promise<Said> {
  return new Promise((done) => {
    const child = spawn(process.execPath, [cli, ...args], { cwd, env: { ...process.env, NO_COLOR: '1', ...env } });
    let [out, err, called] = ['', '', false];
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      err += text;
      if (called || !at.test(err)) return;
      called = true;
      when(child);
    });
    child.on('close', (code) => done({ code, out, err }));
  });
}

function example(name: string): string {
  const folder = join(root, name, 'events');
  cpSync(join(project, 'examples', 'events'), folder, {
    recursive: true,
    // Its budgets are times, which say nothing on a machine that does other things as well.
    filter: (path) => !['.plimsoll', 'node_modules', '.venv', 'plimsoll.yaml'].includes(basename(path)),
  });
  return folder;
}

/** A small application that builds in a second: most of what goes wrong on the way needs no larger one. */
function small(name: string, more: Readonly<Record<string, string>> = {}): string {
  const folder = join(root, name, 'app');
  mkdirSync(folder, { recursive: true });
  const files = {
    Dockerfile: `FROM python:3.12-slim
WORKDIR /app
COPY main.py .
RUN mkdir /data && chown 10001 /data
USER 10001
EXPOSE 8000
HEALTHCHECK --interval=1s --timeout=5s --retries=30 CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/')"]
CMD ["python", "main.py"]
`,
    'main.py': `import signal, sys
from http.server import HTTPServer, SimpleHTTPRequestHandler

signal.signal(signal.SIGTERM, lambda *args: sys.exit(0))
HTTPServer(("0.0.0.0", 8000), SimpleHTTPRequestHandler).serve_forever()
`,
    'compose.yaml':
      'services:\n  app:\n    build: .\n    ports: ["8000"]\n    volumes: [data:/data]\nvolumes:\n  data:\n',
    ...more,
  };
  for (const [path, text] of Object.entries(files)) writeFileSync(join(folder, path), text);
  return folder;
}

/** Every file with its text: what must not change when something fails. */
function contents(folder: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.parentPath.includes('.plimsoll'))
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => [path, readFileSync(path, 'utf8')]),
  );
}

interface Row {
  readonly run: string;
  readonly measure: string;
}

function ledger(folder: string): readonly Row[] {
  const path = join(folder, '.plimsoll', 'ledger.jsonl');
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, 'utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line) as Row);
}

function leftOf(run: string): readonly string[] {
  const lists = [
    ['ps', '--all'],
    ['network', 'ls'],
    ['volume', 'ls'],
    ['image', 'ls'],
  ];
  const found = lists.flatMap((list) =>
    execFileSync('docker', [...list, '--quiet', '--filter', `label=plimsoll.run=${run}`], { encoding: 'utf8' })
      .split('\n')
      .filter((id) => id !== ''),
  );
  return [...found, ...readdirSync(tmpdir()).filter((entry) => entry.startsWith(`plimsoll-run-${run}`))];
}

describe('without an engine', () => {
  it('prove says that there is none and what to do, and everything else works', () => {
    const folder = example('none');
    const env = { DOCKER_HOST: `unix://${join(root, 'no.sock')}` };
    const proven = plimsoll(['prove', '--quick'], { cwd: folder, env });
    expect(proven.code).toBe(2);
    expect(proven.err).toMatch(/^plimsoll: .*(docker|engine|daemon)/im);
    expect(proven.err).toContain('Nothing was built or measured. plimsoll doctor says');
    const doctor = plimsoll(['doctor'], { cwd: folder, env });
    expect(doctor.code).toBe(0);
    expect(doctor.out).toContain('Without an engine nothing can be proven');
    expect(plimsoll(['check'], { cwd: folder, env }).code).toBe(1);
    expect(plimsoll(['report'], { cwd: folder, env }).err).toContain('there is no evidence');
  });

  it('a closed pipe ends the command in silence', () => {
    const folder = example('pipe');
    const script = `"${process.execPath}" "${cli}" check --all | head -1; echo "\${PIPESTATUS[0]}"`;
    const { stdout, stderr } = spawnSync('bash', ['-c', script], { cwd: folder, encoding: 'utf8' });
    expect(stderr).toBe('');
    expect(stdout.split('\n')[0]).toMatch(/^✗ /);
    expect(stdout.trimEnd().split('\n').at(-1)).toMatch(/^[01]$/);
  });

  it('a full disk is said with a remedy, and nothing is half written', (context) => {
    const disk = join(root, 'disk');
    mkdirSync(disk);
    if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', disk]).status !== 0)
      return context.skip('a small file system can only be mounted as root');
    try {
      const folder = join(disk, 'events');
      cpSync(example('full'), folder, { recursive: true });
      const bare = join(disk, 'bare');
      mkdirSync(bare);
      const before = contents(folder);
      spawnSync('dd', ['if=/dev/zero', `of=${join(disk, 'filler')}`, 'bs=4k']);
      const { code, err } = plimsoll(['refit', '--write'], { cwd: folder });
      expect(code).toBe(2);
      expect(err).toMatch(/could not be written: ENOSPC.*nothing was changed\. Free some disk space/s);
      expect(contents(folder)).toEqual(before);
      const config = plimsoll(['init'], { cwd: bare });
      expect([config.code, config.err]).toEqual([2, expect.stringContaining('Free some disk space and run again.')]);
      expect(readdirSync(bare)).toEqual([]);
    } finally {
      spawnSync('umount', [disk]);
    }
  });
});

describe.skipIf(!withEngine)('on an engine', () => {
  const folder = example('path');
  const steps = { timeout: 6 * minutes };

  it('check fails, the patch of refit is one that git takes, and writing it twice changes nothing', () => {
    const checked = plimsoll(['check', folder]);
    expect(checked.code).toBe(1);
    expect(checked.out).toMatch(/\d+ errors/);
    const patch = plimsoll(['refit', folder]);
    expect(patch.code).toBe(0);
    execFileSync('git', ['apply', '--check', '-'], { cwd: folder, input: patch.out });
    expect(plimsoll(['refit', folder, '--write'])).toMatchObject({ code: 0, out: expect.stringContaining('wrote ') });
    const once = contents(folder);
    const again = plimsoll(['refit', folder, '--write']);
    expect([again.code, again.out]).toEqual([0, 'nothing to write\n']);
    expect(contents(folder)).toEqual(once);
  });

  it('an engine that dies half-way is a fault with the evidence kept', steps, async () => {
    const dying = small('dying');
    const host = (process.env['DOCKER_HOST'] ?? 'unix:///var/run/docker.sock').replace(/^unix:\/\//, '');
    const sockets = new Set<Socket>();
    const relay = createServer((client) => {
      const engine = connect(host);
      for (const socket of [client, engine]) {
        sockets.add(socket);
        socket.on('error', () => socket.destroy());
        socket.on('close', () => sockets.delete(socket));
      }
      client.pipe(engine).pipe(client);
    });
    const path = join(root, 'relay.sock');
    await new Promise<void>((listening) => relay.listen(path, listening));
    const said = await started(['prove', '--quick'], {
      cwd: dying,
      env: { DOCKER_HOST: `unix://${path}` },
      at: /before: app: build/,
      when: () => {
        relay.close();
        for (const socket of sockets) socket.destroy();
      },
    });
    expect(said.code).toBe(2);
    expect(said.err).toContain('plimsoll: the engine was lost: ');
    const run = ledger(dying)[0]?.run;
    expect(said.err).toContain(`plimsoll prove . --resume ${run}`);
    expect(ledger(dying).some((row) => row.measure === 'stack.config')).toBe(true);
  });

  it('Ctrl-C stops the run and leaves nothing behind but the evidence; it goes on where it was', steps, async () => {
    const app = small('stopped');
    const said = await started(['prove', '--quick'], {
      cwd: app,
      at: /before: (requests through the front door|memory when idle)/,
      when: (child) => child.kill('SIGINT'),
    });
    const run = ledger(app)[0]?.run ?? '';
    expect(said.err).toContain('Interrupted: removing what this run made; the evidence so far is kept');
    expect(said.err).toContain(`plimsoll prove . --resume ${run}`);
    expect(said.code).toBe(130);
    expect(ledger(app).some((row) => row.measure === 'image.builds')).toBe(true);
    expect(leftOf(run)).toEqual([]);
    const resumed = plimsoll(['prove', '--quick', '--resume', run], { cwd: app });
    expect([resumed.code, resumed.out]).toEqual([0, expect.stringContaining('Before and after')]);
    expect(new Set(ledger(app).map((row) => row.run))).toEqual(new Set([run]));
    expect(leftOf(run)).toEqual([]);
  });

  it('prove shows the refit to work, and check has no error left after it is applied', steps, () => {
    const proven = plimsoll(['prove', '--quick'], { cwd: folder });
    expect(proven.out).toContain('Before and after');
    expect(proven.code).toBe(0);
    expect(leftOf(ledger(folder)[0]?.run ?? '')).toEqual([]);
    expect(plimsoll(['refit', '--write', '--proven'], { cwd: folder })).toMatchObject({
      code: 0,
      out: expect.stringContaining('wrote '),
    });
    const checked = plimsoll(['check', '--format', 'json'], { cwd: folder });
    const { findings } = JSON.parse(checked.out) as { findings: { severity: string; rule: string }[] };
    expect(findings.filter((f) => f.severity === 'error')).toEqual([]);
    expect(checked.code).toBe(0);
    for (const [format, name, words] of [
      ['html', 'report.html', 'Before and after'],
      ['markdown', 'report.md', '| what | before | after |'],
      ['json', 'report.json', '"sections"'],
    ] as const) {
      expect(plimsoll(['report', '--format', format], { cwd: folder }).code).toBe(0);
      expect(readFileSync(join(folder, '.plimsoll', name), 'utf8')).toContain(words);
    }
  });

  it('a budget of the config that is missed fails the command', steps, () => {
    const app = small('budget', { 'plimsoll.yaml': 'budgets:\n  image.layers: 1\n' });
    const said = plimsoll(['prove', '--quick'], { cwd: app });
    expect(said.code).toBe(1);
    expect(said.err).toMatch(/budgets? missed:\n(.*\n)*.*layers: \d+, wanted: at most 1/);
  });
});
