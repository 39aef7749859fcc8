import { each, know } from '../../../facts/know.ts';
import { claim, rule } from '../../rule.ts';
import { servesAs } from '../../serves-as.ts';

export default rule({
  on: 'service',
  severity: 'error',
  summary: 'the server of the page hands requests on to localhost, and another service is meant',
  why: 'The proxy of a development server and the rewrites of Next.js run in the container, not in the browser: there localhost is the container itself. Requests end with ECONNREFUSED (500 or 502).',
  remedy: 'Take the address from a variable, and name the service there: `http://backend:5000`.',
  proof: 'none',
  *check(service) {
    if (service.compose.networkMode !== undefined || service.target === undefined) return;
    const application = yield* know(service.application);
    const own = new Set(service.listens.known ? service.listens.value.map(({ port }) => port) : []);
    yield* each(application.proxies, function* ({ target, at, text }) {
      const address = yield* know(target);
      const [, port] = LOCAL.exec(address) ?? [];
      if (port === undefined || own.has(Number(port))) return;
      const meant = service.stack.services.find((other) => other !== service && servesAs(other, Number(port)));
      if (meant === undefined) return;
      yield* know(service.startScripts);
      yield claim({
        breaks: service.nodes.reachable,
        at,
        title: `${service.name} hands requests on to localhost:${port}, which is ${service.name} itself; ${meant.name} is meant`,
        subject: `${service.name} ${port}`,
        because: [
          { kind: 'source', at, text: `${text} names ${address}` },
          { kind: 'compose', at: meant.at, text: `${meant.name} is another container` },
        ],
      });
    });
  },
});

const LOCAL = /^(?:https?|wss?):\/\/(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1\]):(\d+)(?=\/|$)/;
