import { unknown } from '../../../facts/fact.ts';
import { each, know } from '../../../facts/know.ts';
import type { Service } from '../../../model/types.ts';
import { isWithin, mountTargets } from '../../container-path.ts';
import type { Fix } from '../../finding.ts';
import { refusedAt } from '../../may-write.ts';
import { claim, rule } from '../../rule.ts';

export default rule({
  on: 'service',
  severity: 'error',
  summary: 'the process writes at start where its user may not',
  why: 'WORKDIR and COPY make folders of root, whatever USER says. A process of another user that makes a folder, a log file or a database there when it starts ends with "Permission denied".',
  remedy: 'Make the folder and give it to the user before USER, or write to a volume or to /tmp.',
  proof: 'engine',
  *check(service) {
    const { target, compose } = service;
    if (target === undefined) return;
    const user = yield* know(service.user);
    if (user.uid === 0) return;
    const application = yield* know(service.application);
    const writes = application.startWrites;
    if (writes.length === 0) return;
    if (user.uid === undefined) yield* know(unknown(`which id ${user.written} has is not known`));
    const image = yield* know(service.image);
    const cwd = yield* know(compose.workingDir?.fact ?? image.workdir);
    // A read-only root is another rule's matter.
    if (compose.readOnly?.fact.known === true && compose.readOnly.fact.value) return;
    yield* each(writes, function* (write) {
      const path = absolute(yield* know(write.path), cwd);
      if (mountTargets(service).some((mount) => mount === undefined || isWithin(path, mount))) return;
      const refusal = yield* know(refusedAt(image.tree, path, write.kind, user));
      if (refusal === undefined) return;
      if (compose.groupAdd.length > 0) yield* know(unknown('further groups are given to the process'));
      const fix = madeBefore(service, path, write.kind);
      const name = user.written === '' ? `user ${user.uid}` : user.written;
      yield claim({
        breaks: service.nodes.starts,
        at: write.at ?? (yield* know(service.process)).at,
        title: `${service.name} makes ${path} when it starts, and ${name} may not write to ${refusal.folder}`,
        subject: path,
        because: [
          ...(write.at === undefined ? [] : [{ kind: 'source' as const, at: write.at, text: write.text }]),
          ...(refusal.found.entry === undefined ? [] : [refusal.found.entry.origin]),
          {
            kind: 'line',
            at: target.at,
            text: `${refusal.folder} belongs to user ${refusal.found.attributes.uid} (${refusal.found.attributes.mode?.toString(8)})`,
          },
        ],
        ...(fix === undefined ? {} : { fix }),
      });
    });
  },
});

function absolute(path: string, cwd: string): string {
  const parts: string[] = [];
  for (const part of (path.startsWith('/') ? path : `${cwd}/${path}`).split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}

/** A folder is made and given away in front of the last USER of the stage, where the user has a name that can be given. */
function madeBefore({ target, compose }: Service, path: string, kind: 'file' | 'folder'): Fix | undefined {
  if (target === undefined || kind !== 'folder' || compose.user !== undefined || /[^\w./-]/.test(path))
    return undefined;
  const stage = target.dockerfile.stages[target.trace.target.index];
  const line = stage?.instructions.findLast((i) => i.keyword === 'USER');
  if (line?.keyword !== 'USER' || !/^[\w-]+(:[\w-]+)?$/.test(line.user.text)) return undefined;
  const lines = target.dockerfile.text.split('\n');
  let at = line.place.line;
  while (at > 1 && /^\s*#/.test(lines[at - 2] ?? '')) at--;
  const start = target.dockerfile.lines.offsetOfLine(at);
  const text = `RUN mkdir -p ${path} && chown ${line.user.text} ${path}\n`;
  return {
    safety: 'safe',
    title: `make ${path} for ${line.user.text}`,
    edits: [{ file: target.dockerfile.file, start, end: start, text }],
  };
}
