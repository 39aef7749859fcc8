import { unknown } from '../facts/fact.ts';
import { type Ask, know } from '../facts/know.ts';
import { isKafka } from '../model/kafka-listeners.ts';
import type { ListeningPort, Service } from '../model/types.ts';
import { wordsOfCommand } from './command-words.ts';

/** Servers whose port only a setting changes, and that open no others. */
const FIXED = new Set([
  'PostgreSQL',
  'MySQL',
  'MariaDB',
  'MongoDB',
  'Redis',
  'Valkey',
  'RabbitMQ',
  'Grafana',
  'Adminer',
]);
/** Names of variables that may say where a server listens. */
const SETS = /PORT|LISTEN|ADDR|CONFIG|PLUGIN|ROOT_URL|PROTOCOL/;

/** Where a service listens that is asked for on a port, as far as that is certain; empty: it is no server, or it may listen there. */
export function* listeningPorts(other: Service, asked: number): Generator<Ask, readonly ListeningPort[], unknown> {
  const { server } = other;
  if (server === undefined || (server.name.startsWith('nginx') && other.target === undefined)) {
    const ports = yield* know(other.listens);
    const process = yield* know(other.process);
    if (process.command[0] === 'nginx') return ports;
    const application = yield* know(other.application);
    return application.launch.role === 'web' ? ports : [];
  }
  if (isKafka(other)) return yield* know(other.listens);
  if (server.ports.some((p) => p.port === asked)) return [];
  return yield* serverPorts(other);
}

/** Where a server of an image listens, by its table and what compose tells it. */
export function* serverPorts(service: Service): Generator<Ask, readonly ListeningPort[], unknown> {
  const { server, compose } = service;
  if (server === undefined || server.name.startsWith('nginx') || isKafka(service)) return yield* know(service.listens);
  if (server.name === 'MinIO') return yield* minio(service);
  const told =
    compose.command === undefined ? undefined : optionPort(server.name, yield* know(wordsOfCommand(service)));
  const set = [...service.env].some(([name, v]) => v.origin !== 'image' && SETS.test(name));
  const mounted = compose.volumes.some((m) => !m.target.fact.known || /^\/etc\/|conf/.test(m.target.fact.value));
  const gap = compose.environment.open[0];
  if (
    !FIXED.has(server.name) ||
    told === 'unknown' ||
    compose.entrypoint !== undefined ||
    set ||
    mounted ||
    gap !== undefined
  )
    yield* know(unknown(`settings of ${service.name} may say where it listens`));
  if (typeof told === 'number') return [{ port: told, text: `${server.name} listens on ${told}` }];
  return server.ports.map((p) => ({ port: p.port, text: `${server.name} listens on ${p.port}` }));
}

const OPTIONS: Readonly<Record<string, RegExp>> = {
  PostgreSQL: /(?:^|\s)(?:-p\s*|(?:-c\s*|--)port[= ])(\d+)/,
  MySQL: /(?:^|\s)(?:--port[= ]|-P\s*)(\d+)/,
  MariaDB: /(?:^|\s)(?:--port[= ]|-P\s*)(\d+)/,
  MongoDB: /(?:^|\s)--port[= ](\d+)/,
  Redis: /(?:^|\s)--port\s+(\d+)/,
  Valkey: /(?:^|\s)--port\s+(\d+)/,
};
/** Files of settings, shells, and what changes the port in another way. */
const ELSEWHERE = /\.(?:conf|cnf|ini|sh)\b|config|defaults|shardsvr|\$|--tls|(?:^|\s|\/)(?:ba)?sh(?:\s|$)|(?:^|\s)-f\s/;

/** The port that the command of a server names; undefined: it leaves it as it is. */
function optionPort(server: string, words: readonly string[]): number | 'unknown' | undefined {
  const text = words.join(' ');
  const option = OPTIONS[server];
  if (option === undefined || ELSEWHERE.test(text)) return 'unknown';
  const found = option.exec(text)?.[1];
  return found === undefined ? undefined : Number(found);
}

/** The console of MinIO takes a free port of its own choice unless it is told one. */
function* minio(service: Service): Generator<Ask, readonly ListeningPort[], unknown> {
  const { compose, env } = service;
  const words = yield* know(wordsOfCommand(service));
  const given = [...env.keys()].find((name) =>
    /MINIO_(CONSOLE_)?ADDRESS|MINIO_CONSOLE_PORT|MINIO_OPTS|CONFIG/.test(name),
  );
  if (given !== undefined || compose.environment.open.length > 0 || compose.entrypoint !== undefined)
    yield* know(unknown(`settings of ${service.name} may say where it listens`));
  const text = words.join(' ');
  if (!/^(?:minio\s+)?server\s/.test(text)) yield* know(unknown(`what ${text} does is not known`));
  const said = (option: string): number | undefined => {
    const found = new RegExp(`--${option}[= ]["']?[^"' ]*?:(\\d+)`).exec(text)?.[1];
    return found === undefined ? undefined : Number(found);
  };
  const console = said('console-address');
  return [
    { port: said('address') ?? 9000, text: `MinIO listens on ${said('address') ?? 9000}` },
    console === undefined
      ? { port: -1, text: 'its console, without --console-address, on any free port' }
      : { port: console, text: `its console on ${console}` },
  ];
}
