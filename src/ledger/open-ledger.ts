import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { Digest } from '../repo/repo.ts';
import { digestOf } from './digest.ts';
import type { BrokenLine, Ledger, LedgerFault, Stored } from './ledger.ts';
import { isFault } from './ledger.ts';
import { readLine, writeLine } from './line.ts';
import { newMask } from './mask.ts';

/** Opens the ledger of a repository: `DIR/.plimsoll/ledger.jsonl`, with logs beside it. The folder is made at the first write
 * and hides itself from git and from build contexts by a `.gitignore` of its own. */
export function openLedger(directory: string): Ledger {
  const folder = join(directory, '.plimsoll');
  const file = join(folder, 'ledger.jsonl');
  const mask = newMask();
  let read: { entries: Stored[]; broken: BrokenLine[] } | undefined;
  const contents = (): { entries: Stored[]; broken: BrokenLine[] } => {
    read ??= readAll(file);
    return read;
  };
  return {
    append(entry) {
      const { line, stored } = writeLine({ ...entry, at: new Date().toISOString() }, mask);
      const kept = contents();
      const fault = attempt(file, () => {
        ensureFolder(folder);
        appendLine(file, line);
      });
      if (fault !== undefined) return fault;
      kept.entries.push(stored);
      return stored.id;
    },
    putLog(text) {
      const masked = mask(text);
      const digest = digestOf(masked);
      const path = join(folder, 'logs', digest);
      if (existsSync(path)) return digest;
      const fault = attempt(path, () => {
        ensureFolder(folder);
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(path, masked);
      });
      return fault ?? digest;
    },
    log(digest: Digest) {
      if (!/^[0-9a-f]{64}$/.test(digest)) return undefined;
      const path = join(folder, 'logs', digest);
      return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
    },
    entries: () => contents().entries,
    broken: () => contents().broken,
    hide: mask.hide,
    mask,
  };
}

function readAll(file: string): { entries: Stored[]; broken: BrokenLine[] } {
  const entries: Stored[] = [];
  const broken: BrokenLine[] = [];
  if (!existsSync(file)) return { entries, broken };
  const text = attempt(file, () => readFileSync(file, 'utf8'));
  if (typeof text !== 'string') {
    broken.push({ file, line: 1, text: isFault(text) ? text.fault : 'could not be read' });
    return { entries, broken };
  }
  text.split('\n').forEach((line, index) => {
    if (line.trim() === '') return;
    const stored = readLine(line);
    if (typeof stored === 'string') broken.push({ file, line: index + 1, text: stored });
    else entries.push(stored);
  });
  return { entries, broken };
}

function ensureFolder(folder: string): void {
  if (existsSync(join(folder, '.gitignore'))) return;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, '.gitignore'), '*\n');
}

/** One write of a whole line to a file opened for appending: lines of two processes do not mix. A last line that a crash cut
 * off is ended first, so that it stays one broken line and does not swallow the new one. */
function appendLine(file: string, line: string): void {
  const fd = openSync(file, 'a+');
  try {
    const start = endsInside(file) ? '\n' : '';
    writeSync(fd, `${start}${line}\n`);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

function endsInside(file: string): boolean {
  const fd = openSync(file, 'r');
  try {
    const { size } = fstatSync(fd);
    const last = Buffer.alloc(1);
    return size > 0 && readSync(fd, last, 0, 1, size - 1) === 1 && last[0] !== 0x0a;
  } finally {
    closeSync(fd);
  }
}

const remedies: Readonly<Record<string, string>> = {
  ENOSPC: 'free some disk space and run again: what was stored so far is kept',
  EDQUOT: 'the disk quota is used up: free some space and run again',
  EACCES: 'make the folder writable for you, or remove it',
  EPERM: 'make the folder writable for you, or remove it',
  EROFS: 'the file system is read-only: work on a copy of the repository',
  ENOTDIR: '.plimsoll is a file: remove it',
  EISDIR: 'a folder stands where the file should be: remove it',
};

/** Runs I/O; what the file system refuses becomes a value, all else is our bug. */
function attempt<T>(file: string, io: () => T): T | LedgerFault {
  try {
    return io();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === undefined) throw error;
    return {
      fault: `evidence could not be stored in ${file}: ${(error as Error).message}`,
      file,
      remedy: remedies[code] ?? 'look at the path and its permissions',
    };
  }
}
