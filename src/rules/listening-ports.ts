import { unknown } from '../facts/fact.ts';
import { type Ask, know } from '../facts/know.ts';
import { isKafka } from '../model/kafka-listeners.ts';
import type { ListeningPort, Service } from '../model/types.ts';

/** Servers whose port only a setting changes, and that open no others. */
const FIXED = new Set(['PostgreSQL', 'MySQL', 'MariaDB', 'MongoDB', 'Redis', 'Valkey']);

/** Where a service listens that is asked for on a port, as far as that is certain; empty: it is no server, or it may listen there. */
export function* listeningPorts(other: Service, asked: number): Generator<Ask, readonly ListeningPort[], unknown> {
  const { server, compose } = other;
  if (server === undefined || (server.name.startsWith('nginx') && other.target === undefined)) {
    const ports = yield* know(other.listens);
    const process = yield* know(other.process);
    if (process.command[0] === 'nginx') return ports;
    const application = yield* know(other.application);
    return application.launch.role === 'web' ? ports : [];
  }
  if (isKafka(other)) return yield* know(other.listens);
  if (server.ports.some((p) => p.port === asked)) return [];
  const told = compose.command !== undefined || compose.entrypoint !== undefined;
  const set = [...other.env].some(([name, v]) => v.origin !== 'image' && /PORT|LISTEN|ADDR|CONFIG/.test(name));
  const mounted = compose.volumes.some((m) => !m.target.fact.known || /^\/etc\/|conf/.test(m.target.fact.value));
  if (!FIXED.has(server.name) || told || set || mounted)
    yield* know(unknown(`settings of ${other.name} may say where it listens`));
  return server.ports.map((p) => ({ port: p.port, text: `${server.name} listens on ${p.port}` }));
}
