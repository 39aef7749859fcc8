import { existsSync } from 'node:fs';
import type { Call, EngineFacts } from './engine.ts';
import { failure, type Outcome, succeeded } from './outcome.ts';

type Docker = (args: readonly string[], call?: Call) => Promise<Outcome>;

interface Info {
  ServerVersion?: string;
  Driver?: string;
  DriverStatus?: [string, string][] | null;
  OSType?: string;
  Architecture?: string;
  OperatingSystem?: string;
  CgroupVersion?: string;
  SecurityOptions?: string[] | null;
  NCPU?: number;
  MemTotal?: number;
  ServerErrors?: string[];
}

const architectures: Readonly<Record<string, string>> = { x86_64: 'amd64', aarch64: 'arm64' };

/** Asks the engine what it is. Never fails: an engine that does not answer is a fact too. */
export async function engineFacts(
  docker: Docker,
  environment: Readonly<Record<string, string>>,
  call: Call = {},
): Promise<EngineFacts> {
  const limited = { seconds: 20, ...call };
  const [info, api, buildx, compose, bridge] = await Promise.all([
    docker(['info', '--format', '{{json .}}'], limited),
    docker(['version', '--format', '{{.Server.APIVersion}}'], limited),
    docker(['buildx', 'version'], limited),
    docker(['compose', 'version', '--short'], limited),
    docker(['network', 'inspect', 'bridge', '--format', bridgeName], limited),
  ]);
  const said = succeeded(info) ? (JSON.parse(info.stdout) as Info) : {};
  const wrong = said.ServerErrors?.[0] ?? (succeeded(info) ? undefined : failure(info));
  const answers = wrong === undefined && said.ServerVersion !== undefined;
  const buildxVersion = succeeded(buildx) ? /v?(\d+\.\d+\.\d+)/.exec(buildx.stdout)?.[1] : undefined;
  const composeVersion = succeeded(compose) ? compose.stdout.trim().replace(/^v/, '') : undefined;
  const rootless = (said.SecurityOptions ?? []).some((option) => option.includes('rootless'));
  const operatingSystem = said.OperatingSystem ?? '';
  const architecture = said.Architecture ?? '';
  return {
    answers,
    ...(answers ? {} : { fault: `${wrong ?? 'docker does not answer'} (start Docker, or set DOCKER_HOST)` }),
    name: 'docker',
    version: said.ServerVersion ?? '',
    api: succeeded(api) ? api.stdout.trim() : '',
    ...(buildxVersion === undefined ? {} : { buildx: buildxVersion }),
    ...(composeVersion === undefined ? {} : { compose: composeVersion }),
    platform: answers ? `${said.OSType ?? 'linux'}/${architectures[architecture] ?? architecture}` : '',
    storage: said.Driver ?? '',
    containerdStore: (said.DriverStatus ?? []).some(([, value]) => value.startsWith('io.containerd.snapshotter')),
    cgroup: said.CgroupVersion ?? '',
    rootless,
    cpus: said.NCPU ?? 0,
    memory: said.MemTotal ?? 0,
    operatingSystem,
    bridgeReachable: answers && local(environment) && succeeded(bridge) && hasInterface(bridge.stdout.trim()),
  };
}

const bridgeName = '{{index .Options "com.docker.network.bridge.name"}}';

/** Docker Desktop, a rootless engine and one in a network namespace of its own have bridges that this process does not see. */
function hasInterface(name: string): boolean {
  return /^[\w.-]+$/.test(name) && existsSync(`/sys/class/net/${name}`);
}

/** An engine behind a local socket on Linux may share the host's network. */
function local(environment: Readonly<Record<string, string>>): boolean {
  const host = environment['DOCKER_HOST'];
  return process.platform === 'linux' && (host === undefined || host.startsWith('unix:'));
}
