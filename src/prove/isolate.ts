import type { StackService } from '../measure/stack.ts';
import type { ComposeJson, ServiceJson, VolumeJson } from './compose-json.ts';

export interface Isolation {
  /** Absolute path of the copy. */
  readonly copy: string;
  readonly project: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly access: 'bridge' | 'published';
  readonly egress: boolean;
  /** Image of each service that is built. */
  readonly images: ReadonlyMap<string, string>;
}

export interface Isolated {
  readonly model: ComposeJson;
  readonly services: readonly StackService[];
  /** What the copy does not have of the real thing, one sentence each. */
  readonly assumptions: readonly { readonly service?: string; readonly text: string }[];
  /** Empty folders that must exist in the copy, relative to it. */
  readonly folders: readonly string[];
  /** Files with a made-up secret, relative to the copy. */
  readonly secretFiles: readonly string[];
  /** Files whose content is the value of a variable. */
  readonly variableFiles: readonly { readonly file: string; readonly variable: string }[];
}

/** Makes a stack that touches nothing but its own: project, networks, volumes, ports and names of its own, bind mounts inside
 * the copy, no way out. Pure; the given model is not changed. */
export function isolate(given: ComposeJson, how: Isolation): Isolated {
  const model = structuredClone(given);
  const assumptions: { service?: string; text: string }[] = [];
  const folders: string[] = [];
  const waitedFor = new Set(
    Object.values(model.services ?? {}).flatMap((service) =>
      Object.entries(service.depends_on ?? {})
        .filter(([, on]) => on.condition === 'service_completed_successfully')
        .map(([name]) => name),
    ),
  );
  const services: StackService[] = [];
  for (const [name, service] of Object.entries(model.services ?? {})) {
    const note = (text: string): void => {
      assumptions.push({ service: name, text });
    };
    const ports = (service.ports ?? []).filter((port) => (port.protocol ?? 'tcp') === 'tcp').map((port) => port.target);
    const once = (service.restart ?? 'no') === 'no' && ports.length === 0 && service.healthcheck === undefined;
    services.push({
      name,
      built: how.images.has(name),
      ports: [...new Set(ports)],
      oneShot: waitedFor.has(name) || once,
    });
    if (how.access === 'published')
      service.ports = ports.map((target) => ({ target, protocol: 'tcp', host_ip: '127.0.0.1', mode: 'ingress' }));
    else delete service.ports;
    ownNames(service, how);
    noHost(service, note);
    mounts(service, how, note, folders);
    const image = how.images.get(name);
    if (image !== undefined) {
      delete service.build;
      service.image = image;
      service['pull_policy'] = 'never';
    }
  }
  model.name = how.project;
  model.networks = networks(model, how, assumptions);
  model.volumes = volumes(model, how, assumptions);
  const files = privateFiles(model, how, assumptions);
  return { model, services, assumptions, folders, ...files };
}

function ownNames(service: ServiceJson, how: Isolation): void {
  delete service['container_name'];
  delete service['develop'];
  delete service['external_links'];
  delete service['links'];
  delete service['mac_address'];
  delete service['dns'];
  service.labels = { ...service.labels, ...how.labels };
  for (const [name, network] of Object.entries(service.networks ?? {})) {
    if (network === null) continue;
    const { aliases } = network;
    (service.networks ?? {})[name] = aliases === undefined ? null : { aliases };
  }
}

const tooMuch = new Set([
  'ALL',
  'SYS_ADMIN',
  'SYS_MODULE',
  'SYS_RAWIO',
  'SYS_PTRACE',
  'SYS_BOOT',
  'SYS_TIME',
  'MAC_ADMIN',
  'BPF',
]);

