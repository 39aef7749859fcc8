import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { extract } from 'tar-stream';
import { parseDockerfile } from '../src/dockerfile/parse.ts';
import { openDirectory } from '../src/repo/directory.ts';
import { openContext } from '../src/simulate/context/open-context.ts';
import { simulate } from '../src/simulate/simulate.ts';
import type { Trace } from '../src/simulate/trace.ts';
import { CONTEXT } from './simulate-programs.ts';

interface EngineEntry {
  readonly type: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly target: string | undefined;
  readonly text: string | undefined;
}

/** A folder with the context of all programs. */
export function makeContext(): string {
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-simulate-'));
  chmodSync(folder, 0o755);
  for (const item of CONTEXT) {
    const path = join(folder, item.path);
    mkdirSync(dirname(path), { recursive: true });
    if (item.kind === 'directory') mkdirSync(path, { recursive: true });
    else if (item.kind === 'symlink') symlinkSync(item.text, path);
    else writeFileSync(path, item.text);
  }
  for (const item of [...CONTEXT].reverse()) if (item.kind !== 'symlink') chmodSync(join(folder, item.path), item.mode);
  return folder;
}

export function removeContext(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}

/** The file tree of a built image, or the engine's words where it refused. */
export async function engineTree(folder: string, tag: string): Promise<Map<string, EngineEntry> | string> {
  const built = spawnSync(
    'docker',
    ['build', '--progress=plain', '-t', tag, '-f', join(folder, 'Dockerfile'), folder],
    {
      encoding: 'utf8',
      timeout: 120_000,
    },
  );
  if (built.status !== 0) return built.stderr.slice(-3000) || String(built.error ?? 'the build did not end');
  const id = execFileSync('docker', ['create', tag, 'true'], { encoding: 'utf8' }).trim();
  try {
    return await exported(id);
  } finally {
    execFileSync('docker', ['rm', '-f', id], { stdio: 'ignore' });
    execFileSync('docker', ['rmi', '-f', tag], { stdio: 'ignore' });
  }
}

async function exported(id: string): Promise<Map<string, EngineEntry>> {
  const out = new Map<string, EngineEntry>();
  const child = spawn('docker', ['export', id], { stdio: ['ignore', 'pipe', 'inherit'] });
  const archive = extract();
  child.stdout.pipe(archive);
  for await (const entry of archive) {
    const { header } = entry;
    const chunks: Buffer[] = [];
    for await (const chunk of entry)
      if (header.size !== undefined && header.size < 10_000) chunks.push(chunk as Buffer);
    const path = `/${header.name.replace(/^\.?\//, '').replace(/\/$/, '')}`;
    const type = header.type === 'link' ? 'file' : (header.type ?? 'file');
    const text = type === 'file' && header.type !== 'link' ? Buffer.concat(chunks).toString('utf8') : undefined;
    out.set(path, {
      type,
      mode: (header.mode ?? 0) & 0o7777,
      uid: header.uid ?? 0,
      gid: header.gid ?? 0,
      target: header.linkname ?? undefined,
      text,
    });
  }
  return out;
}

const ENGINES_OWN =
  /^\/(proc|sys|dev|\.dockerenv$|var\/lib\/apt\/lists\/|etc\/(hosts|resolv\.conf|hostname|mtab)$|run\/secrets)/;

export function simulated(folder: string, text: string): Trace {
  const repo = openDirectory(folder);
  const dockerfile = parseDockerfile(text, 'Dockerfile');
  const trace = simulate({
    dockerfile,
    context: openContext(repo, '', 'Dockerfile'),
    platform: { os: 'linux', architecture: 'amd64' },
  });
  if (!trace) throw new Error('no stage');
  return trace;
}

/** Where the simulator is wrong about an image; empty when every word of it is true. */
export function differences(trace: Trace, engine: Map<string, EngineEntry> | string): readonly string[] {
  const out: string[] = [];
  const stop = trace.breaks.find((item) => !item.swallowed);
  if (typeof engine === 'string') {
    const silent =
      !stop &&
      trace.undecided.length === 0 &&
      !trace.stages.some((stage) => stage.steps.some((step) => step.unmodelled));
    if (silent && !mayFail(trace)) out.push(`the engine refuses, the simulator does not: ${engine.slice(-400)}`);
    const vague = stop?.kind === 'other' || trace.undecided.length > 0;
    if (stop?.says !== undefined && !stop.hypothetical && !vague && !engine.includes(stop.says))
      out.push(`the engine does not say "${stop.says}": ${engine.slice(-600)}`);
    return out;
  }
  if (stop) return [`a false accusation: ${stop.kind} ${stop.text}`];
  const { tree, workdir } = trace.final;
  for (const [path, entry] of engine) {
    if (ENGINES_OWN.test(path)) continue;
    const found = tree.lookup(path, { follow: false });
    if (!found.known) continue;
    const { presence, type, attributes, content } = found.value;
    if (presence === 'absent') {
      // `docker create`, which the export needs, makes the working directory again.
      if (entry.type === 'directory' && workdir.known && `${workdir.value}/`.startsWith(`${path}/`)) continue;
      out.push(`${path} is there, said to be absent`);
      continue;
    }
    if (presence !== 'present') continue;
    const own = found.value.entry;
    // Stand-ins of base images differ from the real ones in such points.
    const ofBase = found.because[0]?.kind === 'base-image';
    if (ofBase && entry.type !== 'directory') continue;
    if (type !== undefined && type !== entry.type) out.push(`${path} is a ${entry.type}, said to be a ${type}`);
    if (own && own.origin.kind !== 'line' && entry.type !== 'directory') continue;
    if (entry.type !== 'symlink' && attributes.mode !== undefined && own && attributes.mode !== entry.mode)
      out.push(`${path} has mode ${entry.mode.toString(8)}, said ${attributes.mode.toString(8)}`);
    if (own && attributes.uid !== undefined && attributes.uid !== entry.uid)
      out.push(`${path} belongs to ${entry.uid}, said ${attributes.uid}`);
    if (own && attributes.gid !== undefined && attributes.gid !== entry.gid)
      out.push(`${path} has group ${entry.gid}, said ${attributes.gid}`);
    if (own?.type === 'symlink' && own.target !== undefined && own.target !== entry.target)
      out.push(`${path} points to ${entry.target}, said ${own.target}`);
    const said = entry.type === 'file' ? content?.() : undefined;
    if (said !== undefined && entry.text !== undefined && own?.origin.kind === 'line' && said !== entry.text)
      out.push(`${path} holds ${JSON.stringify(entry.text)}, said ${JSON.stringify(said)}`);
  }
  for (const [path, entry, presence] of tree.entries()) {
    if (presence !== 'present' || entry.origin.kind !== 'line' || ENGINES_OWN.test(path)) continue;
    if (!engine.has(path)) out.push(`${path} is not there, said to be present (${entry.origin.text})`);
  }
  return out;
}

/** Some command of the last walk may fail: then the engine may stop. */
function mayFail(trace: Trace): boolean {
  return trace.mayFail === true;
}
