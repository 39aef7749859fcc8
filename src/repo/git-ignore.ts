import type { Repo } from './repo.ts';
import { compileWildmatch } from './wildmatch.ts';

interface Rule {
  readonly negated: boolean;
  readonly folderOnly: boolean;
  readonly matches: (path: string, name: string) => boolean;
}

/** Whether git would ignore a path, from the repository's own .gitignore files and, where given, `info/exclude`.
 * Nothing below an ignored folder can be taken back in. */
export function gitIgnore(repo: Pick<Repo, 'text' | 'entry'>, excludes?: string): (path: string) => boolean {
  const rulesOf = new Map<string, readonly Rule[]>();
  const answers = new Map<string, boolean>();
  const rootRules = excludes === undefined ? [] : parseGitIgnore(excludes);
  const rules = (folder: string): readonly Rule[] => {
    let found = rulesOf.get(folder);
    if (found === undefined) {
      const file = folder === '' ? '.gitignore' : `${folder}/.gitignore`;
      const text = repo.entry(file)?.type === 'file' ? repo.text(file) : undefined;
      found = text === undefined ? [] : parseGitIgnore(text);
      rulesOf.set(folder, found);
    }
    return found;
  };
  const ask = (path: string, folder: boolean): boolean => {
    // What is not there may be asked for as a file and, for something below it, as a folder.
    const key = folder ? `${path}/` : path;
    const cached = answers.get(key);
    if (cached !== undefined) return cached;
    const slash = path.lastIndexOf('/');
    const parent = slash === -1 ? '' : path.slice(0, slash);
    const answer = (parent !== '' && ask(parent, true)) || decide(path, path.slice(slash + 1), parent, folder);
    answers.set(key, answer);
    return answer;
  };
  const decide = (path: string, name: string, parent: string, folder: boolean): boolean => {
    for (let at = parent; ; at = at.includes('/') ? at.slice(0, at.lastIndexOf('/')) : '') {
      const last = lastMatch(rules(at), at === '' ? path : path.slice(at.length + 1), name, folder);
      if (last !== undefined) return !last.negated;
      if (at === '') break;
    }
    const last = lastMatch(rootRules, path, name, folder);
    return last !== undefined && !last.negated;
  };
  return (path) => path !== '' && ask(path, repo.entry(path)?.type === 'directory');
}

function lastMatch(rules: readonly Rule[], path: string, name: string, folder: boolean): Rule | undefined {
  for (let i = rules.length - 1; i >= 0; i--) {
    const rule = rules[i];
    if (rule !== undefined && (folder || !rule.folderOnly) && rule.matches(path, name)) return rule;
  }
  return undefined;
}

/** The rules of one .gitignore, in order. */
export function parseGitIgnore(text: string): readonly Rule[] {
  const rules: Rule[] = [];
  for (const raw of text.replace(/^\uFEFF/, '').split('\n')) {
    let line = raw.replace(/\r$/, '');
    if (line.startsWith('#')) continue;
    line = trimUnescaped(line);
    const negated = line.startsWith('!');
    if (negated) line = line.slice(1);
    const folderOnly = line.endsWith('/');
    if (folderOnly) line = line.slice(0, -1);
    if (line === '') continue;
    const anchored = line.includes('/');
    const matches = compileWildmatch(line.startsWith('/') ? line.slice(1) : line);
    rules.push({
      negated,
      folderOnly,
      matches: anchored ? (path) => matches(path) : (_path, name) => matches(name),
    });
  }
  return rules;
}

/** Git drops trailing spaces unless the last is behind a backslash. */
function trimUnescaped(line: string): string {
  let end = line.length;
  while (end > 0 && line[end - 1] === ' ') end--;
  if (end < line.length) {
    let backslashes = 0;
    while (end - backslashes > 0 && line[end - 1 - backslashes] === '\\') backslashes++;
    if (backslashes % 2 === 1) end++;
  }
  return line.slice(0, end);
}
