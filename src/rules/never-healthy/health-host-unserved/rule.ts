import { unknown } from '../../../facts/fact.ts';
import { know } from '../../../facts/know.ts';
import { environmentGap } from '../../../model/effective.ts';
import { isLoopback } from '../../../model/health-request.ts';
import { OWN_NAME } from '../../../source/launch/launch.ts';
import { claim, rule } from '../../rule.ts';

export default rule({
  on: 'service',
  severity: 'error',
  summary: 'the health check asks localhost, and the process listens on the name of the container only',
  why: 'The engine sets HOSTNAME to the id of the container, and the standalone server of Next.js listens on what HOSTNAME names: the address of the container in its network. On localhost the connection is refused, so it never becomes healthy.',
  remedy: 'Set `HOSTNAME=0.0.0.0` in the image or in compose.',
  proof: 'none',
  *check(service) {
    const { compose } = service;
    if (compose.networkMode !== undefined) return;
    const probe = yield* know(service.probe);
    const request = probe?.request;
    if (probe === null || request === undefined || !isLoopback(request.host)) return;
    const ports = yield* know(service.listens);
    const found = ports.find(({ port, host }) => port === request.port && host === OWN_NAME);
    if (found === undefined || ports.some(({ port, host }) => port === request.port && host !== OWN_NAME)) return;
    const gap = environmentGap(service.image, compose);
    if (gap !== undefined) yield* know(unknown(gap));
    yield* know(service.startScripts);
    yield claim({
      breaks: service.nodes.healthy,
      at: probe.at,
      title: `the health check of ${service.name} asks localhost, and Next.js listens on the container's own name only`,
      subject: service.name,
      because: [
        { kind: 'line', at: probe.at, text: `it asks ${request.host} on port ${request.port}` },
        ...(found.at === undefined
          ? []
          : [
              {
                kind: 'line' as const,
                at: found.at,
                text: 'the standalone server listens on $HOSTNAME, which nobody sets to 0.0.0.0',
              },
            ]),
      ],
    });
  },
});
