import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';

/** Who made an object of the engine: host, process id and when that process began. A process id alone is given away again. */
export async function ownerOf(pid = process.pid): Promise<string> {
  return `${hostname()}:${pid}:${await startOf(pid)}`;
}

/** True unless it is certain that the owner is gone: an owner on another host may well be at work. */
export async function ownerLives(owner: string): Promise<boolean> {
  const [host, pidText, start] = owner.split(':');
  const pid = Number(pidText);
  if (host !== hostname() || !Number.isInteger(pid) || pid <= 0) return true;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  const now = await startOf(pid);
  return start === undefined || start === '0' || now === '0' || start === now;
}

/** Clock ticks since boot at which a process began; `0` where the system does not say (not Linux). */
async function startOf(pid: number): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  // The command's name stands in brackets and may hold spaces: count the fields after the last one.
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '0';
}
