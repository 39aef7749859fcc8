import type { Service } from '../model/types.ts';

/** Whether a port is known as that of another container: one that is built here and listens on it or is published as it, or a
 * server of an image whose port it is. */
export function servesAs(other: Service, port: number): boolean {
  if (other.compose.networkMode !== undefined) return false;
  if (other.target === undefined) return other.server?.ports.some((p) => p.port === port) === true;
  if (other.listens.known && other.listens.value.some((listening) => listening.port === port)) return true;
  return other.compose.ports.some(
    ({ target, published }) =>
      (target.known && target.value === port) || (published?.known === true && Number(published.value) === port),
  );
}
