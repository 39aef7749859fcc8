import { type Fact, known, unknown } from '../../../facts/fact.ts';
import { each, know } from '../../../facts/know.ts';
import type { Service } from '../../../model/types.ts';
import { claim, rule } from '../../rule.ts';

/** Read by the C library or by whoever looks at the container. */
const EVERYWHERE = /^(TZ|LANG|LANGUAGE|LC_\w+|HTTPS?_PROXY|NO_PROXY|HOSTNAME|PUID|PGID)$/i;

export default rule({
  on: 'service',
  severity: 'warning',
  summary: 'a variable that the image of a server does not read',
  why: 'The entrypoint knows a fixed list of names. Another one, often misspelt, changes nothing: the default stays in force.',
  remedy: 'Write the name as the image knows it, or take it out.',
  proof: 'none',
  *check(service) {
    const { server, compose } = service;
    if (server === undefined) return;
    const unread = [...service.env].filter(
      ([name, v]) => v.origin === 'compose' && service.unreadVariables.has(name) && !EVERYWHERE.test(name),
    );
    yield* each(unread, function* ([name, { at }]) {
      // What services share by an anchor is more than each of them reads.
      const shared = service.stack.services.some((s) => s !== service && s.env.get(name)?.at?.line === at?.line);
      if (at === undefined || shared) return;
      if (compose.entrypoint !== undefined || compose.command !== undefined)
        yield* know(unknown(`a command of ${service.name} may read ${name}`));
      if (compose.healthcheck?.test !== undefined) {
        const test = yield* know(compose.healthcheck.test.fact);
        if (test.some((word) => word.includes(name))) return;
      }
      if ((yield* know(scriptsAtFirstStart(service))).some((text) => text.includes(name))) return;
      yield claim({
        at,
        title: `${server.name} does not read ${name}`,
        subject: `${service.name} ${name}`,
        because: [
          { kind: 'compose', at, text: `${name} is set for ${service.name}` },
          {
            kind: 'server-table',
            ref: server.origin.source,
            text: `these it reads: ${server.variables
              .slice(0, 6)
              .map((v) => v.name)
              .join(', ')} …`,
          },
        ],
      });
    });
  },
});

/** The texts of what the entrypoint runs while the data folder is empty; they have the variables of the container. */
function scriptsAtFirstStart({ server, compose, stack: { repo } }: Service): Fact<readonly string[]> {
  const texts: string[] = [];
  for (const { target, source, at } of compose.volumes) {
    if (!target.fact.known) return target.fact;
    const path = target.fact.value;
    if (server?.initScripts.some((folder) => path.startsWith(folder)) !== true) continue;
    const from = source?.fact.known === true ? source.fact.value.path : undefined;
    const files =
      from === undefined
        ? []
        : repo.entry(from)?.type === 'file'
          ? [from]
          : repo.files().filter((file) => file.startsWith(`${from}/`));
    const found = files.map((file) => repo.text(file));
    if (found.length === 0 || found.some((text) => text === undefined))
      return unknown(`what runs at the first start from ${path} is not known`, {
        kind: 'compose',
        at,
        text: `${path} is mounted`,
      });
    texts.push(...found.flatMap((text) => text ?? []));
  }
  return known(texts);
}
