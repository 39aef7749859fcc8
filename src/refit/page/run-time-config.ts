import type { Repo } from '../../repo/repo.ts';
import type { Edit } from '../../text/edit.ts';

/** Variables that a bundler writes into the page when it builds: no container can change them any more. */
const READ = /import\.meta\.env\.(VITE_[A-Z0-9_]+)/g;

export interface RunTimeConfig {
  /** Variables that the page reads at start from now on. */
  readonly variables: readonly string[];
  readonly edits: readonly Edit[];
  readonly newFiles: readonly { readonly file: string; readonly text: string }[];
}

/** The variables that the source of a page reads from its bundler. */
export function bundledVariables(repo: Repo, dir: string): ReadonlySet<string> {
  const names = new Set<string>();
  for (const file of sourcesOf(repo, dir))
    for (const [, name] of (repo.text(file) ?? '').matchAll(READ)) if (name !== undefined) names.add(name);
  return names;
}

/** Lets a page read variables when it starts: from /config.js, which the server writes, before what was built in.
 * In development the file in `public/` is empty and everything stays as it was. A text says why it is left alone. */
export function runTimeConfig(repo: Repo, dir: string, wanted: ReadonlySet<string>): RunTimeConfig | string {
  const path = (name: string): string => (dir === '' ? name : `${dir}/${name}`);
  const index = repo.text(path('index.html'));
  if (index === undefined) return 'there is no index.html to load the settings from';
  const script = index.search(/^[ \t]*<script\b[^>]*type=["']module["']/m);
  if (script === -1) return 'index.html has no module script before which the settings could be loaded';
  const edits: Edit[] = [];
  const variables = new Set<string>();
  for (const file of sourcesOf(repo, dir)) {
    const text = repo.text(file) ?? '';
    for (const match of text.matchAll(READ)) {
      const name = match[1] ?? '';
      const before = text.slice(Math.max(0, match.index - 60), match.index);
      if (!wanted.has(name) || /__config\??\.\s*\w+\s*\?\?\s*$/.test(before)) continue;
      const root = /\.(ts|tsx|mts|vue|svelte)$/.test(file)
        ? '(globalThis as { __config?: Record<string, string> })'
        : 'globalThis';
      edits.push({
        file,
        start: match.index,
        end: match.index + match[0].length,
        text: `(${root}.__config?.${name} ?? ${match[0]})`,
      });
      variables.add(name);
    }
  }
  if (edits.length === 0) return { variables: [], edits, newFiles: [] };
  if (!/["']\/config\.js["']/.test(index)) {
    const indent = /^[ \t]*/.exec(index.slice(script))?.[0] ?? '';
    const newline = index.includes('\r\n') ? '\r\n' : '\n';
    edits.push({
      file: path('index.html'),
      start: script,
      end: script,
      text: `${indent}<script src="/config.js"></script>${newline}`,
    });
  }
  const config = path('public/config.js');
  const newFiles =
    repo.entry(config) === undefined
      ? [
          {
            file: config,
            text: '// Settings of this installation. In a container nginx serves one made from the environment instead.\nglobalThis.__config = {};\n',
          },
        ]
      : [];
  return { variables: [...variables].sort(), edits, newFiles };
}

function sourcesOf(repo: Repo, dir: string): readonly string[] {
  const prefix = dir === '' ? 'src/' : `${dir}/src/`;
  return repo
    .files()
    .filter(
      (file) =>
        file.startsWith(prefix) && /\.(m?[jt]sx?|vue|svelte)$/.test(file) && !/\.(test|spec)\.|\.d\.ts$/.test(file),
    );
}
