import { dockerEngine } from '../../engine/docker.ts';
import { hang } from '../../report/text/wrap.ts';
import type { ExitCode, Invocation } from '../command.ts';

/** `plimsoll doctor`: what this machine can prove, and how to get the rest. */
export async function run({ terminal, signal }: Invocation): Promise<ExitCode> {
  const { paint, width } = terminal;
  const engine = dockerEngine(process.env);
  const facts = await engine.facts({ signal });
  const row = (good: boolean, what: string, detail: string): void =>
    terminal.out(
      `${hang(`${good ? paint.good('✓') : paint.bad('✗')} ${what.padEnd(14)} `, 17, detail, width).join('\n')}\n`,
    );
  row(true, 'check, refit', 'need nothing but Node and the files');
  if (!facts.answers) {
    row(
      false,
      'engine',
      `${facts.fault ?? 'docker does not answer'}. prove needs Docker with BuildKit; Podman is untested.`,
    );
    terminal.out('\nWithout an engine nothing can be proven: predictions stay predictions.\n');
    return 0;
  }
  row(
    true,
    'engine',
    `${facts.name} ${facts.version} on ${facts.platform}, ${facts.storage}, cgroup v${facts.cgroup}, ${facts.cpus} CPUs, ${(facts.memory / 1e9).toFixed(0)} GB`,
  );
  row(
    facts.buildx !== undefined,
    'BuildKit',
    facts.buildx === undefined
      ? 'docker buildx is missing: install the plugin (package docker-buildx or docker-buildx-plugin)'
      : `buildx ${facts.buildx}`,
  );
  row(
    facts.compose !== undefined,
    'Compose',
    facts.compose === undefined
      ? 'docker compose is missing: stacks cannot be run (package docker-compose or docker-compose-plugin)'
      : `compose ${facts.compose}`,
  );
  row(
    facts.containerdStore,
    'byte equality',
    facts.containerdStore
      ? 'two builds can be compared byte for byte'
      : `the ${facts.storage} store keeps no OCI output: layers are compared by their content instead; switch on the containerd image store for the rest`,
  );
  row(
    facts.bridgeReachable,
    'no egress',
    facts.bridgeReachable
      ? 'containers can be asked on their own network, cut off from the internet'
      : 'the engine is not local: requests go through published ports of 127.0.0.1',
  );
  return 0;
}
