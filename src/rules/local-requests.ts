import { unknown } from '../facts/fact.ts';
import { type Ask, know } from '../facts/know.ts';
import { isLoopback } from '../model/health-request.ts';
import type { Service } from '../model/types.ts';
import type { ProcessSource } from '../source/source.ts';
import type { Place } from '../text/place.ts';
import { FOR_BROWSERS } from './addresses.ts';
import { isAsked } from './asked-address.ts';
import type { LoadedValue } from './env-file-addresses.ts';
import { servesAs } from './serves-as.ts';

/** An address on localhost that the code sends requests to, where the port is that of another container. */
export interface LocalRequest {
  readonly variable: string;
  readonly address: string;
  readonly at: Place;
  readonly meant: Service;
  /** What the address is: set, loaded from a file, or the default of the code. */
  readonly said: 'names' | 'has the default';
}

const HTTP = /^(?:https?|wss?):\/\/([\w.-]+|\[::1?\]):(\d{2,5})(?:[/?#]\S*)?$/;

/** The value that a variable has for the application, where it is an address on localhost; undefined: it is not, or not for certain. */
export function localValues(
  service: Service,
  application: ProcessSource,
  loaded: readonly LoadedValue[] | undefined,
): readonly (LoadedValue & { readonly said: LocalRequest['said'] })[] {
  const set = [...service.env].flatMap(([variable, { value, at, origin }]) =>
    value.known && at !== undefined && origin !== 'image'
      ? [{ variable, value: value.value, at, said: 'names' as const }]
      : [],
  );
  const filed = (loaded ?? []).map((one) => ({ ...one, said: 'names' as const }));
  const named = new Set([...service.env.keys(), ...filed.map(({ variable }) => variable)]);
  const defaults = application.environment.reads.flatMap(({ name, fallback, at }) =>
    fallback.known && fallback.value !== null && !named.has(name) && loaded !== undefined
      ? [{ variable: name, value: fallback.value, at, said: 'has the default' as const }]
      : [],
  );
  return [...set, ...filed, ...defaults].filter(({ value }) => isLoopback(HTTP.exec(value)?.[1] ?? ''));
}

/** Follows one of them to the code that asks it. */
export function* localRequest(
  service: Service,
  application: ProcessSource,
  { variable, value, at, said }: LoadedValue & { readonly said: LocalRequest['said'] },
): Generator<Ask, LocalRequest | undefined, unknown> {
  const port = Number(HTTP.exec(value)?.[2]);
  const { services, repo } = service.stack;
  const meant = services.find((other) => other !== service && servesAs(other, port));
  if (meant === undefined) return undefined;
  const reads = application.environment.reads.filter(
    (read) => read.name === variable && read.reached !== false && read.when !== 'build',
  );
  if (reads.length === 0) return undefined;
  const own = yield* know(service.listens);
  if (own.some((listening) => listening.port === port)) return undefined;
  // Containers that share its network are on its localhost too.
  if (services.some(({ compose }) => compose.networkMode !== undefined)) return undefined;
  if (!reads.some((read) => isAsked(repo, read))) {
    if (FOR_BROWSERS.test(variable)) return undefined;
    yield* know(unknown(`what ${service.name} does with ${variable} was not followed`));
  }
  yield* know(service.startScripts);
  return { variable, address: value, at, meant, said };
}
