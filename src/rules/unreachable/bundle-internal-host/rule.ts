import { unknown } from '../../../facts/fact.ts';
import { each, know } from '../../../facts/know.ts';
import { claim, rule } from '../../rule.ts';

export default rule({
  on: 'service',
  severity: 'error',
  summary: 'the page asks for the name of a service, which no browser knows',
  why: 'The bundler puts the address into the JavaScript, and that runs in the browser of the user. Names of services exist only inside the networks of the stack.',
  remedy: 'Let the page ask its own origin, and the web server pass it on to the service.',
  proof: 'none',
  *check(service) {
    const { page, target, stack } = service;
    if (page === undefined || target === undefined || stack.files.length === 0) return;
    yield* each(
      [...target.args].filter(([name]) => page.variables.has(name)),
      function* ([name, value]) {
        const text = yield* know(value);
        const host = /^(?:https?|wss?):\/\/([A-Za-z0-9_-]+)(?::\d+)?(?:\/|$)/.exec(text)?.[1];
        const other = stack.services.find((s) => s.name === host);
        const at = value.because.findLast((r) => 'at' in r);
        if (host === undefined || other === undefined || host === 'localhost') return;
        // A browser in a container of the stack does know it.
        if (
          stack.services.some((s) =>
            /playwright|cypress|selenium|puppeteer|browser|chrome/i.test(
              `${s.name} ${s.imageName.known ? s.imageName.value : ''}`,
            ),
          )
        )
          yield* know(unknown('a browser runs inside the stack'));
        yield claim({
          breaks: service.nodes.reachable,
          at: at !== undefined && 'at' in at ? at.at : service.at,
          title: `the page of ${service.name} asks ${text} (${name}), and no browser knows the name ${host}`,
          subject: name,
          because: [
            {
              kind: 'source',
              at: page.variables.get(name) ?? service.at,
              text: `the page reads ${name}, which the bundler replaces at build time`,
            },
            { kind: 'compose', at: other.at, text: `${host} is a service of this stack` },
          ],
        });
      },
    );
  },
});
