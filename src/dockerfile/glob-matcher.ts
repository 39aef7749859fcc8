import { type GlobToken, matchGlob } from './glob.ts';

export const notSlash = (code: number): boolean => code !== 47;

/** Looks for the pattern's literal parts first: most paths are ruled out by them without walking the pattern. */
export function tokenMatcher(tokens: readonly GlobToken[]): (path: string) => boolean {
  const runs = literalRuns(tokens);
  const prefix = tokens[0]?.kind === 'char' ? (runs[0] ?? '') : '';
  const suffix = tokens.at(-1)?.kind === 'char' ? (runs.at(-1) ?? '') : '';
  const [first, ...rest] = tokens;
  if (first?.kind === 'many' && first.test === notSlash && rest.every((token) => token.kind === 'char')) {
    return (path) => path.endsWith(suffix) && path.lastIndexOf('/', path.length - suffix.length - 1) === -1;
  }
  const needle = runs.reduce((longest, run) => (run.length > longest.length ? run : longest), '');
  return (path) => path.startsWith(prefix) && path.endsWith(suffix) && path.includes(needle) && matchGlob(tokens, path);
}

function literalRuns(tokens: readonly GlobToken[]): readonly string[] {
  const runs: string[] = [];
  let run = '';
  for (const token of tokens) {
    if (token.kind === 'char') {
      run += String.fromCodePoint(token.code);
      continue;
    }
    if (run !== '') runs.push(run);
    run = '';
  }
  return run === '' ? runs : [...runs, run];
}
