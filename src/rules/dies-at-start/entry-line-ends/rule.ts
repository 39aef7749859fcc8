import { know } from '../../../facts/know.ts';
import { firstFile } from '../../first-file.ts';
import { claim, rule } from '../../rule.ts';

export default rule({
  on: 'service',
  severity: 'error',
  summary: 'the script that the container starts with has Windows line ends',
  why: 'The kernel reads the interpreter up to the line feed: it looks for `/bin/sh\\r` and says "no such file or directory", though the script is there.',
  remedy: 'Save it with LF, and add `*.sh text eol=lf` to .gitattributes.',
  proof: 'engine',
  *check(service) {
    const entry = yield* know(firstFile(service));
    if (entry === undefined) return;
    const line = entry.content?.split('\n', 1)[0] ?? '';
    if (!line.startsWith('#!') || !line.endsWith('\r')) return;
    yield claim({
      breaks: service.nodes.starts,
      at: entry.at,
      title: `${entry.path} has Windows line ends: the kernel looks for ${line.slice(2).trim().split(' ')[0]}\\r`,
      subject: entry.path,
      because: [{ kind: 'line', at: entry.at, text: `the container starts with ${entry.path}` }, ...entry.because],
    });
  },
});
