import type { Repo } from './repo.ts';

/** Linux gives up after 40 symlinks; so do we. */
const MAX_LINKS = 40;

/** Joins a folder and a relative path, resolving `.` and `..`; undefined when it leaves the root. */
export function joinPath(folder: string, path: string): string | undefined {
  const parts = folder === '' ? [] : folder.split('/');
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) return undefined;
  }
  return parts.join('/');
}

/** The path with every symlink on the way resolved; undefined when it is absent, loops or leaves the repository. */
export function resolvePath(repo: Pick<Repo, 'entry'>, path: string): string | undefined {
  let pending = path.split('/').filter((part) => part !== '' && part !== '.');
  const done: string[] = [];
  let links = 0;
  while (pending.length > 0) {
    const [part = '', ...rest] = pending;
    pending = rest;
    if (part === '..') {
      if (done.pop() === undefined) return undefined;
      continue;
    }
    const here = [...done, part].join('/');
    const entry = repo.entry(here);
    if (entry === undefined) return undefined;
    if (entry.type !== 'symlink') {
      done.push(part);
      continue;
    }
    links++;
    if (links > MAX_LINKS || entry.target === undefined || entry.target.startsWith('/')) return undefined;
    pending = [...entry.target.split('/').filter((piece) => piece !== '' && piece !== '.'), ...pending];
    if (done.length === 0 && pending[0] === '..') return undefined;
  }
  return done.join('/');
}
