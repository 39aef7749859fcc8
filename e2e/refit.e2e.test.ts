// Builds what refit writes and runs it hardened on the engine that DOCKER_HOST names.
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, test } from 'vitest';
import { applyPlan } from '../src/plan/apply.ts';
import { unifiedDiff } from '../src/plan/unified-diff.ts';
import { eventsInput } from '../src/refit/golden/events.ts';
import { inputOf, SHAPES } from '../src/refit/golden/shapes.ts';
import { refit } from '../src/refit/refit.ts';
import { openDirectory } from '../src/repo/directory.ts';
import { writeFiles } from '../src/repo/write.ts';

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

test('git applies the patch of every shape and takes it back', () => {
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

describe.skipIf(!engine)('the refitted example', () => {
  test('is healthy as a production stack, and its front door hands out page, deep link, asset, settings and API', async () => {
    const dir = join(folder(), 'events');
    cpSync('examples/events', dir, {
      recursive: true,
      filter: (source) => !/node_modules|\.venv|__pycache__/.test(source),
    });
    const repo = openDirectory(dir);
    expect(writeFiles(dir, applyPlan(repo, refit(eventsInput(repo))).files).ok).toBe(true);
    // Only the published port is another one: the test must not meet what already runs here.
    writeFileSync(join(dir, 'test.yml'), 'services:\n  web:\n    ports: !override ["127.0.0.1::8080"]\n');
    const compose = ['compose', '--project-name', mark, '--project-directory', dir];
    for (const file of ['docker-compose.yml', 'docker-compose.prod.yml', 'test.yml'])
      compose.push('-f', join(dir, file));
    try {
      for (const base of ['python:3.12-slim', 'nginxinc/nginx-unprivileged:stable']) docker('pull', '--quiet', base);
      docker(...compose, 'build', '--quiet');
      docker(...compose, 'up', '--detach', '--wait', '--wait-timeout', '60');
      const origin = `http://${docker(...compose, 'port', 'web', '8080')}`;
      const get = async (path: string): Promise<{ status: number; headers: Headers; text: string }> => {
        const response = await fetch(origin + path);
        return { status: response.status, headers: response.headers, text: await response.text() };
      };
      const index = await get('/');
      const asset = /assets\/[\w.-]+\.js/.exec(index.text)?.[0] ?? 'no asset';
      expect((await get('/history')).text).toBe(index.text);
      expect((await get(`/${asset}`)).headers.get('cache-control')).toContain('immutable');
      expect((await get('/config.js')).text).toContain('"VITE_API_URL":"');
      expect((await get('/api/health')).text).toBe('{"status":"ok"}');
      expect((await get('/assets/none.js')).status).toBe(404);
      for (const path of ['/', '/history', `/${asset}`, '/config.js', '/api/health', '/assets/none.js'])
        expect((await get(path)).headers.get('x-content-type-options'), path).toBe('nosniff');
      const form = new FormData();
      form.set('file', new Blob(['time,user,action\n2026-01-02,ada,Login\n']), 'a.csv');
      expect((await fetch(`${origin}/api/jobs`, { method: 'POST', body: form })).status).toBe(201);
      docker(...compose, 'up', '--detach', '--force-recreate', '--wait', '--wait-timeout', '60');
      const again = `http://${docker(...compose, 'port', 'web', '8080')}`;
      expect(await (await fetch(`${again}/api/jobs`)).text()).toContain('a.csv');
      const size = (image: string): number => Number(docker('image', 'inspect', '--format', '{{.Size}}', image));
      expect(size(`${mark}-api`) - size('python:3.12-slim')).toBeLessThan(60e6);
      expect(size(`${mark}-web`) - size('nginxinc/nginx-unprivileged:stable')).toBeLessThan(3e6);
    } finally {
      spawnSync('docker', [...compose, 'down', '--volumes', '--remove-orphans', '--rmi', 'local', '--timeout', '5']);
    }
  }, 300_000);
});
