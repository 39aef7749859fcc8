import { know } from '../../../facts/know.ts';
import { firstFile } from '../../first-file.ts';
import { claim, rule } from '../../rule.ts';

export default rule({
  on: 'target',
  severity: 'error',
  summary: 'the script that the container starts with may not be executed',
  why: 'COPY keeps the permission bits of the file. Without an execute bit the engine says "permission denied" when the container starts.',
  remedy: 'git update-index --chmod=+x FILE, or COPY --chmod=755.',
  proof: 'engine',
  *check(target) {
    const entry = yield* know(firstFile(target));
    if (entry === undefined) return;
    if (entry.mode === undefined || (entry.mode & 0o111) !== 0) return;
    const title = `${entry.path} has no execute permission (${entry.mode.toString(8)})`;
    yield claim({
      at: entry.at,
      title,
      subject: entry.path,
      because: [{ kind: 'line', at: entry.at, text: `the container starts with ${entry.path}` }, ...entry.because],
    });
  },
});
