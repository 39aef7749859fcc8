import type { Fact } from '../../../facts/fact.ts';
import { type Ask, each, know } from '../../../facts/know.ts';
import type { Process, Service } from '../../../model/types.ts';
import type { Repo } from '../../../repo/repo.ts';
import type { Edit } from '../../../text/edit.ts';
import type { Place } from '../../../text/place.ts';
import { serverPorts } from '../../listening-ports.ts';
import { claim, rule } from '../../rule.ts';
import { textEdit } from '../../text-edit.ts';

/** Ports of debuggers: node --inspect, debugpy, JDWP. */
const DEBUGGERS = new Set([9229, 9230, 5678, 5005]);

export default rule({
  on: 'service',
  severity: 'error',
  summary: 'a published port leads to one on which nothing listens',
  why: 'The engine accepts the connection on the host and finds nobody inside: the client sees a reset. EXPOSE changes nothing about it.',
  remedy: 'Publish the port on which the process listens, or make it listen there.',
  proof: 'engine',
  *check(service) {
    const tcp = service.compose.ports.filter((p) => p.protocol === 'tcp');
    if (tcp.length === 0) return;
    const ports = yield* serverPorts(service);
    const process = isServer(service) ? undefined : yield* know(service.process);
    if (process !== undefined && !(yield* serves(service, process))) return;
    const reasons = ports.map((p) => p.text).join(', ');
    yield* each(tcp, function* (mapping) {
      const target = yield* know(mapping.target);
      if (ports.some((p) => p.port === target) || DEBUGGERS.has(target)) return;
      const [first, more] = ports;
      const answers = tcp.some((p) => isServed(p, ports));
      const only = more === undefined && !answers ? first : undefined;
      const edit = only && portEdit(service.stack.repo, mapping.at, target, only.port);
      // The configuration of nginx is a whole file: the refit writes there.
      const rewritten = !answers && process?.command[0] === 'nginx' && first?.at !== undefined;
      yield claim({
        ...(answers ? { severity: 'warning' } : { breaks: service.nodes.reachable }),
        at: mapping.at,
        title: `port ${target} of ${service.name} is published, but nothing listens on it`,
        subject: String(target),
        because: [
          {
            kind: 'compose',
            at: mapping.at,
            text: `${mapping.published.known && mapping.published.value !== '' ? `port ${mapping.published.value} of the host` : 'a port of the host'} leads to ${target} of the container`,
          },
          ...(first?.at === undefined ? [] : [{ kind: 'line' as const, at: first.at, text: reasons }]),
        ],
        ...(edit === undefined && !rewritten
          ? {}
          : {
              fix: {
                safety: 'safe',
                title: `publish ${first?.port}`,
                edits: edit === undefined || rewritten ? [] : [edit],
              },
            }),
      });
    });
  },
});

/** Where another port is served, the service is there: 443 waits for a certificate, say. */
function isServed({ target }: { target: Fact<number> }, ports: readonly { port: number }[]): boolean {
  return target.known && ports.some(({ port }) => port === target.value);
}

/** Its table says where it listens; nginx is looked at by its configuration. */
function isServer({ server }: Service): boolean {
  return server !== undefined && !server.name.startsWith('nginx');
}

/** A development server opens ports of its own (inspector, live reload); what is no server opens none. */
function* serves(service: Service, process: Process): Generator<Ask, boolean, unknown> {
  if (process.command[0] === 'nginx') return true;
  const application = yield* know(service.application);
  return application.launch.role === 'web' && (yield* know(application.launch.mode)) !== 'development';
}

/** Changes the port of the container in a mapping of either form. */
function portEdit(repo: Repo, at: Place, from: number, to: number): Edit | undefined {
  return (
    textEdit(repo, at, `target: ${from}`, `target: ${to}`) ??
    [`:${from}"`, `:${from}'`, `:${from}/tcp`, `:${from}\n`, `:${from} `, `:${from},`, `:${from}]`]
      .map((find) => textEdit(repo, at, find, find.replace(String(from), String(to))))
      .find((edit) => edit !== undefined)
  );
}
