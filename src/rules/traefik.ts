import { chainFact, type Fact, known, unknown } from '../facts/fact.ts';
import type { Service, Stack } from '../model/types.ts';
import type { Place } from '../text/place.ts';
import { wordsOfCommand } from './command-words.ts';

/** What a Traefik is started with, by the options of its command. Names in lower case: Traefik does not tell them apart. */
export interface TraefikOptions {
  readonly at: Place;
  readonly entryPoints: ReadonlySet<string>;
  readonly resolvers: ReadonlySet<string>;
  readonly exposedByDefault: boolean;
  /** Labels of containers are read. */
  readonly docker: boolean;
  /** Files may define routers, services and middlewares, too. */
  readonly files: boolean;
  readonly major: number | undefined;
}

/** A label, its key in lower case. */
export interface TraefikLabel {
  readonly key: string;
  /** Empty: not known. */
  readonly value: string;
  readonly at: Place;
}

/** The Traefik of a stack; undefined: none, or several. */
export function traefikOf(stack: Stack): Service | undefined {
  const [one, ...more] = stack.services.filter((s) => s.server?.name === 'Traefik');
  return more.length > 0 ? undefined : one;
}

/** Labels for Traefik. */
export function traefikLabels(service: Service): readonly TraefikLabel[] {
  return [...service.compose.labels].flatMap(([key, { fact, at }]): TraefikLabel[] =>
    /^traefik\./i.test(key) ? [{ key: key.toLowerCase(), value: fact.known ? fact.value : '', at }] : [],
  );
}

/** The static options. Unknown where a file or variables hold them. */
export function traefikOptions(service: Service): Fact<TraefikOptions> {
  const { compose, env } = service;
  if (compose.entrypoint !== undefined) return unknown('the entrypoint of compose is not read');
  if ([...env].some(([name, v]) => v.origin !== 'image' && /^TRAEFIK_/i.test(name)))
    return unknown('variables set options of Traefik');
  const file = compose.volumes.find(
    (m) => !m.target.fact.known || /^\/(?:etc\/)?traefik(?:\/|\.ya?ml|\.toml|$)/.test(m.target.fact.value),
  );
  if (file !== undefined) return unknown('a file sets options of Traefik');
  return chainFact(wordsOfCommand(service), (words): Fact<TraefikOptions> => {
    const options = words.filter((word) => word.startsWith('--'));
    if (options.length === 0 || words.some((word) => /configfile/i.test(word) || /(?:^|\/)(?:ba)?sh$/.test(word)))
      return unknown('where the options of Traefik stand is not known');
    const said = new Map(
      options.map((word): [string, string] => {
        const [key = '', ...value] = word.slice(2).split('=');
        return [key.toLowerCase(), value.length === 0 ? 'true' : value.join('=')];
      }),
    );
    const named = (pattern: RegExp): ReadonlySet<string> =>
      new Set([...said.keys()].flatMap((key) => pattern.exec(key)?.[1] ?? []));
    const points = named(/^entrypoints\.([^.]+)(?:\.|$)/);
    const image = compose.image?.fact;
    const tag = image?.known === true ? /:v?(\d+)/.exec(image.value)?.[1] : undefined;
    return known({
      at: compose.command?.at ?? service.at,
      entryPoints: points.size === 0 ? new Set(['http', 'traefik']) : new Set([...points, 'traefik']),
      resolvers: named(/^certificatesresolvers\.([^.]+)\./),
      exposedByDefault: said.get('providers.docker.exposedbydefault') !== 'false',
      docker: [...said].some(([key, value]) => /^providers\.docker(?:\.|$)/.test(key) && value !== 'false'),
      files: [...said.keys()].some((key) =>
        /^providers\.(?:file|http|redis|consul|etcd|kubernetes|swarm|nomad)|swarmmode/.test(key),
      ),
      major: tag === undefined ? undefined : Number(tag),
    });
  });
}
