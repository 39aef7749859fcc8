import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const execute = promisify(execFile);
const docker = async (...args: string[]): Promise<string> =>
  (await execute('docker', args, { timeout: 120_000, maxBuffer: 64e6 })).stdout.trim();
const cli = fileURLToPath(new URL('../dist/cli.cjs', import.meta.url));

// The dependency of the second step keeps the build, and its cache mount, busy for as long as the test wants.
const dockerfile = `FROM python:3.12-slim
RUN --mount=type=cache,target=/var/plimsoll-e2e test -f /never || sleep SECONDS
CMD ["python", "-m", "http.server", "8000"]
`;
const compose = 'services:\n  app:\n    build: .\n    restart: always\n    volumes: [data:/data]\nvolumes:\n  data:\n';

/** A run of the command that was built, and what it has said so far. */
class Running {
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;
  said = '';

  constructor(...args: string[]) {
    this.child = spawn(process.execPath, [cli, 'prove', ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.said += text;
    });
    this.ended = new Promise((resolve) => this.child.on('exit', (code) => resolve(code)));
  }

  /** Waits until it says this; fails when it ends before. */
  async until(text: string): Promise<void> {
    let over = false;
    this.ended.then(() => {
      over = true;
    });
    while (!this.said.includes(text)) {
      if (over) throw new Error(`ended without saying "${text}": ${this.said}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

describe.skipIf(process.env['PLIMSOLL_ENGINE_KIND'] === 'none')('prove, interrupted', () => {
  const root = mkdtempSync(join(tmpdir(), 'plimsoll-interrupt-test-'));
  const app = (name: string, seconds: number): string => {
    const folder = join(root, name);
    mkdirSync(folder);
    writeFileSync(join(folder, 'Dockerfile'), dockerfile.replace('SECONDS', String(seconds)));
    writeFileSync(join(folder, 'compose.yaml'), compose);
    return folder;
  };
  const runOf = (folder: string): string => {
    const [line = ''] = readFileSync(join(folder, '.plimsoll', 'ledger.jsonl'), 'utf8').split('\n');
    return (JSON.parse(line) as { run: string }).run;
  };
  const theirs = `plimsoll-e2e-interrupt-${process.pid}`;
  beforeAll(() => docker('volume', 'create', theirs));
  afterAll(async () => {
    await docker('volume', 'rm', theirs);
    rmSync(root, { recursive: true, force: true });
  });

  /** Everything that a run may have left: objects with its label, cache mounts with its id, its folder. */
  async function leftovers(run: string): Promise<string[]> {
    const lists = [
      ['ps', '--all'],
      ['network', 'ls'],
      ['volume', 'ls'],
      ['image', 'ls'],
    ];
    const found = await Promise.all(
      lists.map((list) => docker(...list, '--quiet', '--filter', `label=plimsoll.run=${run}`)),
    );
    const mounts = (await docker('buildx', 'du', '--verbose')).split('\n').filter((line) => line.includes(`-${run}-`));
    const folders = readdirSync(tmpdir()).filter((name) => name.startsWith(`plimsoll-run-${run}`));
    return [...found.filter((text) => text !== ''), ...mounts, ...folders];
  }

  it('Ctrl-C during a build and during the stack leaves nothing behind but the evidence', async () => {
    for (const [name, seconds, moment] of [
      ['build', 60, 'cold build'],
      ['stack', 0, 'memory when idle'],
    ] as const) {
      const folder = app(name, seconds);
      const run = new Running(folder, ...(name === 'build' ? [] : ['--quick']));
      await run.until(moment);
      if (name === 'build') await new Promise((resolve) => setTimeout(resolve, 3000));
      run.child.kill('SIGINT');
      expect(await run.ended, run.said).toBe(130);
      expect(run.said).toContain(`--resume ${runOf(folder)}`);
      expect(await leftovers(runOf(folder))).toEqual([]);
    }
    expect(await docker('volume', 'ls', '--quiet', '--filter', `name=${theirs}`)).toBe(theirs);
  });

  it('what a run left that was killed outright is cleared away by the next one', async () => {
    const folder = app('killed', 0);
    const killed = new Running(folder, '--quick');
    await killed.until('memory when idle');
    killed.child.kill('SIGKILL');
    await killed.ended;
    const run = runOf(folder);
    expect(await leftovers(run)).not.toEqual([]);
    const next = new Running(app('next', 0), '--quick');
    await next.until('copy of the repository');
    next.child.kill('SIGINT');
    await next.ended;
    expect(next.said).toContain(`removed what the dead run ${run} had left behind`);
    expect(await leftovers(run)).toEqual([]);
    expect(await docker('volume', 'ls', '--quiet', '--filter', `name=${theirs}`)).toBe(theirs);
  });
});
