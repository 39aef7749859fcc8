import { writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Case, InService } from '../src/testing/case-file.ts';
import { docker, type Ran } from './proof-engine.ts';

/** Seconds until a container must have ended, be judged by its health check, answer or have written. */
const PATIENCE = 60;

/** Seconds after which `up` counts as waiting for ever, images being there. */
const WAITS = 30;

interface Project {
  readonly content: Case;
  readonly folder: string;
  readonly name: string;
  readonly compose: readonly string[];
}

/** Starts what a case describes, under names of its own, until it is as expected; nothing is left of it. */
export async function runStack(content: Case, folder: string): Promise<Ran> {
  const name = basename(folder).toLowerCase();
  const files = composeFiles(content, folder);
  const compose = ['compose', '-p', name, ...files.flatMap((file) => ['-f', file])];
  const project: Project = { content, folder, name, compose };
  if (content.run === 'config' || content.run === 'refused') return docker([...compose, 'config'], folder, PATIENCE);
  try {
    if (content.run === 'waits') {
      const waiting = await docker([...compose, 'up', '--build', '-d'], folder, WAITS);
      return { ...waiting, ok: !waiting.ended };
    }
    const up = await docker([...compose, 'up', '--build', '-d'], folder);
    if (content.run === 'ask') return up.ok ? await ask(project) : up;
    if (content.run === 'stop') return up.ok ? await stop(project) : up;
    if (content.run === 'lost') return up.ok ? await lost(project) : up;
    return await settle(project, up);
  } finally {
    await docker([...compose, 'down', '-v', '--rmi', 'local', '--remove-orphans', '-t', '1'], folder);
  }
}

/** The files that the case names, else the one that Compose finds, else one around its Dockerfile. */
function composeFiles(content: Case, folder: string): readonly string[] {
  if (content.compose.length > 0) return content.compose;
  const found = [...content.files.keys()].find((path) => /^(docker-)?compose(\.\w+)?\.ya?ml$/.test(path));
  if (found !== undefined) return [found];
  writeFileSync(join(folder, 'plimsoll-proof.yaml'), 'services:\n  app:\n    build: .\n');
  return ['plimsoll-proof.yaml'];
}

/** Waits until a container ended, became unhealthy, or something says the words. */
async function settle({ content, folder, compose }: Project, up: Ran): Promise<Ran> {
  const says = content.says ?? '';
  const until = Date.now() + PATIENCE * 1000;
  for (;;) {
    const states = await statesOf(compose, folder);
    const logs = await docker([...compose, 'logs', '--no-color', '--no-log-prefix'], folder);
    const output = `${up.output}${states}\n${logs.output}`;
    if (content.run === 'start' && /^(exited|restarting|created|dead) (?!0 )\d+/m.test(states))
      return { ...up, ok: true, output };
    if (content.run === 'healthy' && /^running \d+ unhealthy/m.test(states)) return { ...up, ok: true, output };
    // Compose itself may refuse to start it.
    if (content.run === 'start' && !up.ok && output.includes(says)) return { ...up, ok: true, output };
    if (content.run === 'up' && output.includes(says)) return { ...up, output };
    if (Date.now() > until) return { ...up, ok: false, output };
    await sleep(1000);
  }
}

async function statesOf(compose: readonly string[], folder: string): Promise<string> {
  const ids = await docker([...compose, 'ps', '-aq'], folder);
  const containers = ids.output.split('\n').filter((id) => /^[0-9a-f]{12,}$/.test(id));
  const format =
    '{{.State.Status}} {{.State.ExitCode}} {{with .State.Health}}{{.Status}} {{json .Log}}{{end}} {{.State.Error}}';
  return containers.length === 0 ? '' : (await docker(['inspect', '--format', format, ...containers], folder)).output;
}

/** Prints status and headers of an answer, once there is one. */
const REQUEST = `const [url, ...names] = process.argv.slice(1);
const until = Date.now() + ${PATIENCE / 2}000;
for (;;) {
  try {
    const answer = await fetch(url, { redirect: 'manual' });
    console.log('answer: ' + answer.status);
    for (const name of names) console.log(name + ': ' + (answer.headers.get(name) ?? 'not sent'));
    break;
  } catch (fault) {
    if (Date.now() > until) { console.log('no answer: ' + (fault.cause?.code ?? fault)); process.exit(1); }
    await new Promise((go) => setTimeout(go, 500));
  }
}`;

/** Asks from a container of its own on the stack's default network: the host need not reach the engine's networks. */
async function ask({ content, folder, name }: Project): Promise<Ran> {
  const { url = '', headers = [] } = content.ask ?? {};
  const run = [
    'run',
    '--rm',
    '--network',
    `${name}_default`,
    'node:22-slim',
    'node',
    '--input-type=module',
    '-e',
    REQUEST,
  ];
  return docker([...run, '--', url, ...headers], folder, PATIENCE);
}

/** How containers end that are asked to, with four seconds to do it. */
async function stop({ folder, compose }: Project): Promise<Ran> {
  await sleep(2000);
  const stopped = await docker([...compose, 'stop', '-t', '4'], folder);
  return { ...stopped, output: (await statesOf(compose, folder)).replace(/^exited (\d+).*/gm, 'exit code $1') };
}

/** Writes something, takes the stack down and up again, and looks for it. */
async function lost({ content, folder, compose }: Project): Promise<Ran> {
  const inside = async (what: InService | undefined, done: (ran: Ran) => boolean): Promise<Ran> => {
    const { service = '', text = '' } = what ?? {};
    const until = Date.now() + PATIENCE * 1000;
    for (;;) {
      const ran = await docker([...compose, 'exec', '-T', service, 'sh', '-c', text], folder, PATIENCE);
      if (done(ran) || Date.now() > until) return ran;
      await sleep(1000);
    }
  };
  const wrote = await inside(content.write, ({ ok }) => ok);
  if (!wrote.ok) return wrote;
  await docker([...compose, 'down', '-t', '10'], folder);
  const up = await docker([...compose, 'up', '-d'], folder);
  if (!up.ok) return up;
  const found = await inside(content.look, ({ ok, output }) => ok || output.includes(content.says ?? ''));
  return { ...found, ok: !found.ok };
}
