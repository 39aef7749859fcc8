import { know } from '../../../facts/know.ts';
import { firstFile } from '../../first-file.ts';
import { claim, rule } from '../../rule.ts';

export default rule({
  on: 'target',
  severity: 'error',
  summary: 'the script that the container starts with has Windows line ends',
  why: 'The kernel reads the interpreter up to the line feed: it looks for `/bin/sh\\r` and says "no such file or directory", though the script is there.',
  remedy: 'Save it with LF, and add `*.sh text eol=lf` to .gitattributes.',
  proof: 'engine',
  *check(target) {
    const entry = yield* know(firstFile(target));
    if (entry === undefined) return;
    const line = entry.content?.split('\n', 1)[0] ?? '';
    if (!line.startsWith('#!') || !line.endsWith('\r')) return;
    const title = `${entry.path} has Windows line ends: the kernel looks for ${line.slice(2).trim().split(' ')[0]}\\r`;
    yield claim({
      at: entry.at,
      title,
      subject: entry.path,
      because: [{ kind: 'line', at: entry.at, text: `the container starts with ${entry.path}` }, ...entry.because],
    });
  },
});
