import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dockerEngine } from '../src/engine/docker.ts';
import type { Engine } from '../src/engine/engine.ts';
import type { Entry } from '../src/ledger/entry.ts';
import { openLedger } from '../src/ledger/open-ledger.ts';
import type { ProveOptions, ProveResult } from '../src/prove/options.ts';
import { prove } from '../src/prove/prove.ts';
import { openDirectory } from '../src/repo/directory.ts';

const execute = promisify(execFile);
const docker = async (...args: string[]): Promise<string> =>
  (await execute('docker', args, { timeout: 240_000 })).stdout.trim();

const server = `import http.server, json, os, signal, socket, sys
def out():
    try:
        socket.create_connection(("1.1.1.1", 443), 2).close()
        return True
    except OSError:
        return False
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        found = self.path.startswith("/api/")
        if found: body, kind = json.dumps({"ok": True, "out": out() if "egress" in self.path else None}), "application/json"
        else: body, kind = '<!doctype html><div id="root"></div>', "text/html"
        self.send_response(200)
        for name, value in (("content-type", kind), ("content-length", str(len(body)))): self.send_header(name, value)
        self.end_headers(); self.wfile.write(body.encode())
    def log_message(self, *args): pass
signal.signal(signal.SIGTERM, lambda *args: sys.exit(0))
if os.environ.get("NEEDED", "") == "": sys.exit("NEEDED is not set")
open("/data/started", "a").write("x")
http.server.ThreadingHTTPServer(("0.0.0.0", 8000), Handler).serve_forever()
`;

const dockerfile = `FROM python:3.12-slim
WORKDIR /app
COPY main.py .
RUN mkdir /data && chown 10001 /data
USER 10001
HEALTHCHECK --interval=1s --timeout=5s --retries=20 CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/api/health')"]
CMD ["python", "main.py"]
`;

const compose = `services:
  app:
    build: .
    container_name: NAME
    restart: always
    environment: { NEEDED: "\${NEEDED:?must be set}" }
    ports: ["PORT:8000"]
    volumes: [data:/data]
volumes:
  data:
    name: NAME-data
networks:
  default:
    name: NAME-net
`;

