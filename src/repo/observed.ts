import type { Repo, RepoEntry } from './repo.ts';

type Question = 'files' | 'entry' | 'children' | 'text' | 'bytes' | 'tracked' | 'ignored';

/** Something that was asked of a repository, of which path, and the answer, shortened. */
export type Answer = readonly [Question, string, string];

/** A short name for a text or bytes; equal only for equal ones. */
export type Shorten = (content: string | Uint8Array) => string;

/** A repository that notes everything that it is asked. What was concluded from it holds for every repository with the same answers. */
export function observed(repo: Repo, shorten: Shorten): { readonly repo: Repo; answers(): readonly Answer[] } {
  const asked = new Map<string, Answer>();
  const note = (question: Question, path = ''): void => {
    const name = `${question} ${path}`;
    if (!asked.has(name)) asked.set(name, [question, path, answerOf(repo, question, path, shorten)]);
  };
  const noting =
    <T>(question: Question, ask: (path: string) => T) =>
    (path: string): T => {
      note(question, path);
      return ask(path);
    };
  return {
    answers: () => [...asked.values()],
    repo: {
      name: repo.name,
      get problems() {
        return repo.problems;
      },
      get unwalked() {
        note('files');
        return repo.unwalked;
      },
      files() {
        note('files');
        return repo.files();
      },
      entry: noting('entry', (path) => repo.entry(path)),
      children: noting('children', (path) => repo.children(path)),
      text: noting('text', (path) => repo.text(path)),
      bytes: noting('bytes', (path) => repo.bytes(path)),
      tracked: noting('tracked', (path) => repo.tracked(path)),
      gitIgnored: noting('ignored', (path) => repo.gitIgnored(path)),
    },
  };
}

/** Whether a repository would answer now as it did then. */
export function answersSame(repo: Repo, answers: readonly Answer[], shorten: Shorten): boolean {
  return answers.every(([question, path, answer]) => answerOf(repo, question, path, shorten) === answer);
}

function answerOf(repo: Repo, question: Question, path: string, shorten: Shorten): string {
  switch (question) {
    case 'files':
      return shorten([...repo.files(), '', ...repo.unwalked].join('\n'));
    case 'entry':
      return seen(repo.entry(path));
    case 'children':
      return shorten(
        repo
          .children(path)
          .map((entry) => `${entry.path} ${seen(entry)}`)
          .join('\n'),
      );
    case 'text':
      return content(repo.text(path), shorten);
    case 'bytes':
      return content(repo.bytes(path), shorten);
    case 'tracked':
      return String(repo.tracked(path));
    case 'ignored':
      return String(repo.gitIgnored(path));
  }
}

/** All of an entry but when it was changed: nothing is concluded from that. */
function seen(entry: RepoEntry | undefined): string {
  return entry === undefined ? '' : `${entry.type} ${entry.size} ${entry.mode} ${entry.target ?? ''}`;
}

function content(given: string | Uint8Array | undefined, shorten: Shorten): string {
  return given === undefined ? '' : shorten(given);
}
