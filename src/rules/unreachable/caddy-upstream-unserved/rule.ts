import { unknown } from '../../../facts/fact.ts';
import { type Ask, each, know } from '../../../facts/know.ts';
import { isLoopback } from '../../../model/health-request.ts';
import type { Service } from '../../../model/types.ts';
import { linePlace, type Place } from '../../../text/place.ts';
import { resolveName } from '../../addresses.ts';
import { fileInside } from '../../container-files.ts';
import { listeningPorts } from '../../listening-ports.ts';
import { claim, rule } from '../../rule.ts';

const IMAGE = /^(?:docker\.io\/)?(?:library\/)?caddy(?::|@|$)/;
/** `reverse_proxy /api/* api:8000`: hosts behind an optional matcher. */
const PROXY =
  /^\s*reverse_proxy\s+(?:(?:\/\S*|@[\w-]+|\*)\s+)?((?:(?:https?:\/\/|h2c:\/\/)?[A-Za-z0-9][\w.-]*(?::\d{1,5})?\s*)+)\{?\s*$/;

export default rule({
  on: 'service',
  severity: 'error',
  summary: 'Caddy hands requests to a name or a port that nobody has',
  why: 'Caddy looks up the host with each request: one that the name server of the engine does not know, or a port on which nothing listens, is answered with 502.',
  remedy: 'Write the name of the service, and the port on which its process listens in the container.',
  proof: 'none',
  *check(service) {
    const image = service.compose.image?.fact;
    const base = service.target?.trace.target.baseName ?? (image?.known === true ? image.value : '');
    if (service.stack.files.length === 0 || !IMAGE.test(base)) return;
    if (service.compose.command !== undefined || service.compose.entrypoint !== undefined)
      yield* know(unknown('its command may name another file'));
    const file = yield* know(fileInside(service, '/etc/caddy/Caddyfile'));
    if (file === undefined) return;
    yield* each(upstreams(file.file, file.text), function* ({ host, port, at, text }) {
      const lost = yield* whyLost(service, host, port);
      if (lost === undefined) return;
      yield claim({
        breaks: service.nodes.reachable,
        at,
        title: `${service.name} hands requests to ${host}:${port}: ${lost.text}`,
        subject: `${host}:${port}`,
        because: [
          { kind: 'line', at, text },
          { kind: 'compose', at: lost.at, text: lost.text },
        ],
      });
    });
  },
});

interface Upstream {
  readonly host: string;
  readonly port: number;
  readonly at: Place;
  readonly text: string;
}

/** Hosts that are written out; placeholders and variables are left out. */
function upstreams(file: string, text: string): readonly Upstream[] {
  return text.split('\n').flatMap((line, index) =>
    (PROXY.exec(line)?.[1] ?? '')
      .split(/\s+/)
      .filter((word) => word !== '')
      .map((word): Upstream => {
        const [, scheme, host = '', port] = /^(?:(\w+):\/\/)?([^:]+)(?::(\d+))?$/.exec(word) ?? [];
        return {
          host,
          port: port === undefined ? (scheme === 'https' ? 443 : 80) : Number(port),
          at: linePlace(file, index + 1),
          text: line.trim(),
        };
      }),
  );
}

function* whyLost(
  service: Service,
  host: string,
  port: number,
): Generator<Ask, { readonly text: string; readonly at: Place } | undefined, unknown> {
  if (service.compose.networkMode !== undefined || host.includes('.')) return undefined;
  if (isLoopback(host)) return { text: `that is the container of ${service.name} itself`, at: service.at };
  const { reached, apart } = yield* know(resolveName(service, host));
  const [other, ...more] = reached;
  if (other === undefined)
    return apart[0] === undefined
      ? { text: `no service is called ${host}`, at: service.at }
      : { text: `${host} is on no network with it`, at: apart[0].at };
  if (more.length > 0 || other === service) return undefined;
  const ports = yield* listeningPorts(other, port);
  if (ports.length === 0 || ports.some((p) => p.port === port)) return undefined;
  return { text: ports.map((p) => p.text).join(', '), at: other.at };
}
