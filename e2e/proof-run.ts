import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { x } from 'tinyexec';
import { checkRepo } from '../src/report/check-repo.ts';
import type { Case } from '../src/testing/case-file.ts';
import { caseRepo } from '../src/testing/judge.ts';
import type { ProvableCase } from './proof-records.ts';

/** `excerpt`: the line with the words that were expected. `fault`: what was not as the case says. */
type Proof = { readonly excerpt: string } | { readonly fault: string; readonly output: string };

interface Ran {
  readonly ok: boolean;
  readonly output: string;
}

/** Seconds for one build, and for a container to end or to be judged by its health check. */
const BUILD = 180;
const START = 60;

async function docker(args: readonly string[], cwd: string, seconds = BUILD): Promise<Ran> {
  const { exitCode, stdout, stderr } = await x('docker', [...args], {
    timeout: seconds * 1000,
    nodeOptions: { cwd, env: { ...process.env, BUILDKIT_PROGRESS: 'plain', COMPOSE_ANSI: 'never' } },
  });
  return { ok: exitCode === 0, output: `${stdout}${stderr}` };
}

/** Lays a case out as a folder, builds or starts it on the engine, and looks for what it says. */
export async function proveCase(one: ProvableCase): Promise<Proof> {
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-proof-'));
  try {
    layOut(one.content, folder);
    const { run } = one.content;
    const { ok, output } =
      run === 'build' || run === 'builds' ? await build(one, folder) : await start(one.content, folder);
    const expected = run === 'build' ? !ok : ok;
    const line = output.split(/\r?\n/).find((text) => said(text).includes(one.says));
    if (!expected) return { fault: `${run}: the engine ${ok ? 'did it' : 'refused it'}`, output };
    if (line === undefined) return { fault: `the words are not in what the engine said: ${one.says}`, output };
    return { excerpt: short(line) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function layOut(content: Case, folder: string): void {
  for (const [path, { text, mode, link }] of content.files) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    if (link !== undefined) {
      symlinkSync(link, file);
      continue;
    }
    writeFileSync(file, text);
    chmodSync(file, mode);
  }
}

/** Builds the target in which the finding stands; `--check` is part of what the engine says about a file. */
async function build(one: ProvableCase, folder: string): Promise<Ran> {
  const { report } = checkRepo(caseRepo(one.content));
  const id = report.findings.find((f) => f.rule === one.rule.id)?.target;
  const target = report.targets.find((t) => t.id === id) ?? report.targets[0];
  if (target === undefined) return { ok: true, output: 'the case has nothing to build' };
  const stage = target.stage === undefined ? [] : ['--target', target.stage];
  const context = target.context === '' ? '.' : target.context;
  return docker(
    ['build', '--no-cache', '--output', 'type=cacheonly', '-f', target.dockerfile, ...stage, context],
    folder,
  );
}

/** Starts the services of the compose file, or the image of the Dockerfile as the only one, until it is as expected. */
async function start(content: Case, folder: string): Promise<Ran> {
  const name = basename(folder).toLowerCase();
  const compose = [...content.files.keys()].find((path) => /^(docker-)?compose\.ya?ml$/.test(path));
  const file = compose ?? 'plimsoll-proof.yaml';
  if (compose === undefined) writeFileSync(join(folder, file), 'services:\n  app:\n    build: .\n');
  const project = ['compose', '-p', name, '-f', file];
  try {
    const up = await docker([...project, 'up', '--build', '-d'], folder);
    const until = Date.now() + START * 1000;
    for (;;) {
      const state = await stateOf(project, folder);
      const output = `${up.output}${state.output}`;
      if (state.is(content.run)) return { ok: true, output };
      // Compose itself may refuse to start it.
      if (content.run === 'start' && !up.ok && output.includes(content.says ?? '')) return { ok: true, output };
      if (content.run === 'up' && output.includes(content.says ?? '')) return { ok: up.ok, output };
      if (Date.now() > until) return { ok: false, output };
      await sleep(1000);
    }
  } finally {
    await docker([...project, 'down', '-v', '--rmi', 'local', '--remove-orphans', '-t', '1'], folder);
  }
}

interface State {
  readonly output: string;
  readonly is: (run: Case['run']) => boolean;
}

async function stateOf(project: readonly string[], folder: string): Promise<State> {
  const ids = await docker([...project, 'ps', '-aq'], folder);
  const containers = ids.output.split('\n').filter((id) => /^[0-9a-f]{12,}$/.test(id));
  const format =
    '{{.State.Status}} {{.State.ExitCode}} {{with .State.Health}}{{.Status}} {{json .Log}}{{end}} {{.State.Error}}';
  const inspected =
    containers.length === 0 ? { output: '' } : await docker(['inspect', '--format', format, ...containers], folder);
  const logs = await docker([...project, 'logs', '--no-color', '--no-log-prefix'], folder);
  return {
    output: `${inspected.output}\n${logs.output}`,
    is: (run) =>
      run === 'start'
        ? /^(exited|restarting|created|dead) (?!0 )\d+/m.test(inspected.output)
        : run === 'healthy' && /^running \d+ unhealthy/m.test(inspected.output),
  };
}

/** A line without what the engine only repeats of the Dockerfile: names of steps, the listing, the command that failed. */
function said(line: string): string {
  if (/^(#\d+| >) \[[^\]]*\] |^ *\d+ \| |^ *>/.test(line)) return '';
  return line.replace(/process "(\\.|[^"\\])*"/, 'process');
}

/** One line for a record: no time, no address. */
function short(line: string): string {
  return line
    .replace(/^#\d+ +(\d+\.\d+ +)?/, '')
    .replace(/https?:\/\/[^\s"')]+/g, 'https://…')
    .replace(/ of ref \S+/, '')
    .replace(/\S*\/overlay2\/\w+\/merged/, '')
    .trim()
    .slice(0, 240);
}
