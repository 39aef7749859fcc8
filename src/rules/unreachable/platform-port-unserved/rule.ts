import { unknown } from '../../../facts/fact.ts';
import { each, know } from '../../../facts/know.ts';
import type { Service } from '../../../model/types.ts';
import { LineIndex } from '../../../text/line-index.ts';
import { type Check, claim, rule } from '../../rule.ts';

export default rule({
  on: 'service',
  severity: 'error',
  summary: 'the platform sends requests to a port on which nothing listens',
  why: 'The proxy of the platform connects to the port that its file names. Nobody answers there: each request fails, and the platform calls the machine unhealthy and stops the deployment.',
  remedy: 'Name the port on which the process listens, or set the variable that says where it listens.',
  // No platform can be run here.
  proof: 'none',
  *check(service) {
    const { target } = service;
    if (target === undefined) return;
    const files = new Set(
      target.usedBy.flatMap((use) => ('at' in use && /(^|\/)fly[^/]*\.toml$/.test(use.at.file) ? [use.at.file] : [])),
    );
    yield* each(files, (file) => byFile(service, file));
  },
});

function* byFile(service: Service, file: string): Check {
  const text = service.stack.repo.text(file) ?? '';
  const [found, number = ''] = /^[ \t]*internal_port[ \t]*=[ \t]*(\d+)/m.exec(text) ?? [];
  if (
    found === undefined ||
    /^\s*\[(\[)?processes/m.test(text) ||
    /^\s*\[experimental\]|^\s*(cmd|entrypoint)\s*=/m.test(text)
  )
    return;
  const application = yield* know(service.application);
  if (application.launch.role !== 'web') return;
  const sockets = yield* know(application.launch.listen);
  const ports: number[] = [];
  for (const socket of sockets) {
    const variable = socket.portVariable;
    const set =
      variable === undefined
        ? undefined
        : new RegExp(`^\\s*${variable}\\s*=\\s*["']?(\\d+)["']?\\s*$`, 'm').exec(text)?.[1];
    ports.push(set === undefined ? yield* know(socket.port) : Number(set));
  }
  if (ports.includes(Number(number)) || ports.length === 0) return;
  if (sockets.some((s) => s.portVariable !== undefined))
    yield* know(unknown('a variable that is set on the platform may name the port'));
  const start = text.indexOf(found) + found.search(/\S/);
  const at = new LineIndex(text).place(file, { start, end: start + found.trim().length });
  yield claim({
    breaks: service.nodes.reachable,
    at,
    title: `${file} sends requests to port ${number}, but ${application.launch.program} listens on ${ports.join(', ')}`,
    subject: number,
    because: [
      { kind: 'source', at, text: `internal_port is ${number}` },
      ...sockets.flatMap((s) =>
        s.at === undefined
          ? []
          : [
              {
                kind: 'line' as const,
                at: s.at,
                text: `${application.launch.program} listens on ${ports.join(', ')}`,
              },
            ],
      ),
    ],
  });
}
