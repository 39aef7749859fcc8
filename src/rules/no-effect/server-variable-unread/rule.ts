import { unknown } from '../../../facts/fact.ts';
import { each, know } from '../../../facts/know.ts';
import { readsVariable } from '../../../servers/server-of.ts';
import { claim, rule } from '../../rule.ts';

export default rule({
  on: 'service',
  severity: 'warning',
  summary: 'a variable that the image of a server does not read',
  why: 'The entrypoint knows a fixed list of names. Another one, often misspelt, changes nothing: the default stays in force.',
  remedy: 'Write the name as the image knows it, or take it out.',
  proof: 'none',
  *check(service) {
    const { server, compose } = service;
    if (server === undefined || !server.variablesComplete) return;
    const own = [...service.env].filter(([, v]) => v.origin === 'compose' && v.at !== undefined);
    const unread = own.filter(
      ([name]) => readsVariable(server, name) === 'no' && !/^(TZ|LANG|LC_\w+|HTTPS?_PROXY|NO_PROXY)$/i.test(name),
    );
    yield* each(unread, function* ([name, value]) {
      if (value.at === undefined) return;
      if (
        compose.entrypoint !== undefined ||
        compose.command !== undefined ||
        compose.healthcheck?.test?.fact.known === false
      )
        yield* know(unknown(`a command of ${service.name} may read ${name}`));
      const scripts = compose.volumes.some(
        (m) =>
          !m.target.fact.known ||
          server.initScripts.some((s) => m.target.fact.known && m.target.fact.value.startsWith(s)),
      );
      if (scripts) yield* know(unknown(`a script that runs at the first start may read ${name}`));
      if (
        compose.healthcheck?.test?.fact.known === true &&
        compose.healthcheck.test.fact.value.some((w) => w.includes(name))
      )
        return;
      // Compose files of services that share variables by an anchor set more than each reads.
      const shared = service.stack.services.some((s) => s !== service && s.env.get(name)?.at?.line === value.at?.line);
      if (shared) return;
      yield claim({
        at: value.at,
        title: `${server.name} does not read ${name}`,
        subject: `${service.name} ${name}`,
        because: [
          { kind: 'compose', at: value.at, text: `${name} is set for ${service.name}` },
          {
            kind: 'server-table',
            ref: server.origin.source,
            text: `it reads ${server.variables
              .slice(0, 6)
              .map((v) => v.name)
              .join(', ')} …`,
          },
        ],
      });
    });
  },
});
