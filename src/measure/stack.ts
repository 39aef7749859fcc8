import type { Call, Engine } from '../engine/engine.ts';
import { type Outcome, succeeded } from '../engine/outcome.ts';
import { type Container, readContainers } from './container.ts';

/** A stack that `prove` has started under a project name of its own. */
export interface RunningStack {
  readonly engine: Engine;
  readonly call: Call;
  readonly project: string;
  /** Absolute path of the compose file that is run. */
  readonly file: string;
  readonly services: readonly StackService[];
  /** How front doors are reached: at the container's own address, or at a loopback port. */
  readonly access: 'bridge' | 'published';
  /** Folder for files that a measurement needs for a while. */
  readonly scratch: string;
  /** Names of all volumes that containers of the stack have had: anonymous ones outlive `down` and carry no label. */
  readonly volumes: Set<string>;
}

export interface StackService {
  readonly name: string;
  /** Built from the repository, not somebody else's image. */
  readonly built: boolean;
  /** Ports that the stack publishes, inside the container. */
  readonly ports: readonly number[];
  /** Runs once and ends with code 0. */
  readonly oneShot: boolean;
}

/** `docker compose …` of the stack. */
export function compose(stack: RunningStack, args: readonly string[], call: Call = {}): Promise<Outcome> {
  return stack.engine.command(['compose', '--project-name', stack.project, '--file', stack.file, ...args], {
    ...stack.call,
    ...call,
  });
}

/** All containers of the stack as the engine sees them now; empty when it does not answer. */
export async function containers(stack: RunningStack): Promise<Container[]> {
  const filter = `label=com.docker.compose.project=${stack.project}`;
  const listed = await stack.engine.command(['ps', '--all', '--quiet', '--no-trunc', '--filter', filter], stack.call);
  const ids = listed.stdout.split('\n').filter((id) => id !== '');
  if (!succeeded(listed) || ids.length === 0) return [];
  const inspected = await stack.engine.command(['inspect', '--type', 'container', ...ids], stack.call);
  const seen = succeeded(inspected) ? readContainers(inspected.stdout) : [];
  for (const container of seen) for (const volume of container.volumes) stack.volumes.add(volume.name);
  return seen;
}

/** Where a port of a container is reached from here. */
export function addressOf(stack: RunningStack, container: Container, port: number): string | undefined {
  if (stack.access === 'published') {
    const host = container.published.get(port);
    return host === undefined ? undefined : `127.0.0.1:${host}`;
  }
  const address = container.networks.find((network) => network.address !== '')?.address;
  return address === undefined ? undefined : `${address}:${port}`;
}

/** Waits; ends early when the run is stopped. */
export function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  if (signal?.aborted === true) return Promise.resolve();
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal?.addEventListener('abort', done, { once: true });
  });
}
