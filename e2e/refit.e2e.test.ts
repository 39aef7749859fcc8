// Builds what refit writes and runs it hardened on the engine that DOCKER_HOST names.
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, test } from 'vitest';
import { applyPlan } from '../src/plan/apply.ts';
import { inputOf, SHAPES } from '../src/refit/golden/shapes.ts';
import { refit } from '../src/refit/refit.ts';

const mark = `plimsoll-refit-${process.pid}`;
const folders: string[] = [];
const images: string[] = [];
const containers: string[] = [];

function docker(...args: string[]): string {
  const result = spawnSync('docker', args, { encoding: 'utf8', timeout: 280_000 });
  if (result.status !== 0) throw new Error(`docker ${args.join(' ')}: ${result.stderr.slice(-3000)}`);
  return result.stdout.trim();
}

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'plimsoll-refit-'));
  folders.push(made);
  return made;
}

async function healthy(container: string): Promise<string> {
  for (let i = 0; i < 100; i++) {
    const status = docker('inspect', '--format', '{{.State.Status}} {{.State.Health.Status}}', container);
    if (/healthy$/.test(status) || !status.startsWith('running')) return status;
    await sleep(300);
  }
  return docker('inspect', '--format', '{{json .State.Health}}', container);
}

afterAll(() => {
  for (const container of containers) spawnSync('docker', ['rm', '-f', container]);
  for (const image of images) spawnSync('docker', ['rmi', '-f', image]);
  for (const made of folders) rmSync(made, { recursive: true, force: true });
});

const engine = process.env['PLIMSOLL_ENGINE_KIND'] !== 'none';

describe.skipIf(!engine).each(SHAPES.filter((shape) => shape.notBuilt === undefined))('the refitted $name', (shape) => {
  test('builds, is healthy without root, capabilities or a writable root, and stops at SIGTERM', async () => {
    const input = inputOf(shape.files, shape.image);
    const { repo } = applyPlan(input.repo, refit(input));
    const dir = folder();
    for (const file of repo.files()) {
      mkdirSync(dirname(join(dir, file)), { recursive: true });
      writeFileSync(join(dir, file), repo.text(file) ?? '');
    }
    const image = `${mark}-${shape.name}`;
    images.push(image);
    docker('build', '--quiet', '--tag', image, dir);
    const hardened = [
      '--read-only',
      '--tmpfs',
      '/tmp',
      '--cap-drop',
      'ALL',
      '--security-opt',
      'no-new-privileges',
      '--init',
    ];
    const container = docker('run', '--detach', ...hardened, image);
    containers.push(container);
    expect(await healthy(container), docker('logs', container)).toBe('running healthy');
    expect(docker('exec', container, 'id', '-u')).not.toBe('0');
    docker('stop', '--time', '9', container);
    expect(['0', '143']).toContain(docker('inspect', '--format', '{{.State.ExitCode}}', container));
  }, 300_000);
});

test('git applies the patch of every shape and takes it back', async () => {
  const { unifiedDiff } = await import('../src/plan/unified-diff.ts');
  for (const shape of SHAPES) {
    const input = inputOf(shape.files, shape.image);
    const dir = folder();
    for (const [file, text] of Object.entries(shape.files)) {
      mkdirSync(dirname(join(dir, file)), { recursive: true });
      writeFileSync(join(dir, file), text);
    }
    execFileSync('git', ['init', '-q'], { cwd: dir });
    const before = join(folder(), 'before');
    cpSync(dir, before, { recursive: true });
    const patch = unifiedDiff(applyPlan(input.repo, refit(input)).files);
    expect(patch).not.toBe('');
    execFileSync('git', ['apply', '-'], { cwd: dir, input: patch });
    execFileSync('git', ['apply', '-R', '-'], { cwd: dir, input: patch });
    expect(spawnSync('diff', ['-r', before, dir], { encoding: 'utf8' }).stdout).toBe('');
  }
});
