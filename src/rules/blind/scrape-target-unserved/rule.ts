import { unknown } from '../../../facts/fact.ts';
import { type Ask, each, know } from '../../../facts/know.ts';
import { isLoopback } from '../../../model/health-request.ts';
import type { Service } from '../../../model/types.ts';
import { resolveName } from '../../addresses.ts';
import { listeningPorts } from '../../listening-ports.ts';
import { routesFound } from '../../routes-found.ts';
import { claim, rule } from '../../rule.ts';
import { isPrometheus, type ScrapeTarget, scrapeTargets } from '../../scrape-jobs.ts';
import { namesPort } from '../../source-text.ts';

/** Servers that answer no HTTP on any port without an exporter. */
const NO_HTTP = new Set(['PostgreSQL', 'MySQL', 'MariaDB', 'MongoDB', 'Redis', 'Valkey', 'memcached']);
const NO_HTTP_IMAGE =
  /^(?:docker\.io\/)?(?:apache\/kafka|confluentinc\/cp-(?:kafka|server|zookeeper)|zookeeper|bitnami\w*\/(?:kafka|zookeeper))(?::|@|$)/;

export default rule({
  on: 'service',
  severity: 'warning',
  summary: 'Prometheus asks for metrics where nobody gives any',
  why: 'The target stays "down", its metrics never exist, and alerts and dashboards that need them show nothing. Nothing else fails, so nobody notices.',
  remedy:
    'Name a service of the stack, the port inside its container and the path of its metrics; databases and queues need an exporter.',
  proof: 'none',
  *check(service) {
    if (service.stack.files.length === 0 || !isPrometheus(service)) return;
    if (service.compose.networkMode !== undefined) return;
    const targets = yield* know(scrapeTargets(service));
    const told = new Set<string>();
    yield* each(targets, function* (target) {
      const lost = yield* whyLost(service, target);
      // Three nodes of one cluster are one mistake.
      if (lost === undefined || told.has(`${target.job} ${lost.kind}`)) return;
      told.add(`${target.job} ${lost.kind}`);
      const { kind, job, host, port } = target;
      yield claim({
        at: target.at,
        title: `Prometheus ${kind === 'scrape' ? 'gets no metrics from' : 'reaches no Alertmanager at'} ${host}:${port}: ${lost.text}`,
        subject: `${job} ${lost.kind}`,
        because: [
          {
            kind: 'line',
            at: target.at,
            text:
              kind === 'scrape' ? `the job ${job} asks ${host}:${port}${target.path}` : `alerts go to ${host}:${port}`,
          },
          { kind: 'compose', at: lost.at ?? service.at, text: lost.text },
        ],
      });
    });
  },
});

interface Lost {
  readonly kind: string;
  readonly text: string;
  readonly at?: Service['at'];
}

/** Why a target never answers; undefined: it does. */
function* whyLost(service: Service, target: ScrapeTarget): Generator<Ask, Lost | undefined, unknown> {
  const { host, port } = target;
  if (isLoopback(host))
    return port === 9090 ? undefined : { kind: 'itself', text: 'that is the container of Prometheus itself' };
  if (host.includes('.') || host.startsWith('[')) return undefined;
  const { reached, apart } = yield* know(resolveName(service, host));
  const [other, ...more] = reached;
  if (other === undefined)
    return apart[0] === undefined
      ? { kind: 'nobody', text: `no service is called ${host}` }
      : { kind: 'apart', text: `${host} is on no network with it`, at: apart[0].at };
  if (more.length > 0 || other === service) return undefined;
  const image = other.compose.image?.fact;
  const name = image?.known === true && other.target === undefined ? image.value : '';
  if (NO_HTTP.has(other.server?.name ?? '') || NO_HTTP_IMAGE.test(name))
    return { kind: 'no HTTP', text: `${other.server?.name ?? name} speaks no HTTP`, at: other.at };
  if (other.server?.name === 'RabbitMQ' && port === 5672)
    return { kind: 'no HTTP', text: 'RabbitMQ speaks AMQP there; its metrics are on 15692', at: other.at };
  const ports = yield* listeningPorts(other, port);
  if (ports.length === 0) return undefined;
  if (!ports.some((p) => p.port === port)) {
    if (namesPort(other, port)) yield* know(unknown(`code of ${other.name} names ${port}`));
    return { kind: 'port', text: ports.map((p) => p.text).join(', '), at: other.at };
  }
  if (target.kind !== 'scrape' || !other.process.known || other.process.value.command[0] === 'nginx') return undefined;
  if (other.target === undefined) return undefined;
  const application = yield* know(other.application);
  const answer = yield* know((yield* know(routesFound(application))).serves('GET', target.path));
  return answer.served
    ? undefined
    : { kind: 'route', text: `its application serves no GET ${target.path}`, at: other.at };
}
