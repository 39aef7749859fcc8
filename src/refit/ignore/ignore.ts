import type { Repo } from '../../repo/repo.ts';
import type { Edit } from '../../text/edit.ts';

export interface IgnoreChange {
  readonly edits: readonly Edit[];
  readonly writes: readonly { readonly file: string; readonly text: string }[];
}

export type ContextKind = 'python' | 'node' | 'page';

const JUNK: Readonly<Record<ContextKind, readonly string[]>> = {
  python: ['.git', '.venv', '**/__pycache__', '**/*.pyc', '.pytest_cache', '.ruff_cache', '.mypy_cache'],
  node: ['.git', '**/node_modules', 'npm-debug.log*', 'coverage'],
  page: ['.git', '**/node_modules', 'dist', 'npm-debug.log*', 'coverage'],
};

/** Files about the image, not in it: a change of them must not build the source layer again. */
const ABOUT_IMAGES = ['Dockerfile*', '.dockerignore', 'docker-compose*', 'compose*.y*ml'];

/** Files with secrets by convention. A bundler reads `.env` when it builds, so a page keeps them. */
const SECRETS = ['.env', '.env.*', '!.env.example'];

/** Lets the files through that the build reads, by removing the lines that name them. */
export function letThrough(repo: Repo, file: string, needed: readonly string[]): readonly Edit[] {
  const text = repo.text(file);
  if (text === undefined) return [];
  return patternLines(text).flatMap((line) =>
    needed.includes(plain(line.pattern)) ? [{ file, start: line.start, end: line.end, text: '' }] : [],
  );
}

/** Keeps out what no image needs, but nothing that a step asks for (`needed`). A list of what is let in (`*` first) stays as it is. */
export function keepOut(
  repo: Repo,
  file: string,
  kinds: readonly ContextKind[],
  needed: (pattern: string) => boolean,
): IgnoreChange {
  const wanted = [...new Set([...kinds.flatMap((kind) => JUNK[kind]), ...ABOUT_IMAGES])];
  return append(
    repo,
    file,
    '# not needed in the image',
    wanted.filter((pattern) => !needed(pattern)),
  );
}

export function keepSecretsOut(repo: Repo, file: string): IgnoreChange {
  return append(repo, file, '# secrets come from the environment, never from the image', SECRETS);
}

function append(repo: Repo, file: string, comment: string, wanted: readonly string[]): IgnoreChange {
  const text = repo.text(file);
  if (text === undefined) {
    if (repo.entry(file) !== undefined) return { edits: [], writes: [] };
    return { edits: [], writes: [{ file, text: `${comment}\n${wanted.join('\n')}\n` }] };
  }
  const found = patternLines(text).map((line) => plain(line.pattern));
  if (found[0] === '*' || found[0] === '**') return { edits: [], writes: [] };
  const have = new Set(found.map((pattern) => pattern.replace(/^\*\*\//, '')));
  const missing = wanted.filter((pattern) => !have.has(plain(pattern).replace(/^\*\*\//, '')));
  if (missing.length === 0) return { edits: [], writes: [] };
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  const gap = text === '' || text.endsWith('\n') ? '' : newline;
  return {
    edits: [
      { file, start: text.length, end: text.length, text: `${gap}${[comment, ...missing].join(newline)}${newline}` },
    ],
    writes: [],
  };
}

function patternLines(
  text: string,
): readonly { readonly pattern: string; readonly start: number; readonly end: number }[] {
  const out: { pattern: string; start: number; end: number }[] = [];
  for (const match of text.matchAll(/[^\n]*\n|[^\n]+$/g)) {
    const pattern = match[0].replace(/^\uFEFF/, '').trim();
    if (pattern !== '' && !pattern.startsWith('#'))
      out.push({ pattern, start: match.index, end: match.index + match[0].length });
  }
  return out;
}

/** A pattern without what makes no difference: a leading slash, `./`, a slash at the end. */
function plain(pattern: string): string {
  return pattern.replace(/^(\.?\/)/, '').replace(/\/+$/, '');
}
