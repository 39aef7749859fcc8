import { readFile } from 'node:fs/promises';
import type { Call } from './engine.ts';
import { type Outcome, succeeded } from './outcome.ts';

type Docker = (args: readonly string[], call?: Call) => Promise<Outcome>;

/** Ends a container's main process with SIGKILL from outside its namespace. Directly where this process may (and only after
 * the kernel confirms whose process it is), else from a container of the same image that sees the host's processes. */
export async function crash(docker: Docker, container: string, call: Call): Promise<Outcome> {
  const seen = await docker(['inspect', '--format', '{{.Id}} {{.State.Pid}} {{.Image}}', container], call);
  if (!succeeded(seen)) return seen;
  const [id = '', pidText = '', image = ''] = seen.stdout.trim().split(' ');
  const pid = Number(pidText);
  if (!(pid > 1)) return { ...seen, exit: 1, fault: `${container} has no running process` };
  if (process.getuid?.() === 0 && (await belongsTo(pid, id))) {
    const started = performance.now();
    process.kill(pid, 'SIGKILL');
    return {
      argv: ['kill', '-KILL', String(pid)],
      ended: 'exit',
      exit: 0,
      stdout: '',
      stderr: '',
      seconds: (performance.now() - started) / 1000,
    };
  }
  const helper = ['run', '--rm', '--pid=host', '--network=none', '--user=0', '--entrypoint=/bin/sh'];
  return docker([...helper, image, '-c', `grep -q ${id} /proc/${pid}/cgroup && kill -9 ${pid}`], call);
}

async function belongsTo(pid: number, container: string): Promise<boolean> {
  const cgroup = await readFile(`/proc/${pid}/cgroup`, 'utf8').catch(() => '');
  return container !== '' && cgroup.includes(container);
}
