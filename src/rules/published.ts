import type { PortMapping } from '../compose/settings.ts';
import type { Service } from '../model/types.ts';

/** A port of the container that is published on every interface of the host; undefined: none, or not known. */
export function publishedToAll(service: Service, ports: ReadonlySet<number>): PortMapping | undefined {
  return service.compose.ports.find(
    ({ target, hostIp }) => target.known && ports.has(target.value) && hostIp.known && !isLocal(hostIp.value),
  );
}

/** Only processes of the host itself reach it. */
export function isLocal(hostIp: string): boolean {
  return /^(127\.|::1|\[::1\]|localhost)/.test(hostIp);
}
