import { chainFact, type Fact, known, unknown } from '../facts/fact.ts';
import type { ListeningPort, Service } from './types.ts';

/** Where a Kafka broker listens: as KAFKA_LISTENERS says, or else where it tells clients to come. */
export function kafkaListens(service: Service): Fact<readonly ListeningPort[]> {
  const { compose, env } = service;
  const [gap] = compose.environment.open;
  if (gap !== undefined) return unknown(gap.text);
  if (compose.command !== undefined || compose.entrypoint !== undefined)
    return unknown(`what ${service.name} runs instead is not read`);
  const files = compose.volumes.some(
    (m) => !m.target.fact.known || /config|properties|\/etc\//.test(m.target.fact.value),
  );
  if (files) return unknown(`a file may say where ${service.name} listens`);
  // Confluent's entrypoint takes the ports from the other variable; the project's own has a default of its own since 3.9.
  const image = compose.image?.fact;
  const derived = image?.known === true && image.value.includes('confluentinc/');
  const said = env.get('KAFKA_LISTENERS') ?? (derived ? env.get('KAFKA_ADVERTISED_LISTENERS') : undefined);
  if (said === undefined) return unknown(`nothing says where ${service.name} listens`);
  return chainFact(said.value, (text): Fact<readonly ListeningPort[]> => {
    const ports: ListeningPort[] = [];
    for (const part of text.split(',')) {
      const [, name, , port] = /^\s*(\w+):\/\/([^:/]*):(\d+)\s*$/.exec(part) ?? [];
      if (name === undefined || port === undefined) return unknown(`${text} is no list of listeners`);
      ports.push({
        port: Number(port),
        text: `Kafka listens on ${port} (${name})`,
        ...(said.at === undefined ? {} : { at: said.at }),
      });
    }
    const further = [...env.keys()].find((name) => /JMX|PROMETHEUS|AGENT|_OPTS$|REST/.test(name));
    return further === undefined ? known(ports) : unknown(`${further} may open more ports`);
  });
}

/** Whether a service is a broker of Kafka whose image is described. */
export function isKafka({ server }: Service): boolean {
  return server?.name === 'Kafka';
}
