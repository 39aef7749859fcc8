import { know } from '../../../facts/know.ts';
import { firstFile } from '../../first-file.ts';
import { claim, rule } from '../../rule.ts';

export default rule({
  on: 'service',
  severity: 'error',
  summary: 'the script that the container starts with names an interpreter that the image does not have',
  why: 'The engine says "no such file or directory" and means the interpreter: Alpine has no bash, slim images have no python.',
  remedy: 'Write `#!/bin/sh`, or install the interpreter in the final stage.',
  proof: 'engine',
  *check(service) {
    const entry = yield* know(firstFile(service));
    if (entry === undefined) return;
    const [, program = '', argument = ''] = /^#!\s*(\S+)[ \t]*(\S*)/.exec(entry.content ?? '') ?? [];
    const name = /\/env$/.test(program) && !argument.startsWith('-') ? argument : program;
    if (name === '' || (entry.content ?? '').split('\n', 1)[0]?.endsWith('\r') === true) return;
    const image = yield* know(service.image);
    const presence = yield* know(image.command(name));
    if (presence !== 'absent') return;
    yield claim({
      breaks: service.nodes.starts,
      at: entry.at,
      title: `${entry.path} wants ${name}, which the image does not have`,
      subject: entry.path,
      because: [{ kind: 'line', at: entry.at, text: `the container starts with ${entry.path}` }, ...entry.because],
    });
  },
});
