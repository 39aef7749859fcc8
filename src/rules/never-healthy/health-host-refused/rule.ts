import { unknown } from '../../../facts/fact.ts';
import { know } from '../../../facts/know.ts';
import { environmentGap } from '../../../model/effective.ts';
import { isLoopback } from '../../../model/health-request.ts';
import { letsIn } from '../../../source/python/allowed-hosts.ts';
import { claim, rule } from '../../rule.ts';

export default rule({
  on: 'service',
  severity: 'error',
  summary: 'the application refuses the host name that the health check asks with',
  why: 'TrustedHostMiddleware and Django answer 400 to every request whose Host is not in their list. The health check asks localhost: curl -f and the like report failure, and the container never becomes healthy.',
  remedy: 'Let localhost and 127.0.0.1 in, or send the Host that is let in (`curl -f -H "Host: …"`).',
  proof: 'engine',
  *check(service) {
    const probe = yield* know(service.probe);
    const request = probe?.request;
    if (probe === null || request === undefined || !isLoopback(request.host)) return;
    if (/\bhost:/i.test(probe.argv.join(' '))) return;
    const process = yield* know(service.process);
    if (process.command[0] === 'nginx' || service.target === undefined) return;
    const ports = yield* know(service.listens);
    if (!ports.some((p) => p.port === request.port)) return;
    const application = yield* know(service.application);
    const allowed = yield* know(application.allowedHosts);
    if (allowed === null || letsIn(allowed, request.host)) return;
    if (allowed.unset.length > 0) {
      const gap = environmentGap(service.image, service.compose);
      if (gap !== undefined) yield* know(unknown(gap));
      const { files } = application.environment;
      if (files.length > 0) yield* know(unknown(`the application may load ${allowed.unset[0]} from a file`));
    }
    yield claim({
      breaks: service.nodes.healthy,
      at: probe.at,
      title: `the health check asks ${request.host}, which ${allowed.by} of ${service.name} does not let in: it answers 400`,
      subject: request.host,
      because: [
        { kind: 'line', at: probe.at, text: `the health check asks for ${request.path} with the host ${request.host}` },
        { kind: 'source', at: allowed.at, text: `${allowed.by} lets in ${allowed.hosts.join(', ') || 'nothing'}` },
      ],
    });
  },
});