/** Takes away what would let a container act on the machine itself. */
function noHost(service: ServiceJson, note: (text: string) => void): void {
  for (const key of ['network_mode', 'pid', 'ipc', 'uts', 'userns_mode', 'cgroup']) {
    const value = service[key];
    if (value === 'host' || (key === 'network_mode' && value === 'bridge')) {
      delete service[key];
      if (value === 'host') note(`${key}: host is left out: it would reach out of the copy`);
    }
  }
  if (service['privileged'] === true) {
    delete service['privileged'];
    note('privileged is left out');
  }
  for (const key of [
    'devices',
    'device_cgroup_rules',
    'gpus',
    'cgroup_parent',
    'runtime',
    'volumes_from',
    'credential_spec',
  ]) {
    if (service[key] === undefined) continue;
    delete service[key];
    note(`${key} is left out`);
  }
  const added = service['cap_add'];
  if (Array.isArray(added)) {
    const kept = added.filter((name) => !tooMuch.has(String(name).toUpperCase().replace(/^CAP_/, '')));
    if (kept.length < added.length) note('capabilities that rule the machine are left out');
    service['cap_add'] = kept;
  }
  const hosts = service['extra_hosts'];
  if (hosts !== undefined && /host-gateway/.test(JSON.stringify(hosts))) {
    delete service['extra_hosts'];
    note('the way to the host (host-gateway) is left out');
  }
  const logging = service['logging'] as { driver?: string } | undefined;
  if (logging?.driver !== undefined && !['json-file', 'local'].includes(logging.driver)) {
    delete service['logging'];
    note(`logs go to the engine, not to ${logging.driver}`);
  }
}

function mounts(service: ServiceJson, how: Isolation, note: (text: string) => void, folders: string[]): void {
  service.volumes = (service.volumes ?? []).flatMap((volume): VolumeJson[] => {
    if (volume.type !== 'bind') return [volume];
    const from = volume.source ?? '';
    if (from === how.copy || from.startsWith(`${how.copy}/`)) return [volume];
    if (/docker\.sock$|containerd\.sock$|podman\.sock$/.test(from)) {
      note(`the engine's socket (${volume.target}) is left out`);
      return [];
    }
    if (volume.read_only === true && /^\/etc\/(localtime|timezone)$/.test(from)) return [volume];
    // A path outside the repository stands on the user's machine: an empty folder takes its place.
    const folder = `.plimsoll-mounts/${folders.length}`;
    folders.push(folder);
    note(`an empty folder stands for a path outside the repository at ${volume.target}`);
    return [{ ...volume, source: `${how.copy}/${folder}` }];
  });
}

function networks(
  model: ComposeJson,
  how: Isolation,
  assumptions: { text: string }[],
): NonNullable<ComposeJson['networks']> {
  const made: Record<string, Record<string, unknown>> = {};
  for (const [name, network] of Object.entries(model.networks ?? {})) {
    if (network?.['external'] === true)
      assumptions.push({ text: `the external network ${name} is one of the run's own` });
    const closed = network?.['internal'] === true;
    made[name] = { driver: 'bridge', labels: { ...how.labels } };
    if (how.egress) {
      if (closed) made[name]['internal'] = true;
    } else if (how.access === 'bridge' || closed) made[name]['internal'] = true;
    else made[name]['driver_opts'] = { 'com.docker.network.bridge.enable_ip_masquerade': 'false' };
  }
  return made;
}

function volumes(
  model: ComposeJson,
  how: Isolation,
  assumptions: { text: string }[],
): NonNullable<ComposeJson['volumes']> {
  const made: Record<string, Record<string, unknown>> = {};
  for (const [name, volume] of Object.entries(model.volumes ?? {})) {
    if (volume?.['external'] === true) assumptions.push({ text: `the external volume ${name} starts empty` });
    else if (volume?.['driver_opts'] !== undefined)
      assumptions.push({ text: `the volume ${name} is an ordinary one, without its driver options` });
    made[name] = { labels: { ...how.labels } };
  }
  return made;
}

function privateFiles(
  model: ComposeJson,
  how: Isolation,
  assumptions: { text: string }[],
): Pick<Isolated, 'secretFiles' | 'variableFiles'> {
  const secretFiles: string[] = [];
  const variableFiles: { file: string; variable: string }[] = [];
  for (const kind of ['secrets', 'configs'] as const) {
    for (const [name, item] of Object.entries(model[kind] ?? {})) {
      delete item['name'];
      const file = `.plimsoll-secrets/${kind}-${name}`;
      const { file: source, environment: variable } = item;
      if (typeof variable === 'string') {
        variableFiles.push({ file, variable });
        delete item['environment'];
        item['file'] = `${how.copy}/${file}`;
      } else if (item['external'] === true || (typeof source === 'string' && !source.startsWith(`${how.copy}/`))) {
        secretFiles.push(file);
        assumptions.push({ text: `${kind.slice(0, -1)} ${name} is made up` });
        delete item['external'];
        item['file'] = `${how.copy}/${file}`;
      } else if (typeof source === 'string') secretFiles.push(source.slice(how.copy.length + 1));
    }
  }
  return { secretFiles, variableFiles };
}
