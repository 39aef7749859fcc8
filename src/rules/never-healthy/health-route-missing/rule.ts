import { know } from '../../../facts/know.ts';
import { isLoopback } from '../../../model/health-request.ts';
import { routesFound } from '../../routes-found.ts';
import { claim, rule } from '../../rule.ts';
import { textEdit } from '../../text-edit.ts';

export default rule({
  on: 'service',
  severity: 'error',
  summary: 'the health check asks for a route that the application does not serve',
  why: 'The application answers 404 (or 405), curl -f and the like report failure, and the container never becomes healthy. What waits for it never starts.',
  remedy: 'Ask for a route that is served.',
  proof: 'engine',
  *check(service) {
    const probe = yield* know(service.probe);
    const request = probe?.request;
    if (probe === null || request === undefined || !isLoopback(request.host)) return;
    const process = yield* know(service.process);
    if (process.command[0] === 'nginx') return;
    const ports = yield* know(service.listens);
    // Another port is another finding.
    if (!ports.some((p) => p.port === request.port)) return;
    const application = yield* know(service.application);
    const table = yield* know(routesFound(application));
    const answer = yield* know(table.serves(request.method, request.path));
    if (answer.served) return;
    const [near] = [...answer.otherMethods, ...answer.nearest];
    const better = answer.nearest.find((route) => route.method === 'GET' && !/[{:<]/.test(route.path));
    const edit = better === undefined ? undefined : textEdit(service.stack.repo, probe.at, request.path, better.path);
    const what =
      answer.otherMethods.length > 0
        ? `${request.path} only for ${answer.otherMethods.map((r) => r.method).join(', ')}`
        : `no ${request.path}`;
    yield claim({
      breaks: service.nodes.healthy,
      at: probe.at,
      title: `the health check asks for ${request.method} ${request.path}; the application serves ${what}`,
      subject: `${request.method} ${request.path}`,
      because: [
        {
          kind: 'line',
          at: probe.at,
          text: `the health check asks for ${request.method} ${request.path} on ${request.port}`,
        },
        ...(near === undefined
          ? []
          : [{ kind: 'source' as const, at: near.at, text: `the application serves ${near.method} ${near.path}` }]),
      ],
      ...(edit === undefined ? {} : { fix: { safety: 'safe', title: `ask for ${better?.path}`, edits: [edit] } }),
    });
  },
});
