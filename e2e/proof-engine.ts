import { x } from 'tinyexec';

export interface Ran {
  readonly ok: boolean;
  readonly output: string;
}

/** Runs docker in a folder; `seconds` at most. Both streams are one text. */
export async function docker(args: readonly string[], cwd: string, seconds = 180): Promise<Ran> {
  const { exitCode, stdout, stderr } = await x('docker', [...args], {
    timeout: seconds * 1000,
    nodeOptions: { cwd, env: { ...process.env, BUILDKIT_PROGRESS: 'plain', COMPOSE_ANSI: 'never' } },
  });
  return { ok: exitCode === 0, output: `${stdout}${stderr}` };
}
