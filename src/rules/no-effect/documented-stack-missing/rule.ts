import { unknown } from '../../../facts/fact.ts';
import { each, know } from '../../../facts/know.ts';
import type { Repo } from '../../../repo/repo.ts';
import { documentedCommands } from '../../documented-commands.ts';
import { claim, rule } from '../../rule.ts';
import { literally, speaksOf } from '../../speaks-of.ts';

export default rule({
  on: 'repository',
  severity: 'warning',
  summary: 'people are told to start a compose file that is not there',
  why: 'Whoever follows the document or calls the target of the Makefile gets "no such file or directory" instead of the stack.',
  remedy: 'Name the file as it is called, or add it.',
  proof: 'none',
  *check({ repo, stacks }) {
    if (stacks.length === 0) return;
    const seen = new Set<string>();
    yield* each(documentedCommands(repo), function* ({ at, files, text }) {
      const file = files.find(
        (path) => /^[\w./-]+\.ya?ml$/.test(path) && !path.startsWith('/') && !isThere(repo, path),
      );
      if (file === undefined || file.includes('..') || seen.has(file)) return;
      seen.add(file);
      const name = file.slice(file.lastIndexOf('/') + 1);
      const made = speaksOf(
        repo,
        new RegExp(`(?:cp|mv|curl|wget|>|-o|copy|rename|generate|create|save|write|add)[^\\n]*${literally(name)}`, 'i'),
      );
      if (made !== undefined || repo.gitIgnored(file) === true)
        yield* know(unknown(`${made ?? '.gitignore'} says that ${name} is made`));
      const near = repo.files().find((path) => sameStem(path, file));
      yield claim({
        at,
        title: `${file} is not there${near === undefined ? '' : `; ${near} is`}`,
        subject: file,
        because: [{ kind: 'source', at, text: `people are told to call: ${text.slice(0, 80)}` }],
      });
    });
  },
});

/** From the root, or from another folder into which the text went before. */
function isThere(repo: Repo, path: string): boolean {
  const plain = path.replace(/^\.\//, '');
  return (
    repo.entry(plain) !== undefined ||
    repo.files().some((file) => file.endsWith(`/${plain}`) || file === plain.split('/').at(-1))
  );
}

function sameStem(path: string, file: string): boolean {
  const stem = (text: string): string =>
    text
      .replace(/^\.\//, '')
      .replace(/^docker-/, '')
      .replace(/\.ya?ml$/, '');
  return /\.ya?ml$/.test(path) && stem(path) === stem(file);
}