describe.skipIf(process.env['PLIMSOLL_ENGINE_KIND'] === 'none')('prove on a real engine', () => {
  const root = mkdtempSync(join(tmpdir(), 'plimsoll-prove-test-'));
  // The user's running stack has the same folder name, so the same project name, as what is proven.
  const name = `plimsoll-e2e-${process.pid}`;
  const app = join(root, 'theirs', name);
  const port = 20_000 + (process.pid % 10_000);

  beforeAll(async () => {
    mkdirSync(app, { recursive: true });
    writeFileSync(join(app, 'main.py'), server);
    writeFileSync(join(app, 'Dockerfile'), dockerfile);
    writeFileSync(join(app, 'compose.yaml'), compose.replaceAll('NAME', name).replaceAll('PORT', String(port)));
    await execute('docker', ['compose', 'up', '--detach', '--build', '--wait'], {
      cwd: app,
      env: { ...process.env, NEEDED: 'theirs' },
      timeout: 240_000,
    });
  });

  afterAll(async () => {
    await execute('docker', ['compose', 'down', '--volumes', '--rmi', 'local', '--timeout', '1'], {
      cwd: app,
      env: { ...process.env, NEEDED: 'x' },
      timeout: 120_000,
    });
    rmSync(root, { recursive: true, force: true });
  });

  /** Everything of the engine that must not change, but for what other runs and tests do meanwhile. */
  async function theirs(): Promise<unknown> {
    const [container = {}] = JSON.parse(await docker('inspect', name)) as Record<string, unknown>[];
    const state = container['State'] as Record<string, unknown>;
    return {
      id: container['Id'],
      started: state['StartedAt'],
      image: container['Image'],
      tag: await docker('image', 'inspect', '--format', '{{.Id}}', `${name}-app`),
      volume: await docker('volume', 'inspect', '--format', '{{.CreatedAt}}', `${name}-data`),
      network: await docker('network', 'inspect', '--format', '{{.Id}}', `${name}-net`),
      data: await docker('exec', name, 'cat', '/data/started'),
      answers: await docker('port', name),
    };
  }

  async function leftovers(run: string): Promise<string[]> {
    const filter = `label=plimsoll.run=${run}`;
    const lists = [
      ['ps', '--all', '--quiet'],
      ['network', 'ls', '--quiet'],
      ['volume', 'ls', '--quiet'],
      ['image', 'ls', '--quiet'],
    ];
    const found = await Promise.all(lists.map((list) => docker(...list, '--filter', filter)));
    return [
      ...found.filter((text) => text !== ''),
      ...readdirSync(tmpdir()).filter((entry) => entry.startsWith(`plimsoll-run-${run}`)),
    ];
  }

  function options(folder: string, more: Partial<ProveOptions> = {}): ProveOptions {
    return {
      before: openDirectory(folder),
      stack: { files: ['compose.yaml'] },
      stackName: 'compose.yaml',
      engine: dockerEngine(process.env),
      ledger: openLedger(mkdtempSync(join(root, 'ledger-'))),
      budgets: { general: new Map(), services: new Map() },
      quick: true,
      ...more,
    };
  }

  const entry = (result: ProveResult, measure: string): Omit<Entry, 'at'> | undefined =>
    result.entries.find((row) => row.entry.measure === measure)?.entry;

  it('leaves a running stack of the same name, its volume and its port as they were, and nothing of its own', async () => {
    const before = await theirs();
    const result = await prove(options(app, { front: { api: ['/api/egress'] } }));
    expect(result.status).toBe('met');
    expect(entry(result, 'service.healthy')?.value).toBe(true);
    expect(entry(result, 'front.index')?.value).toBe(true);
    expect(entry(result, 'front.api')?.text).toBe('200 for /api/egress');
    expect(entry(result, 'service.readOnlyRoot')?.value).toBe(true);
    expect(entry(result, 'service.stop.code')?.value).toBe(0);
    expect(
      result.entries.some((row) => row.entry.kind === 'assumption' && row.entry.text.startsWith('NEEDED has no value')),
    ).toBe(true);
    expect(await theirs()).toEqual(before);
    expect(await leftovers(result.run)).toEqual([]);
  });

  it.each([true, false])(
    'lets nothing out of the stack (containers reachable directly: %s), and asks the front door all the same',
    async (bridge) => {
      const engine = dockerEngine(process.env);
      const bodies: string[] = [];
      const watched: Engine = {
        ...engine,
        facts: async (call) => {
          const facts = await engine.facts(call);
          return { ...facts, bridgeReachable: bridge && facts.bridgeReachable };
        },
        request: async (request, call) => {
          const answer = await engine.request(request, { ...call, seconds: 20 });
          bodies.push(answer.body);
          return answer;
        },
      };
      const result = await prove(options(app, { engine: watched, front: { api: ['/api/egress'] } }));
      expect(entry(result, 'front.api')?.value).toBe(true);
      expect(bodies).toContain('{"ok": true, "out": false}');
    },
  );

  it('keeps data over recreation and restore, restarts after a kill, and says which side missed a budget', async () => {
    const after = join(root, 'after', name);
    mkdirSync(dirname(after), { recursive: true });
    cpSync(app, after, { recursive: true });
    const budgets = { general: new Map([['image.layers', { value: 1, text: 'at most 1' }]]), services: new Map() };
    const before = await theirs();
    const result = await prove(options(app, { after: openDirectory(after), quick: false, runs: 1, budgets }));
    expect(result.status).toBe('missed');
    expect(result.missed.map((row) => [row.entry.subject.side, row.entry.measure])).toEqual([
      ['after', 'image.layers'],
    ]);
    for (const measure of ['stack.restart', 'stack.recreate', 'stack.backup']) {
      expect([measure, entry(result, measure)?.value, entry(result, measure)?.text]).toEqual([
        measure,
        true,
        expect.any(String),
      ]);
    }
    const left = result.entries.filter(
      (row) => row.entry.kind === 'not-measured' && row.entry.text.includes('--quick'),
    );
    expect(left).toEqual([]);
    for (const measure of ['image.size.compressed', 'build.cold', 'build.reproducible'])
      expect(entry(result, measure)?.kind).toBe('measurement');
    expect(entry(result, 'build.cold')?.samples).toHaveLength(2);
    expect(await theirs()).toEqual(before);
    expect(await leftovers(result.run)).toEqual([]);
  });

  it('tells a build that fails and a service that never becomes healthy in the engine’s words', async () => {
    const broken = join(root, 'broken', name);
    cpSync(app, broken, { recursive: true });
    writeFileSync(join(broken, 'Dockerfile'), dockerfile.replace('COPY main.py .', 'COPY main.py missing.py ./'));
    const failed = await prove(options(broken));
    expect(entry(failed, 'image.builds')).toMatchObject({ value: false });
    expect(entry(failed, 'image.builds')?.text).toMatch(/Dockerfile:3: .*"\/missing\.py": not found/);
    expect(entry(failed, 'image.builds')?.exit).toBe(1);
    writeFileSync(
      join(broken, 'Dockerfile'),
      dockerfile.replace('--retries=20 CMD ["python", "-c"', '--retries=2 CMD ["curl", "-f"'),
    );
    const sick = await prove(options(broken));
    expect(sick.status).toBe('missed');
    expect(entry(sick, 'service.healthy')?.text).toMatch(/curl.*executable file not found/);
    expect(await leftovers(sick.run)).toEqual([]);
  });

  it('leaves nothing behind but the evidence when it is stopped half-way', async () => {
    const abort = new AbortController();
    const folder = options(app);
    const result = await prove({
      ...folder,
      signal: abort.signal,
      progress: (event) => {
        if (event.kind === 'step' && event.text === 'requests through the front door') abort.abort();
      },
    });
    expect(result.status).toBe('aborted');
    expect(await leftovers(result.run)).toEqual([]);
    expect(folder.ledger.entries().some((stored) => stored.entry.measure === 'service.healthy')).toBe(true);
  });

  it('clears away what a run left whose process is gone, and only that', async () => {
    const dead = `plimsoll-e2e-dead-${process.pid}`;
    const host = (await execute('hostname')).stdout.trim();
    const label = ['--label', 'plimsoll.run=deadbeef00', '--label', `plimsoll.owner=${host}:4194304:1`];
    await docker('volume', 'create', ...label, dead);
    await docker(
      'volume',
      'create',
      '--label',
      'plimsoll.run=alive00000',
      '--label',
      'plimsoll.owner=elsewhere:1:1',
      `${dead}-alive`,
    );
    await prove(
      options(app, {
        budgets: { general: new Map(), services: new Map() },
        healthyWithin: 1,
        signal: AbortSignal.timeout(3000),
      }),
    );
    const volumes = (await docker('volume', 'ls', '--quiet')).split('\n');
    expect(volumes).not.toContain(dead);
    expect(volumes).toContain(`${dead}-alive`);
    await docker('volume', 'rm', `${dead}-alive`);
  });

  it('calls an engine that is lost half-way a fault, with the evidence so far', async () => {
    const engine = dockerEngine(process.env);
    const nowhere = dockerEngine({ ...process.env, DOCKER_HOST: `unix://${root}/no.sock` });
    let lost = false;
    const dying: Engine = {
      ...engine,
      facts: (call) => (lost ? nowhere : engine).facts(call),
      build: (request, call) => {
        lost = true;
        return nowhere.build(request, call);
      },
    };
    const result = await prove(options(app, { engine: dying }));
    expect(result.status).toBe('fault');
    expect(result.fault).toMatch(/^the engine was lost: /);
    expect(entry(result, 'stack.config')?.value).toBe(true);
    expect(entry(result, 'image.builds')).toBeUndefined();
  });

  it('runs a repository that has a Dockerfile and no compose file', async () => {
    const alone = join(root, 'alone', basename(app));
    cpSync(app, alone, { recursive: true });
    rmSync(join(alone, 'compose.yaml'));
    writeFileSync(
      join(alone, 'Dockerfile'),
      `${dockerfile.replace('CMD ["python", "main.py"]', 'ENV NEEDED=yes\nEXPOSE 8000\nCMD ["python", "main.py"]')}`,
    );
    const result = await prove(
      options(alone, { stack: { targets: [{ name: 'app', dockerfile: 'Dockerfile', context: '.' }] } }),
    );
    expect(entry(result, 'stack.config')?.kind).toBe('not-measured');
    expect(entry(result, 'front.index')?.value).toBe(true);
    expect(result.status).toBe('met');
  });
});
