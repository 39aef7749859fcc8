import { type Ask, each, know } from '../../../facts/know.ts';
import type { RouteTable } from '../../../source/routes/route-table.ts';
import { resolveName } from '../../addresses.ts';
import { type ProxiedPath, proxiedPaths } from '../../proxied-paths.ts';
import { claim, rule } from '../../rule.ts';
import { routesBehind, servesBelow } from '../../served-below.ts';

/** Answered by something beside the routes: upgrades, files, a framework's own. */
const BESIDE =
  /^\/(?:socket\.io|ws|wss|sockjs|websocket|_next|static|media|assets|uploads?|files|images|graphql|trpc)\b/i;

export default rule({
  on: 'service',
  severity: 'error',
  summary: 'nginx hands requests on with a path that the application does not have',
  why: 'proxy_pass without a path hands the whole path on; with one, even a single slash, it puts that in the place of the location. Where the routes of the application begin differently, every request of the location is a 404.',
  remedy:
    'Write `proxy_pass http://service:port/;` to take the prefix away, or `proxy_pass http://service:port;` to keep it, as the routes need it.',
  proof: 'engine',
  *check(service) {
    if (service.stack.files.length === 0 || !service.process.known || service.process.value.command[0] !== 'nginx')
      return;
    const web = yield* know(service.webServer);
    yield* each(proxiedPaths(web), function* (path) {
      if (path.arrives === '/' || BESIDE.test(path.arrives)) return;
      if (!service.stack.services.some((s) => s.name === path.host && s !== service)) return;
      const [other, ...more] = (yield* know(resolveName(service, path.host))).reached;
      if (other?.target === undefined || more.length > 0) return;
      const table = yield* routesBehind(other);
      if (yield* answers(table, path)) return;
      const [route] = table.routes.filter((r) => r.kind === 'http');
      if (route === undefined) return;
      yield claim({
        breaks: other.nodes.reachable,
        at: path.at,
        title: `${service.name} hands ${path.asked} to ${other.name} as ${path.arrives}, and no route of its application begins so`,
        subject: path.asked,
        because: [
          { kind: 'line', at: path.at, text: `${path.text}: a request for ${path.asked} arrives as ${path.arrives}` },
          { kind: 'source', at: route.at, text: `its application serves ${route.method} ${route.path}` },
        ],
      });
    });
  },
});

function* answers(table: RouteTable, path: ProxiedPath): Generator<Ask, boolean, unknown> {
  if (!path.exact) return yield* know(servesBelow(table, path.arrives));
  for (const method of ['GET', 'POST', 'PUT', 'DELETE'])
    if ((yield* know(table.serves(method, path.arrives))).served) return true;
  return false;
}
