import { each, know } from '../../../facts/know.ts';
import { named } from '../../../nginx/parse.ts';
import { locationFor } from '../../../nginx/server.ts';
import { claim, rule } from '../../rule.ts';

/** A path of the page that is no file. */
const DEEP = '/a-page/of-the-application';
/** Directives that may answer such a path in another way than with a file. */
const ANSWERS = [
  'try_files',
  'error_page',
  'proxy_pass',
  'rewrite',
  'return',
  'if',
  'include',
  'fastcgi_pass',
  'uwsgi_pass',
  'grpc_pass',
];

export default rule({
  on: 'service',
  severity: 'error',
  summary: "the page's own paths are a 404 when they are reloaded",
  why: 'The page changes its path without asking the server. A reload or a shared link asks the server for that path, and nginx looks for a file of that name.',
  remedy: 'Add `try_files $uri $uri/ /index.html;` to the location of the page.',
  proof: 'engine',
  *check(service) {
    const history = service.page?.history;
    if (history === undefined) return;
    const process = yield* know(service.process);
    if (process.command[0] !== 'nginx') return;
    const web = yield* know(service.webServer);
    yield* each(
      web.servers.filter((s) => s.file.file !== ''),
      function* (server) {
        const block = server.directive.block ?? [];
        const location = locationFor(server, DEEP);
        if (location === 'unknown' || [...block, ...web.http].some((d) => ANSWERS.includes(d.name))) return;
        if (location !== undefined && ANSWERS.some((name) => named(location.directive.block, name).length > 0)) return;
        if (server.root === undefined && location !== undefined && named(location.directive.block, 'root').length === 0)
          return;
        const at = location?.at ?? server.directive.place;
        yield claim({
          breaks: service.nodes.reachable,
          at,
          title: `a reload of any path of the page but / is a 404 on ${service.name}`,
          subject: 'deep link',
          because: [
            { kind: 'source', at: history.at, text: history.text },
            { kind: 'line', at, text: 'nginx looks for a file of that name and has no fallback' },
          ],
          fix: { safety: 'safe', title: 'fall back to index.html', edits: [] },
        });
      },
    );
  },
});
