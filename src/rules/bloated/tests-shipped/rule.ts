import type { CopyInstruction } from '../../../dockerfile/types.ts';
import { each, know } from '../../../facts/know.ts';
import type { BuildTarget } from '../../../model/types.ts';
import { finalStages, isShipped } from '../../final-stages.ts';
import { claim, rule } from '../../rule.ts';

export default rule({
  on: 'target',
  severity: 'note',
  summary: 'the tests are copied into the final image',
  why: 'Nothing runs them there. Their data and recordings are often larger than the application, and a change of a test builds every layer behind the COPY again.',
  remedy: 'Write the folders into .dockerignore, or copy only the folders that run.',
  proof: 'none',
  *check(target) {
    const { trace, repo } = target;
    if (!isShipped(target) || /\b(py)?tests?\b|jest|vitest|cypress|playwright/.test(startText(target))) return;
    yield* each(finalStages(target), function* (stage) {
      const copy = (target.dockerfile.stages[stage.index]?.instructions ?? []).find(
        (i): i is CopyInstruction =>
          i.keyword === 'COPY' &&
          i.from === undefined &&
          i.exclude.length === 0 &&
          i.sources.some(({ text }) => /^(\.|\.\/|\/)$/.test(text)),
      );
      if (copy === undefined) return;
      yield* know(target.sent);
      const files = testFiles(target);
      const bytes = files.reduce((sum, path) => sum + (repo.entry(path)?.size ?? 0), 0);
      // A handful of small files is not worth a word.
      if (files.length < 20 && bytes < 100_000) return;
      const folders = [
        ...new Set(files.map((path) => path.slice(0, TESTS.exec(path)?.[0].length ?? 0).replace(/\/$/, ''))),
      ];
      yield claim({
        at: copy.place,
        title: `${copy.original.trim()} brings ${files.length} files of tests (${Math.ceil(bytes / 1000)} kB) into ${trace.target.name ?? 'the image'}`,
        subject: 'tests',
        because: [
          { kind: 'line', at: copy.place, text: `${copy.original.trim()} copies all of the context` },
          {
            kind: 'derived',
            at: copy.place,
            text: `with ${folders.slice(0, 3).join(', ')}${folders.length > 3 ? ` and ${folders.length - 3} more` : ''}`,
          },
        ],
      });
    });
  },
});

/** Folders that hold tests and nothing else, by the habits of their languages. */
const TESTS = /^(?:[^/]+\/)*?(?:tests?|__tests__|e2e|cypress|testdata|__snapshots__)\//;

function testFiles({ repo, contextDir, context }: BuildTarget): readonly string[] {
  const prefix = contextDir === '' ? '' : `${contextDir}/`;
  return repo.files().filter((path) => {
    if (!path.startsWith(prefix) || !TESTS.test(path.slice(prefix.length)) || repo.tracked(path) === false)
      return false;
    return repo.gitIgnored(path) !== true && !context.ignored(path.slice(prefix.length)).ignored;
  });
}

function startText({ trace }: BuildTarget): string {
  return [trace.final.entrypoint, trace.final.cmd]
    .flatMap((command) => (command.known && command.value !== null ? command.value.argv : []))
    .join(' ');
}
