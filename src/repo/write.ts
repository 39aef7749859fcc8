import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';

/** A file as it must be found and as it shall be. An absent text: the file is not there. */
export interface FileUpdate {
  readonly path: string;
  readonly before?: string;
  readonly after?: string;
  /** Permission bits of a new file; an existing one keeps its own. */
  readonly mode: number;
}

export type WriteOutcome =
  | { readonly ok: true; readonly written: readonly string[] }
  | { readonly ok: false; readonly path: string; readonly why: string };

interface Staged {
  readonly target: string;
  readonly fresh: string | undefined;
  readonly saved: string | undefined;
}

/** Writes all files or none. Each is first written beside its place and then renamed, so that nobody sees half a file; when
 * one cannot be written (full disk, no permission, changed meanwhile), everything is put back and the reason returned. */
export function writeFiles(root: string, updates: readonly FileUpdate[]): WriteOutcome {
  const undo: (() => void)[] = [];
  let current = '';
  try {
    for (const update of updates) {
      current = update.path;
      const problem = refusal(root, update);
      if (problem !== undefined) return failed(update.path, problem);
    }
    const staged: Staged[] = [];
    for (const update of updates) {
      current = update.path;
      staged.push(stage(root, update, undo));
    }
    for (const [index, { target, fresh, saved }] of staged.entries()) {
      current = updates[index]?.path ?? current;
      if (saved !== undefined) {
        renameSync(target, saved);
        undo.push(() => renameSync(saved, target));
      }
      if (fresh !== undefined) {
        renameSync(fresh, target);
        undo.push(() => rmSync(target));
      }
    }
    for (const { saved } of staged) if (saved !== undefined) rmSync(saved, { force: true });
  } catch (error) {
    for (const step of undo.reverse()) step();
    return failed(current, `${error instanceof Error ? error.message : String(error)}; nothing was changed`);
  }
  return { ok: true, written: updates.map((update) => update.path) };
}

function failed(path: string, why: string): WriteOutcome {
  return { ok: false, path, why };
}

/** Why this file must not be written: outside the folder, behind a symlink, or not as the plan saw it. */
function refusal(root: string, update: FileUpdate): string | undefined {
  const target = resolve(root, update.path);
  const inside = relative(resolve(root), target);
  if (inside === '' || inside.startsWith(`..${sep}`) || inside === '..') return 'it lies outside the repository';
  let folder = dirname(target);
  while (!existsSync(folder)) folder = dirname(folder);
  const real = relative(realpathSync(root), realpathSync(folder));
  if (real === '..' || real.startsWith(`..${sep}`)) return 'its folder is a link that leads out of the repository';
  const found = lstatSync(target, { throwIfNoEntry: false });
  if (found === undefined) return update.before === undefined ? undefined : 'it has gone since the plan was made';
  if (!found.isFile()) return 'it is no plain file';
  if (update.before === undefined) return 'a file of that name has appeared since the plan was made';
  if (readFileSync(target, 'utf8') !== update.before) return 'it has changed since the plan was made';
  return undefined;
}

function stage(root: string, update: FileUpdate, undo: (() => void)[]): Staged {
  const target = resolve(root, update.path);
  const mark = randomBytes(6).toString('hex');
  const beside = (kind: string): string => join(dirname(target), `.plimsoll-${kind}-${mark}`);
  makeFolders(dirname(target), undo);
  const saved = update.before === undefined ? undefined : beside('old');
  if (update.after === undefined) return { target, fresh: undefined, saved };
  const fresh = beside('new');
  undo.push(() => rmSync(fresh, { force: true }));
  writeFileSync(fresh, update.after, { flag: 'wx' });
  chmodSync(fresh, update.before === undefined ? update.mode : lstatSync(target).mode & 0o7777);
  return { target, fresh, saved };
}

function makeFolders(folder: string, undo: (() => void)[]): void {
  if (existsSync(folder)) return;
  makeFolders(dirname(folder), undo);
  mkdirSync(folder);
  undo.push(() => rmdirSync(folder));
}
