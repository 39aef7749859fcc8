import { type Ask, each, know } from '../../../facts/know.ts';
import type { Service } from '../../../model/types.ts';
import type { WebServer } from '../../../model/web-server.ts';
import { named } from '../../../nginx/parse.ts';
import { locationFor, type NginxServer } from '../../../nginx/server.ts';
import type { Place } from '../../../text/place.ts';
import { resolveName } from '../../addresses.ts';
import { reachedItself } from '../../in-front.ts';
import { type PageRequest, pageRequests } from '../../page-requests.ts';
import { proxiedPath, upstreamsOf } from '../../proxied-paths.ts';
import { claim, rule } from '../../rule.ts';
import { routesBehind, servesBelow } from '../../served-below.ts';

export default rule({
  on: 'service',
  severity: 'error',
  summary: 'a page asks its own server for a path that nobody behind it serves',
  why: 'A path without a host goes to the server that handed the page out. The proxy of the development server (vite.config) is not there in production: nginx answers with the page itself or with 404, and the application behind it never sees the request.',
  remedy: 'Give nginx a location that hands the path to the service, as the routes of its application need it.',
  proof: 'engine',
  *check(service) {
    const { page, stack } = service;
    if (page === undefined || stack.files.length === 0 || !service.process.known) return;
    if (service.process.value.command[0] !== 'nginx') return;
    const requests = pageRequests(stack.repo, page);
    if (requests.length === 0) return;
    yield* know(reachedItself(service));
    const web = yield* know(service.webServer);
    const [server, ...more] = web.servers;
    if (server === undefined || more.length > 0 || changesPaths(server)) return;
    const told = new Set<string>();
    yield* each(requests, function* (request) {
      const lost = yield* whyLost(service, web, server, request);
      if (lost === undefined || told.has(lost.subject)) return;
      told.add(lost.subject);
      yield claim({
        breaks: service.nodes.reachable,
        at: request.at,
        title: `the page of ${service.name} asks for ${request.path}: ${lost.text}`,
        subject: lost.subject,
        because: [
          { kind: 'source', at: request.at, text: `${request.text}: the server of the page is asked` },
          { kind: 'line', at: lost.at, text: lost.why },
        ],
      });
    });
  },
});

interface Lost {
  readonly text: string;
  /** What is told once for many requests. */
  readonly subject: string;
  readonly at: Place;
  readonly why: string;
}

/** Directives of a server that change what its locations do. */
function changesPaths(server: NginxServer): boolean {
  const block = server.directive.block ?? [];
  return ['rewrite', 'if', 'return', 'include', 'proxy_pass'].some((name) => named(block, name).length > 0);
}

function* whyLost(
  service: Service,
  web: WebServer,
  server: NginxServer,
  request: PageRequest,
): Generator<Ask, Lost | undefined, unknown> {
  const location = locationFor(server, request.path);
  if (location === 'unknown') return undefined;
  const block = location?.directive.block ?? [];
  if (block.every((d) => STATIC.has(d.name))) {
    if (block.some((d) => d.name === 'try_files' && d.args.some((a) => a.text.startsWith('@')))) return undefined;
    const at = location?.at ?? server.directive.place;
    const what = location === undefined ? 'no location takes it' : `location ${location.path} takes it, for files`;
    return { text: 'nginx has no location that hands it to a service', subject: 'no proxy', at, why: what };
  }
  const [path] = location === undefined ? [] : proxiedPath(location, upstreamsOf(web));
  if (path === undefined || !service.stack.services.some((s) => s.name === path.host && s !== service))
    return undefined;
  const [other, ...more] = (yield* know(resolveName(service, path.host))).reached;
  if (other?.target === undefined || more.length > 0) return undefined;
  const table = yield* routesBehind(other);
  const arrives = path.exact
    ? path.arrives
    : `${path.arrives}${request.path.slice(path.asked.length)}`.replace(/\/{2,}/g, '/');
  const served = request.whole
    ? yield* servedSomehow(table, arrives)
    : yield* know(servesBelow(table, arrives.slice(0, arrives.lastIndexOf('/') + 1)));
  if (served || table.routes.length === 0) return undefined;
  return {
    text: `it arrives at ${other.name} as ${arrives}, which its application does not serve`,
    subject: `${request.path}`,
    at: path.at,
    why: path.text,
  };
}

const STATIC = new Set([
  'root',
  'index',
  'try_files',
  'expires',
  'add_header',
  'access_log',
  'gzip_static',
  'autoindex',
  'alias',
]);

function* servedSomehow(table: Parameters<typeof servesBelow>[0], path: string): Generator<Ask, boolean, unknown> {
  for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'])
    if ((yield* know(table.serves(method, path))).served) return true;
  return false;
}
