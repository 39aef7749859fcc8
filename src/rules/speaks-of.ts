import type { Repo } from '../repo/repo.ts';

/** Documents, scripts and definitions of steps: where people and machines are told to make a file. */
const TELLS =
  /(?:^|\/)(?:README|INSTALL|Makefile|GNUmakefile|justfile|Justfile|Jenkinsfile|Vagrantfile)$|\.(?:md|mdx|rst|adoc|txt|sh|bash|zsh|ps1|bat|cmd|mk|just)$|(?:^|\/)(?:Taskfile\.ya?ml|package\.json|tasks\.py|\.gitlab-ci\.yml|devcontainer\.json)$|(?:^|\/)\.github\/.+\.ya?ml$|(?:^|\/)(?:bin|scripts?|tools?|setup|install)(?:\/[^/]+|\.\w+)$/i;

/** The first document or script that says something; undefined: none does. Changelogs and huge files are not read. */
export function speaksOf(repo: Repo, what: RegExp, not: readonly string[] = []): string | undefined {
  return repo
    .files()
    .filter(
      (file) =>
        TELLS.test(file) &&
        !/changelog|history|licen[cs]e|requirements[\w.-]*\.txt$/i.test(file) &&
        !not.includes(file),
    )
    .find((file) => (repo.entry(file)?.size ?? 0) < 400_000 && what.test(repo.text(file) ?? ''));
}

/** A text as part of a regular expression. */
export function literally(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}
