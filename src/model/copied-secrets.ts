import type { Dockerfile } from '../dockerfile/types.ts';
import { type Fact, known, unknown } from '../facts/fact.ts';
import type { Repo } from '../repo/repo.ts';
import type { BuildContext } from '../simulate/context/build-context.ts';
import { secretFile } from '../simulate/context/secret-files.ts';
import type { Trace } from '../simulate/trace.ts';
import type { Edit } from '../text/edit.ts';
import { linePlace } from '../text/place.ts';
import type { CopiedSecret } from './types.ts';

/** Keys of tests and examples open nothing. */
const TEST_DATA = /(^|\/)(tests?|__tests__|spec|fixtures?|testdata|examples?|docs?|samples?|mocks?)\//i;

/** Files with secrets in the tree of the finished image, with the line that copied them. */
export function copiedSecrets(
  repo: Repo,
  dockerfile: Dockerfile,
  context: BuildContext,
  trace: Trace,
): Fact<readonly CopiedSecret[]> {
  if (context.kind === 'remote') return unknown(context.why ?? 'the context is not in the repository');
  const found: CopiedSecret[] = [];
  const seen = new Set<string>();
  for (const [, entry, presence] of trace.final.tree.entries()) {
    const file = entry.source;
    if (file === undefined || presence !== 'present' || seen.has(file) || !('at' in entry.origin)) continue;
    seen.add(file);
    // What git hides is not there in a fresh clone, so nothing certain can be said of the image that is built elsewhere.
    if (repo.gitIgnored(file) === true && repo.tracked(file) !== true) continue;
    const secret = TEST_DATA.test(file) ? undefined : secretFile(repo, file);
    if (secret === undefined) continue;
    const { at } = entry.origin;
    const instruction = dockerfile.instructions.find((i) => i.place.line <= at.line && at.line <= i.place.endLine);
    found.push({
      file,
      at: linePlace(file, secret.line ?? 1),
      what: secret.why,
      copiedAt: at,
      instruction: instruction?.original.trim() ?? 'it',
      edits: keepOut(repo, context, file),
    });
  }
  return known(found);
}

/** A line at the end of the ignore file in force, or a new ignore file. */
function keepOut(repo: Repo, context: BuildContext, file: string): readonly Edit[] {
  const path = context.dir === '' ? file : file.slice(context.dir.length + 1);
  const ignore = context.ignore?.file ?? (context.dir === '' ? '.dockerignore' : `${context.dir}/.dockerignore`);
  const text = repo.text(ignore) ?? '';
  const start = text === '' || text.endsWith('\n') ? '' : '\n';
  return [{ file: ignore, start: text.length, end: text.length, text: `${start}${path}\n` }];
}
