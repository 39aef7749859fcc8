// Our answers, in the form in which the oracle gives its own.
import { dumpAst } from '../../src/dockerfile/dump.ts';
import { matchPath } from '../../src/dockerfile/go-path.ts';
import { parseIgnore } from '../../src/dockerfile/ignore-file.ts';
import { compileIgnore, matchIgnore } from '../../src/dockerfile/ignore-matcher.ts';
import { expandWord, splitWords } from '../../src/dockerfile/lex.ts';
import { parseDockerfile } from '../../src/dockerfile/parse.ts';

export type Answer = Readonly<Record<string, unknown>>;

export type Question =
  | { readonly kind: 'parse'; readonly text: string }
  | {
      readonly kind: 'expand';
      readonly text: string;
      readonly env: Readonly<Record<string, string>>;
      readonly escape: '\\' | '`';
    }
  | { readonly kind: 'ignore'; readonly text: string; readonly paths: readonly string[] }
  | { readonly kind: 'match'; readonly pattern: string; readonly text: string };

/** What of the oracle's answer ours must equal: where it stops at an error, only that there is one. */
export function ours(question: Question, theirs: Answer): { readonly ours: Answer; readonly theirs: Answer } {
  switch (question.kind) {
    case 'parse':
      return parse(question.text, theirs);
    case 'expand': {
      const env = (name: string): string | undefined =>
        Object.hasOwn(question.env, name) ? question.env[name] : undefined;
      const result = expandWord(question.text, env, question.escape);
      const { words } = splitWords(question.text, env, question.escape);
      const mine: Answer = {
        error: result.error ?? '',
        words: result.error === undefined ? words : [],
        used: [...result.used].sort(),
        missing: [...result.undefinedNames].sort(),
        ...(result.error === undefined ? { text: result.text } : {}),
      };
      return { ours: mine, theirs: { ...theirs, words: theirs['words'] ?? [] } };
    }
    case 'ignore':
      return ignore(question.text, question.paths, theirs);
    case 'match': {
      const result = matchPath(question.pattern, question.text);
      const error = result === 'badPattern' ? 'syntax error in pattern' : '';
      return { ours: { match: result === true, error }, theirs };
    }
  }
}

function parse(text: string, theirs: Answer): { ours: Answer; theirs: Answer } {
  const file = parseDockerfile(text, 'Dockerfile');
  const errors = file.problems.filter((problem) => problem.level === 'error');
  const syntax = file.syntax?.image ?? '';
  if (typeof theirs['error'] === 'string') {
    const said = errors.map((problem) => problem.text);
    return { ours: { syntax, error: said.includes(theirs['error']) ? theirs['error'] : said }, theirs };
  }
  const mine = {
    syntax,
    dump: dumpAst(file),
    warnings: file.problems.filter((problem) => problem.level === 'warning').length,
    heredocs: file.nodes.flatMap((node) => node.heredocs.flatMap((heredoc) => [heredoc.name, heredoc.content])),
    lines: file.nodes.map((node) => [node.startLine, node.endLine]),
    errors: file.instructions.map((instruction) =>
      instruction.keyword === 'UNKNOWN'
        ? instruction.problem.text
        : (errors.find(
            ({ at, text: said }) =>
              at.line >= instruction.place.line &&
              at.line <= instruction.place.endLine &&
              said !== 'no build stage in current context',
          )?.text ?? ''),
    ),
  };
  const expected = {
    ...theirs,
    heredocs: theirs['heredocs'] ?? [],
    lines: theirs['lines'] ?? [],
    errors: (theirs['errors'] as readonly string[]).map(withoutGuess),
  };
  return { ours: { ...mine, errors: mine.errors.map(withoutGuess) }, theirs: expected };
}

/** Of equally near suggestions BuildKit takes any: it walks a map. */
function withoutGuess(text: string): string {
  return text.replace(/ \(did you mean .*\?\)$/, '');
}

function ignore(text: string, paths: readonly string[], theirs: Answer): { ours: Answer; theirs: Answer } {
  const patterns = parseIgnore(text, '.dockerignore');
  const matcher = compileIgnore(patterns);
  if (typeof theirs['error'] === 'string') {
    return { ours: { broken: matcher.problems.length > 0 }, theirs: { broken: true } };
  }
  // Go compiles a pattern only when it gets to use it (not behind `*`); we always say that it is broken.
  // A word boundary beside a wildcard is taken as never there.
  const apart = matcher.problems.length > 0 || /[\]*?]\\b|\\b[[*?]/i.test(text);
  if (apart) return { ours: {}, theirs: {} };
  const mine = {
    patterns: patterns.patterns.map((pattern) => pattern.text),
    single: paths.map((path) => matchIgnore(patterns, path)),
    sent: paths.filter((path) => !matcher.ignored(path).ignored).sort(byBytes),
  };
  return { ours: mine, theirs: { ...theirs, patterns: theirs['patterns'] ?? [] } };
}

function byBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
