import { know } from '../../../facts/know.ts';
import { isLoopback } from '../../../model/health-request.ts';
import type { Service } from '../../../model/types.ts';
import { claim, rule } from '../../rule.ts';

const IMAGES =
  /(?:^|\/)(?:confluentinc\/(?:cp-kafka|cp-server|confluent-local)|apache\/kafka(?:-native)?|bitnami(?:legacy)?\/kafka|wurstmeister\/kafka)(?::|@|$)/;
const ADVERTISED = ['KAFKA_ADVERTISED_LISTENERS', 'KAFKA_CFG_ADVERTISED_LISTENERS'];

export default rule({
  on: 'service',
  severity: 'error',
  summary: 'Kafka tells the other services to come back on localhost',
  why: 'A client asks the broker that it knows where the brokers are, and then connects there. With localhost as the answer it connects to its own container: "Connection to node 1 (localhost/127.0.0.1:9092) could not be established".',
  remedy: 'Advertise the name of the service to the stack, and a second listener with localhost to the host.',
  proof: 'none',
  *check(service) {
    const { image, build } = service.compose;
    if (
      image === undefined ||
      build !== undefined ||
      !service.compose.image?.fact.known ||
      !IMAGES.test(service.compose.image.fact.value)
    )
      return;
    const name = ADVERTISED.find((variable) => service.env.has(variable));
    const entry = name === undefined ? undefined : service.env.get(name);
    if (name === undefined || entry?.at === undefined) return;
    const told = listeners(yield* know(entry.value));
    const lost = service.stack.services.flatMap((client) => {
      const asked =
        client === service || client.compose.networkMode !== undefined ? undefined : portAsked(client, service);
      const listener = told.find(({ port }) => port === asked?.port);
      return asked === undefined || listener === undefined || !isLoopback(listener.host)
        ? []
        : [{ client, asked, listener }];
    });
    const [first] = lost;
    if (first === undefined) return;
    const { host, port } = first.listener;
    yield claim({
      breaks: first.client.nodes.starts,
      at: entry.at,
      title: `${service.name} sends ${lost.map((l) => l.client.name).join(', ')} back to ${host}:${port}, which is their own container`,
      subject: `${service.name} ${port}`,
      because: [
        { kind: 'compose', at: entry.at, text: `${name} tells clients of port ${port} to come to ${host}` },
        ...lost.map(({ client, asked }) => ({
          kind: 'compose' as const,
          at: client.env.get(asked.variable)?.at ?? client.at,
          text: `${client.name} asks ${service.name}:${asked.port} (${asked.variable})`,
        })),
      ],
    });
  },
});

/** `NAME://host:port,…`; an empty host is all of them. */
function listeners(text: string): readonly { readonly host: string; readonly port: number }[] {
  return text.split(',').flatMap((part) => {
    const [, host, port] = /^\s*\w+:\/\/([^:/]*):(\d+)\s*$/.exec(part) ?? [];
    return host === undefined ? [] : [{ host, port: Number(port) }];
  });
}

/** The port of the broker that a variable of a service names. */
function portAsked(client: Service, broker: Service): { readonly variable: string; readonly port: number } | undefined {
  const named = new Set([
    broker.name,
    broker.compose.containerName?.fact.known === true ? broker.compose.containerName.fact.value : broker.name,
  ]);
  for (const [variable, { value, origin }] of client.env) {
    if (origin === 'image' || !value.known) continue;
    for (const part of value.value.split(',')) {
      const [, host = '', port] = /^\s*(?:\w+:\/\/)?([\w.-]+):(\d+)\s*$/.exec(part) ?? [];
      if (named.has(host)) return { variable, port: Number(port) };
    }
  }
  return undefined;
}
