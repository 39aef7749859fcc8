/** The parts of `docker inspect CONTAINER` that are measured. Times are milliseconds since 1970. */
export interface Container {
  readonly id: string;
  readonly name: string;
  readonly service: string;
  readonly image: string;
  readonly status: string;
  readonly running: boolean;
  readonly exitCode: number;
  readonly error: string;
  readonly oomKilled: boolean;
  readonly restarts: number;
  readonly started: number;
  readonly health?: {
    readonly status: string;
    readonly probes: readonly { readonly end: number; readonly exit: number; readonly output: string }[];
  };
  readonly user: string;
  readonly readOnlyRoot: boolean;
  readonly droppedAll: boolean;
  readonly noNewPrivileges: boolean;
  readonly memoryLimit: number;
  readonly cpuLimit: number;
  readonly pidsLimit: number;
  readonly restartPolicy: string;
  readonly networks: readonly { readonly name: string; readonly address: string }[];
  /** Host port on the loopback by container port. */
  readonly published: ReadonlyMap<number, number>;
  readonly volumes: readonly { readonly name: string; readonly target: string; readonly writable: boolean }[];
  readonly exposed: readonly number[];
  readonly env: readonly string[];
}

interface Raw {
  Id: string;
  Name: string;
  RestartCount?: number;
  Image: string;
  State: {
    Status: string;
    Running: boolean;
    ExitCode: number;
    Error?: string;
    OOMKilled?: boolean;
    StartedAt: string;
    Health?: { Status: string; Log?: { End: string; ExitCode: number; Output: string }[] | null };
  };
  Config: {
    User?: string;
    Labels?: Record<string, string> | null;
    ExposedPorts?: Record<string, unknown> | null;
    Env?: string[] | null;
  };
  HostConfig: {
    ReadonlyRootfs?: boolean;
    CapDrop?: string[] | null;
    SecurityOpt?: string[] | null;
    Memory?: number;
    NanoCpus?: number;
    CpuQuota?: number;
    PidsLimit?: number | null;
    RestartPolicy?: { Name?: string };
  };
  Mounts?: { Type: string; Name?: string; Destination: string; RW?: boolean }[];
  NetworkSettings: {
    Networks?: Record<string, { IPAddress?: string }> | null;
    Ports?: Record<string, { HostPort: string }[] | null> | null;
  };
}

/** Reads the JSON of `docker inspect`. */
export function readContainers(json: string): Container[] {
  return (JSON.parse(json) as Raw[]).map((raw) => {
    const health = raw.State.Health;
    const host = raw.HostConfig;
    return {
      id: raw.Id,
      name: raw.Name.replace(/^\//, ''),
      service: raw.Config.Labels?.['com.docker.compose.service'] ?? raw.Name.replace(/^\//, ''),
      image: raw.Image,
      status: raw.State.Status,
      running: raw.State.Running,
      exitCode: raw.State.ExitCode,
      error: raw.State.Error ?? '',
      oomKilled: raw.State.OOMKilled === true,
      restarts: raw.RestartCount ?? 0,
      started: Date.parse(raw.State.StartedAt),
      ...(health === undefined || health.Status === 'none'
        ? {}
        : {
            health: {
              status: health.Status,
              probes: (health.Log ?? []).map((log) => ({
                end: Date.parse(log.End),
                exit: log.ExitCode,
                output: log.Output,
              })),
            },
          }),
      user: raw.Config.User ?? '',
      readOnlyRoot: host.ReadonlyRootfs === true,
      droppedAll: (host.CapDrop ?? []).some((name) => name.toUpperCase() === 'ALL'),
      noNewPrivileges: (host.SecurityOpt ?? []).some((option) => /^no-new-privileges(?:[:=]true)?$/.test(option)),
      memoryLimit: host.Memory ?? 0,
      cpuLimit: (host.NanoCpus ?? 0) / 1e9 || Math.max(0, host.CpuQuota ?? 0) / 100_000,
      pidsLimit: Math.max(0, host.PidsLimit ?? 0),
      restartPolicy: host.RestartPolicy?.Name ?? 'no',
      networks: Object.entries(raw.NetworkSettings.Networks ?? {}).map(([name, network]) => ({
        name,
        address: network.IPAddress ?? '',
      })),
      published: publishedPorts(raw.NetworkSettings.Ports ?? {}),
      volumes: (raw.Mounts ?? [])
        .filter((mount) => mount.Type === 'volume')
        .map((mount) => ({ name: mount.Name ?? '', target: mount.Destination, writable: mount.RW !== false })),
      exposed: Object.keys(raw.Config.ExposedPorts ?? {}).map((port) => Number.parseInt(port, 10)),
      env: raw.Config.Env ?? [],
    };
  });
}

function publishedPorts(ports: Record<string, { HostPort: string }[] | null>): Map<number, number> {
  const published = new Map<number, number>();
  for (const [port, bindings] of Object.entries(ports)) {
    const host = bindings?.[0]?.HostPort;
    if (host !== undefined && port.endsWith('/tcp')) published.set(Number.parseInt(port, 10), Number(host));
  }
  return published;
}
