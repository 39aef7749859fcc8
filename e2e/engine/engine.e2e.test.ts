import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const run = promisify(execFile);
const docker = async (...args: string[]) => (await run('docker', args, { timeout: 240_000 })).stdout.trim();
const kind = process.env['PLIMSOLL_ENGINE_KIND'];
const name = `plimsoll-engine-test-${process.pid}`;

/** The body that the host gets from that port; asked again while nobody listens yet. */
async function body(port: string): Promise<string> {
  const once = () =>
    new Promise<string>((resolve, reject) => {
      get({ host: '127.0.0.1', port, timeout: 5_000 }, (response) => {
        response.setEncoding('utf8');
        let text = '';
        response.on('data', (part: string) => {
          text += part;
        });
        response.on('end', () => resolve(text));
      }).on('error', reject);
    });
  for (let attempt = 0; attempt < 30; attempt++) {
    const answer = await once().catch(() => undefined);
    if (answer !== undefined) return answer;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  return 'no answer';
}

describe.skipIf(kind === 'none')('the engine of the end-to-end tests', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'plimsoll-engine-test-'));
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    await docker('rm', '-f', name);
    await docker('image', 'rm', '-f', name);
  });

  it('builds on python with a package from an index, behind a syntax line', async () => {
    writeFileSync(
      join(folder, 'Dockerfile'),
      [
        '# syntax=docker/dockerfile:1',
        'FROM python:3.12-slim',
        'RUN --mount=type=cache,target=/root/.cache/pip pip install idna==3.10',
        'RUN <<EOF',
        'python -c "import idna, sqlite3, ssl"',
        'EOF',
        'WORKDIR /site',
        'RUN echo "served by python" > index.html',
        'CMD ["python", "-m", "http.server", "8000"]',
      ].join('\n'),
    );
    await docker('buildx', 'build', '--quiet', '--load', '--tag', name, folder);
    const id = await docker('image', 'inspect', name, '--format', '{{.Id}}');
    expect(id).toMatch(/^sha256:[0-9a-f]{64}$/);
  });

  it('publishes ports where the host can reach them', async () => {
    await docker('run', '--detach', '--name', name, '--publish', '127.0.0.1::8000', name);
    const [, port = ''] = (await docker('port', name, '8000')).split(':');
    expect(await body(port)).toBe('served by python\n');
  });

  it.skipIf(kind !== 'private')('of the private kind says in a label what a stand-in really is', async () => {
    const label = await docker('image', 'inspect', name, '--format', '{{index .Config.Labels "plimsoll.standin"}}');
    expect(label).toMatch(/^python 3\.12\.\d+ on debian trixie$/);
  });

  it('gives containers without a network no way out', async () => {
    const probe = 'import socket; socket.create_connection(("1.1.1.1", 53), 2)';
    await expect(docker('run', '--rm', '--network', 'none', name, 'python', '-c', probe)).rejects.toThrow(
      /unreachable/,
    );
  });
});
