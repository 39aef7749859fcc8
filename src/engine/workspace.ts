import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import {
  appendFile,
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  statfs,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import type { Repo } from '../repo/repo.ts';
import { ownerLives, ownerOf } from './owner.ts';

/** A folder of a run's own, in which a copy of the repository is built and changed. */
export interface Workspace {
  /** Absolute path of the folder. */
  readonly path: string;
  /** Absolute path of a file in it. */
  at(file: string): string;
  text(file: string): Promise<string | undefined>;
  write(file: string, text: string): Promise<void>;
  append(file: string, text: string): Promise<void>;
  remove(file: string): Promise<void>;
  folder(name: string): Promise<void>;
  /** Paths of all files, sorted. */
  files(): Promise<string[]>;
  /** Removes all of it. */
  dispose(): Promise<void>;
}

const prefix = 'plimsoll-run-';
/** Of the folder for what one build says of itself. */
export const buildPrefix = 'plimsoll-build-';

/** A new run's id: short enough for names of containers, long enough not to meet another. */
export function newRunId(): string {
  return randomBytes(5).toString('hex');
}

/** Hex digits nobody can guess, for made-up passwords. */
export function randomHex(bytes: number): string {
  return randomBytes(bytes).toString('hex');
}

/** The folder of a run, below the system's folder for temporary files, with a note of whose it is. */
export async function runFolder(run: string): Promise<{ path: string; free: number; dispose(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), `${prefix}${run}-`));
  await writeFile(join(path, 'owner'), await ownerOf());
  const disk = await statfs(path);
  return {
    path,
    free: disk.bavail * disk.bsize,
    dispose: () => rm(path, { recursive: true, force: true, maxRetries: 3 }),
  };
}

/** Removes folders of runs whose process is gone.
 * @returns the ids of those runs */
export async function sweepFolders(): Promise<string[]> {
  const removed: string[] = [];
  for (const name of await readdir(tmpdir())) {
    const path = join(tmpdir(), name);
    if (name.startsWith(buildPrefix) && (await older(path, 3600))) await rm(path, { recursive: true, force: true });
    if (!name.startsWith(prefix)) continue;
    const owner = await readFile(join(path, 'owner'), 'utf8').catch(() => '');
    if (owner === '' || (await ownerLives(owner))) continue;
    await rm(path, { recursive: true, force: true });
    const run = /^plimsoll-run-([0-9a-f]+)-/.exec(name)?.[1];
    if (run !== undefined) removed.push(run);
  }
  return removed;
}

/** No build lasts as long as this: what is older belongs to a process that was killed. */
async function older(path: string, seconds: number): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found !== undefined && Date.now() - found.mtimeMs > seconds * 1000;
}

/** Copies a repository as `Repo` sees it (without `.git` and `node_modules`, as in a fresh clone).
 * @param leaveOut paths that are not copied: a real `.env` */
export async function copyRepository(parent: string, repo: Repo, leaveOut: ReadonlySet<string>): Promise<Workspace> {
  const path = join(parent, safeName(basename(repo.name)));
  const space = workspace(path);
  await mkdir(path, { recursive: true });
  for (const file of repo.files()) {
    const entry = repo.entry(file);
    if (entry === undefined || leaveOut.has(file) || file.startsWith('.plimsoll/')) continue;
    const target = space.at(file);
    await mkdir(dirname(target), { recursive: true });
    if (entry.type === 'symlink') {
      // A link out of the copy would let a container reach the user's files.
      if (entry.target !== undefined && inside(path, resolve(dirname(target), entry.target))) {
        await symlink(entry.target, target);
      }
      continue;
    }
    const bytes = repo.bytes(file);
    if (bytes === undefined) continue;
    await writeFile(target, bytes);
    await chmod(target, entry.mode | 0o600);
  }
  return space;
}

/** An empty folder of a run. */
export function workspace(path: string): Workspace {
  const at = (file: string): string => {
    const full = resolve(path, file);
    if (!inside(path, full)) throw new RangeError(`${file} lies outside the copy`);
    return full;
  };
  const prepared = async (file: string): Promise<string> => {
    const full = at(file);
    await mkdir(dirname(full), { recursive: true });
    return full;
  };
  return {
    path,
    at,
    text: async (file) => (existsSync(at(file)) ? readFile(at(file), 'utf8') : undefined),
    write: async (file, text) => writeFile(await prepared(file), text),
    append: async (file, text) => appendFile(await prepared(file), text),
    remove: (file) => rm(at(file), { recursive: true, force: true }),
    folder: async (name) => {
      await mkdir(at(name), { recursive: true });
    },
    files: async () => {
      const found = await readdir(path, { recursive: true, withFileTypes: true });
      return found
        .filter((entry) => entry.isFile())
        .map((entry) => relative(path, join(entry.parentPath, entry.name)).split(sep).join('/'))
        .sort();
    },
    dispose: () => rm(path, { recursive: true, force: true, maxRetries: 3 }),
  };
}

function inside(folder: string, path: string): boolean {
  return path === folder || path.startsWith(folder + sep);
}

function safeName(name: string): string {
  return name.replace(/[^A-Za-z0-9_.-]+/g, '-').replace(/^[-.]+/, '') || 'copy';
}
