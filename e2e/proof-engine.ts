import { spawn } from 'node:child_process';

export interface Ran {
  readonly ok: boolean;
  readonly output: string;
  /** False: it was stopped when its time was over. */
  readonly ended: boolean;
}

/** Runs docker in a folder; it is asked to stop after `seconds`. Both streams are one text. */
export function docker(args: readonly string[], cwd: string, seconds = 180): Promise<Ran> {
  return new Promise((resolve) => {
    const env = { ...process.env, BUILDKIT_PROGRESS: 'plain', COMPOSE_ANSI: 'never' };
    const child = spawn('docker', [...args], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    const said: Buffer[] = [];
    let ended = true;
    const patience = setTimeout(() => {
      ended = false;
      child.kill('SIGTERM');
    }, seconds * 1000);
    child.stdout.on('data', (chunk: Buffer) => said.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => said.push(chunk));
    child.on('error', (fault) => said.push(Buffer.from(String(fault))));
    child.on('close', (code) => {
      clearTimeout(patience);
      resolve({ ok: ended && code === 0, output: Buffer.concat(said).toString('utf8'), ended });
    });
  });
}
