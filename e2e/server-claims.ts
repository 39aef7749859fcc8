import type { Server } from '../src/servers/server.ts';
import { docker } from './proof-engine.ts';

/** What a container of a server image was seen to do, against what the table says of it. */
export interface SeenClaim {
  /** In words that the table of proven claims repeats. */
  readonly claim: string;
  readonly holds: boolean;
  readonly said: string;
}

const PATIENCE = 25_000;

/** Runs one image in the ways that its entry speaks of. Every container is removed. */
export async function seeServer(image: string, server: Server, prefix: string): Promise<readonly SeenClaim[]> {
  const seen: SeenClaim[] = [];
  const cwd = process.cwd();
  let number = 0;
  const given = server.variables
    .filter((v) => v.required !== 'never')
    .flatMap((v) => ['-e', `${v.name}=for-this-test`]);

  /** Starts it with options; looks until it listens or ends. */
  const run = async (
    options: readonly string[],
    look: (name: string) => Promise<void>,
    env = given,
  ): Promise<string> => {
    const name = `${prefix}-${++number}`;
    try {
      const started = await docker(['run', '-d', '--name', name, ...env, ...options, image], cwd, 60);
      if (!started.ok) return `not started: ${started.output.trim()}`;
      const until = Date.now() + PATIENCE;
      for (;;) {
        const state = (
          await docker(['inspect', '-f', '{{.State.Status}} {{.State.ExitCode}}', name], cwd)
        ).output.trim();
        if (!state.startsWith('running'))
          return `${state}: ${(await docker(['logs', '--tail', '5', name], cwd)).output.trim()}`;
        if (await listening(name, server)) {
          await look(name);
          return 'listens';
        }
        if (Date.now() > until)
          return `does not listen: ${(await docker(['logs', '--tail', '5', name], cwd)).output.trim()}`;
        await new Promise((go) => setTimeout(go, 300));
      }
    } finally {
      await docker(['rm', '-f', '-v', name], cwd);
    }
  };
  const note = (claim: string, holds: boolean, said: string): void =>
    void seen.push({ claim, holds, said: said.slice(0, 300) });

  const plain = await run([], async (name) => {
    const [, uid = ''] = (await docker(['top', name, '-o', 'pid,uid'], cwd)).output.trim().split(/\s+/).slice(2);
    note(`runs as ${server.runsAs.uid}`, uid === String(server.runsAs.uid), uid);
    // Without a shell nothing can be asked, and nothing is said.
    const shell = (await inside(name, 'true')).ok;
    for (const tool of shell ? server.tools : []) {
      const there = await inside(name, `command -v ${tool}`);
      note(`has ${tool}`, there.ok, there.output);
    }
    for (const tool of shell ? server.missingTools : []) {
      const there = await inside(name, `command -v ${tool}`);
      note(`has no ${tool}`, !there.ok, there.output);
    }
    if (server.health !== undefined && shell) {
      const health = await repeated(name, server.health.replaceAll('$$', '$'));
      note('health command', health.ok, health.output);
    }
  });
  note(`listens on ${server.ports[0]?.port}`, plain === 'listens', plain);
  const config = (
    await docker(['image', 'inspect', '-f', '{{json .Config.Volumes}} {{.Config.StopSignal}}', image], cwd)
  ).output;
  note(
    'declared volumes',
    server.declaredVolumes.every((path) => config.includes(`"${path}"`)),
    config,
  );
  if (given.length > 0) {
    const without = await run([], async () => undefined, []);
    note('stops without required variables', /^exited [1-9]/.test(without), without);
  }
  if (server.capabilities.length > 0) {
    const add = server.capabilities.flatMap((c) => ['--cap-add', c]);
    const enough = await run(['--cap-drop', 'ALL', ...add], async () => undefined);
    note('capabilities are enough', enough === 'listens', enough);
    const none = await run(['--cap-drop', 'ALL'], async () => undefined);
    note('stops without capabilities', none !== 'listens', none);
  }
  const tmpfs = [...server.scratch, ...server.data.map((d) => d.path)].flatMap((path) => [
    '--tmpfs',
    `${path}:uid=${server.runsAs.uid},gid=${server.runsAs.gid},mode=0755`,
  ]);
  const readOnly = await run(['--read-only', ...tmpfs], async () => undefined);
  note('read-only root with the scratch folders', readOnly === 'listens', readOnly);
  if (server.runsAs.uid !== server.startsAs.uid) {
    const caps = server.capabilitiesAsUser.flatMap((c) => ['--cap-add', c]);
    const own = await run(
      ['--user', `${server.runsAs.uid}:${server.runsAs.gid}`, '--cap-drop', 'ALL', ...caps],
      async () => undefined,
    );
    note('starts as its own user without capabilities', own === 'listens', own);
  }
  return seen;
}

function inside(name: string, text: string): ReturnType<typeof docker> {
  return docker(['exec', name, 'sh', '-c', text], process.cwd(), 20);
}

async function repeated(name: string, text: string): ReturnType<typeof docker> {
  const until = Date.now() + PATIENCE;
  for (;;) {
    const ran = await inside(name, text);
    if (ran.ok || Date.now() > until) return ran;
    await new Promise((go) => setTimeout(go, 500));
  }
}

/** Whether something inside listens on the first port of the entry, as the kernel says. */
async function listening(name: string, server: Server): Promise<boolean> {
  const port = server.ports[0]?.port ?? 0;
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  // From beside it: not every image has a shell.
  const look = [
    'run',
    '--rm',
    '--network',
    `container:${name}`,
    'debian:trixie-slim',
    'cat',
    '/proc/net/tcp',
    '/proc/net/tcp6',
  ];
  const { output } = await docker(look, process.cwd(), 20);
  return new RegExp(`^ *\\d+: [0-9A-F]+:${hex} [0-9A-F]+:0000 0A `, 'm').test(output);
}
