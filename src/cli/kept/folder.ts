import { lstatSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

const DAY = 86_400_000;

/** The folder in which one build of Plimsoll keeps what it worked out before, made when it is missing; undefined when nothing is
 * to be kept (`PLIMSOLL_CACHE=none`; a machine of CI, which forgets it, unless it names a folder), or when the folder is another
 * user's: what is kept there is run again.
 * @param build Tells one build of Plimsoll from another: nothing that one kept is read by another. */
export function keptFolder(build: string, env: NodeJS.ProcessEnv = process.env): string | undefined {
  const chosen = env['PLIMSOLL_CACHE'];
  if (chosen === 'none' || (env['CI'] && !chosen)) return undefined;
  const top = chosen ? resolve(chosen) : join(userCache(env), 'plimsoll');
  const folder = join(top, build);
  try {
    if (mkdirSync(folder, { recursive: true, mode: 0o700 }) !== undefined) forgetOthers(top, build);
    return isOurs(top) && isOurs(folder) ? folder : undefined;
  } catch {
    // A home that is read-only or missing: everything is worked out again each time.
    return undefined;
  }
}

function userCache(env: NodeJS.ProcessEnv): string {
  const named = env['XDG_CACHE_HOME'] ?? (process.platform === 'win32' ? env['LOCALAPPDATA'] : undefined);
  return named ? resolve(named) : join(homedir(), '.cache');
}

function isOurs(folder: string): boolean {
  const stats = lstatSync(folder);
  const user = process.getuid?.();
  return stats.isDirectory() && (user === undefined || (stats.uid === user && (stats.mode & 0o022) === 0));
}

/** What other builds kept, and nobody used for a month. */
function forgetOthers(top: string, build: string): void {
  for (const name of readdirSync(top)) {
    const folder = join(top, name);
    if (name !== build && Date.now() - statSync(folder).mtimeMs > 30 * DAY)
      rmSync(folder, { recursive: true, force: true });
  }
}
