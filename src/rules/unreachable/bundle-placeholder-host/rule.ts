import { unknown } from '../../../facts/fact.ts';
import { each, know } from '../../../facts/know.ts';
import { placeholderRequests } from '../../placeholder-requests.ts';
import { claim, rule } from '../../rule.ts';
import { literally } from '../../speaks-of.ts';

export default rule({
  on: 'service',
  severity: 'error',
  summary: 'the page asks an address that is only a placeholder',
  why: 'The address is in the JavaScript that the bundler builds into the image, and no setting of the stack changes it: every request of the page goes to a name that is not yours, or that does not exist.',
  remedy:
    'Let the page ask its own origin (a path such as `/api`) and the web server hand it on, or take the address from a build argument.',
  proof: 'none',
  *check(service) {
    const { page, target, stack } = service;
    if (page === undefined || target === undefined || stack.files.length === 0) return;
    const requests = placeholderRequests(stack.repo, page);
    if (requests.length === 0) return;
    const process = yield* know(service.process);
    if (!/^(?:nginx|caddy|serve|http-server|httpd|httpd-foreground)$/.test(process.command[0] ?? '')) return;
    const told = new Set<string>();
    yield* each(requests, function* ({ url, host, at, fallbackOf, condition }) {
      if (told.has(host)) return;
      if (condition !== undefined) yield* know(unknown(`whether ${condition} holds in the bundle was not followed`));
      if (fallbackOf !== undefined) {
        const name = new RegExp(`\\b${literally(fallbackOf)}\\b`);
        const set = stack.repo.files().find((file) => OTHERS.test(file) && name.test(stack.repo.text(file) ?? ''));
        if (set !== undefined) yield* know(unknown(`${set} speaks of ${fallbackOf}, whose default this is`));
      }
      yield* know(service.startScripts);
      told.add(host);
      yield claim({
        breaks: service.nodes.reachable,
        at,
        title: `the page of ${service.name} asks ${url}, and ${host} is only a placeholder`,
        subject: host,
        because: [{ kind: 'source', at, text: 'the code of the page sends requests there' }],
      });
    });
  },
});

/** Where a variable may get its value: env files, Dockerfiles, settings, documents. */
const OTHERS =
  /(?:^|\/)[^/]*(?:\.env|env\.)[^/]*$|(?:^|\/)[^/]*Dockerfile[^/]*$|\.(?:ya?ml|md|sh|toml|json)$|Makefile$/i;
