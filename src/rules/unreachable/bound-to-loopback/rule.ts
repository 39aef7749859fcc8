import { known } from '../../../facts/fact.ts';
import { each, know } from '../../../facts/know.ts';
import type { Service } from '../../../model/types.ts';
import { reachesOutside } from '../../../source/launch/launch.ts';
import { addressesOf } from '../../addresses.ts';
import { wordsOfCommand } from '../../command-words.ts';
import { claim, rule } from '../../rule.ts';

export default rule({
  on: 'service',
  severity: 'error',
  summary: 'a process that others ask listens on localhost only',
  why: 'In a container 127.0.0.1 is the container itself. Neither the published port nor another service reaches it.',
  remedy: 'Listen on 0.0.0.0 inside the container; publish on 127.0.0.1 where only the host may connect.',
  proof: 'engine',
  *check(service) {
    const { compose, stack } = service;
    if (compose.networkMode !== undefined) return;
    const published = compose.ports.map((mapping) => ({
      at: mapping.at,
      target: mapping.target,
      text: 'is published',
    }));
    const asked = stack.services.flatMap((other) => (other === service ? [] : askedBy(other, service.name)));
    if (published.length + asked.length === 0) return;
    const ports = yield* know(service.server === undefined ? service.listens : serverSocket(service));
    const said = new Set<number>();
    yield* each([...published, ...asked], function* (use) {
      const target = yield* know(use.target);
      const listening = ports.filter((p) => p.port === target);
      if (listening.length === 0 || listening.some((p) => p.host === undefined || reachesOutside(p.host))) return;
      const [first] = listening;
      if (first?.at === undefined || said.has(target)) return;
      said.add(target);
      yield claim({
        breaks: service.nodes.reachable,
        at: first.at,
        title: `${service.name} listens on ${first.host} only, so ${published.length > 0 ? 'its published port reaches nobody' : 'no other service reaches it'}`,
        subject: String(target),
        because: [
          { kind: 'line', at: first.at, text: `${first.text}, at ${first.host}` },
          { kind: 'compose', at: use.at, text: `port ${target} ${use.text}` },
        ],
      });
    });
  },
});

/** Ports of a service that the variables of another name. */
function askedBy(other: Service, name: string) {
  return addressesOf(other).flatMap((address) =>
    address.host === name && address.port !== undefined
      ? [{ at: address.at, target: known(address.port), text: `is asked for by ${other.name} (${address.variable})` }]
      : [],
  );
}

/** Options with which the commands of servers name their addresses. */
const BINDS: ReadonlyMap<string, RegExp> = new Map([
  ['PostgreSQL', /(?:^|\s)(?:-c\s+|--)listen_addresses=["']?([^\s"']+)/],
  ['Redis', /(?:^|\s)--bind\s+["']?(\S+?)["']?(?:\s+--|\s*$)/],
  ['Valkey', /(?:^|\s)--bind\s+["']?(\S+?)["']?(?:\s+--|\s*$)/],
  ['MySQL', /(?:^|\s)--bind[-_]address=["']?([^\s"']+)/],
  ['MariaDB', /(?:^|\s)--bind[-_]address=["']?([^\s"']+)/],
  ['MongoDB', /(?:^|\s)--bind_ip[= ]["']?([^\s"']+)/],
]);

/** Where a server listens, when its command says it. */
function serverSocket(service: Service): Service['listens'] {
  const { server, compose } = service;
  const option = BINDS.get(server?.name ?? '');
  const words = wordsOfCommand(service);
  if (server === undefined || option === undefined || !words.known) return service.listens;
  const host = option.exec(words.value.join(' '))?.[1];
  if (host === undefined || host.includes(',')) return service.listens;
  const at = compose.command?.at ?? compose.entrypoint?.at ?? service.at;
  return known(server.ports.map(({ port }) => ({ port, at, host, text: `${server.name} listens on ${port}` })));
}
