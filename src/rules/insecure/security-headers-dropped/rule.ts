import { each, know } from '../../../facts/know.ts';
import { type NginxDirective, named } from '../../../nginx/parse.ts';
import type { NginxLocation } from '../../../nginx/server.ts';
import { claim, rule } from '../../rule.ts';

const SECURITY =
  /^(x-frame-options|x-content-type-options|referrer-policy|content-security-policy|strict-transport-security|permissions-policy|cross-origin-\w+-policy)$/i;

export default rule({
  on: 'service',
  severity: 'warning',
  summary: 'an add_header in a location drops the security headers',
  why: 'nginx inherits add_header only where the inner block has none of its own. One add_header in a location drops all headers of the server block there.',
  remedy: 'Repeat the headers in the location, best with an include of one file.',
  proof: 'engine',
  *check(service) {
    const process = yield* know(service.process);
    if (process.command[0] !== 'nginx') return;
    const web = yield* know(service.webServer);
    yield* each(web.servers, function* (server) {
      const inherited = named(server.directive.block, 'add_header');
      const outer = (inherited.length > 0 ? inherited : named(web.http, 'add_header')).filter((d) =>
        SECURITY.test(nameOf(d)),
      );
      if (outer.length === 0) return;
      for (const location of server.locations) {
        const own = named(location.directive.block, 'add_header');
        const [first] = own;
        const [from] = outer;
        if (first === undefined || from === undefined || isApart(location)) continue;
        const lost = outer
          .map(nameOf)
          .filter((name) => !own.some((d) => nameOf(d).toLowerCase() === name.toLowerCase()));
        if (lost.length === 0) continue;
        yield claim({
          at: first.place,
          title: `add_header in location ${location.path} drops ${lost.join(', ')}`,
          subject: location.path,
          because: [
            { kind: 'line', at: from.place, text: `the server sets ${outer.map(nameOf).join(', ')}` },
            {
              kind: 'line',
              at: first.place,
              text: `location ${location.path} has an add_header of its own, so it inherits none of them`,
            },
          ],
          fix: { safety: 'safe', title: 'repeat the headers there', edits: [] },
        });
      }
    });
  },
});

function nameOf(directive: NginxDirective): string {
  return directive.args[0]?.text ?? '';
}

/** What an include may repeat, and a fixed answer to whoever watches the server: that is no page. */
function isApart({ path, directive }: NginxLocation): boolean {
  if (named(directive.block, 'include').length > 0) return true;
  return /health|ping|status|ready|alive/.test(path) && named(directive.block, 'return').length > 0;
}
