import { resolve } from 'node:path';
import { pairsOf } from '../../src/compose/fields.ts';
import type { ComposeModel, ComposeService } from '../../src/compose/model.ts';
import { at, entriesOf, type Node } from '../../src/compose/node.ts';
import type { ComposePath, Field } from '../../src/compose/settings.ts';
import { durationSeconds, sizeBytes } from '../../src/compose/units.ts';
import { clean, type Json } from './comparable.ts';

/** Renders a merged model in the shape of `docker compose config --format json`, paths made absolute below `root`. */
export function renderConfig(model: ComposeModel, root: string): Json {
  const used = usedResources(model);
  const services: { [key: string]: Json } = {};
  for (const service of model.services.values())
    if (service.active) services[service.name] = renderService(service, model, root);
  const project = known(model.name) ?? '';
  const section = (name: 'networks' | 'volumes' | 'secrets' | 'configs'): Json => {
    const out: { [key: string]: Json } = {};
    for (const [key, resource] of model[name]) {
      if (!used[name].has(key)) continue;
      const plain = toJson(resource.node, [name, key], root);
      const fields = typeof plain === 'object' && plain !== null && !Array.isArray(plain) ? plain : {};
      if ('file' in fields)
        fields['file'] = absolute((resource as { file?: Field<ComposePath> }).file, root, model.projectDirectory);
      out[key] = {
        ...fields,
        name: (fields['name'] as string | undefined) ?? (resource.external ? key : `${project}_${key}`),
      };
    }
    return out;
  };
  const extensions = Object.fromEntries(
    [...model.tree.entries]
      .filter(([key]) => key.startsWith('x-'))
      .map(([key, entry]) => [key, toJson(entry.value, [key], root)]),
  );
  return clean({
    name: project,
    services,
    networks: section('networks'),
    volumes: section('volumes'),
    secrets: section('secrets'),
    configs: section('configs'),
    ...extensions,
  });
}

function usedResources(model: ComposeModel): Record<'networks' | 'volumes' | 'secrets' | 'configs', Set<string>> {
  const used = {
    networks: new Set<string>(),
    volumes: new Set<string>(),
    secrets: new Set<string>(),
    configs: new Set<string>(),
  };
  for (const service of model.services.values()) {
    if (!service.active) continue;
    for (const network of service.networks) used.networks.add(network.name);
    for (const mount of service.volumes) {
      if (mount.type.known && mount.type.value === 'volume' && mount.source?.fact.known)
        used.volumes.add(mount.source.fact.value.written);
    }
    for (const grant of [...service.secrets, ...(service.build?.secrets ?? [])]) used.secrets.add(grant.source);
    for (const grant of service.configs) used.configs.add(grant.source);
  }
  return used;
}

function known<T>(field: Field<T> | undefined): T | undefined {
  return field?.fact.known === true ? field.fact.value : undefined;
}

function absolute(field: Field<ComposePath> | undefined, root: string, folder: string): string | null {
  const path = known(field);
  return path === undefined ? null : absolutePath(path, root, folder);
}

function absolutePath(path: ComposePath, root: string, folder: string): string {
  if (path.path !== undefined) return path.path === '' ? root : `${root}/${path.path}`;
  if (path.written.startsWith('~')) return `/root${path.written.slice(1)}`.replace(/\/$/, '');
  return path.written.startsWith('.') ? resolve(root, folder, path.written) : path.written;
}

function renderService(service: ComposeService, model: ComposeModel, root: string): Json {
  const folder = model.projectDirectory;
  const out = toJson(service.node, ['services', service.name], root) as { [key: string]: Json };
  for (const key of ['env_file', 'extends', 'scale']) delete out[key];
  if (service.replicas !== undefined && service.node.entries.has('scale'))
    out['scale'] = known(service.replicas) ?? null;
  if (out['pull_policy'] === 'if_not_present') out['pull_policy'] = 'missing';
  out['command'] = [...(known(service.command) ?? [])];
  out['entrypoint'] = [...(known(service.entrypoint) ?? [])];
  out['environment'] = Object.fromEntries(
    [...service.environment.entries.values()].map((entry) => [entry.name, known(entry) ?? '<none>']),
  );
  out['networks'] = Object.fromEntries(
    service.networks.map((network) => [
      network.name,
      toJson(at(service.node, 'networks', network.name), ['services', '*', 'networks', network.name], root) ?? {},
    ]),
  );
  out['depends_on'] = Object.fromEntries(
    service.dependsOn.map((dependency) => [
      dependency.service,
      {
        condition: dependency.condition.known ? dependency.condition.value : null,
        required: dependency.required,
        restart: dependency.restart,
      },
    ]),
  );
  out['ports'] = service.ports.map((port) => ({
    mode: port.mode,
    target: port.target.known ? port.target.value : null,
    published: port.published.known ? port.published.value : null,
    host_ip: port.hostIp.known ? port.hostIp.value : null,
    protocol: port.protocol,
    name: port.name ?? null,
    app_protocol: port.appProtocol ?? null,
  }));
  const volumes = Array.isArray(out['volumes']) ? out['volumes'] : [];
  out['volumes'] = service.volumes.map((mount, index) => ({
    ...(volumes[index] as { [key: string]: Json }),
    source:
      mount.type.known && mount.type.value === 'bind'
        ? absolute(mount.source, root, folder)
        : (known(mount.source)?.written ?? null),
    target: known(mount.target) ?? null,
  }));
  if (service.build !== undefined) {
    const build = out['build'] as { [key: string]: Json };
    build['context'] = context(service.build.context, root);
    build['dockerfile'] = service.build.dockerfile === undefined ? null : dockerfile(service.build, root);
    build['args'] = Object.fromEntries(
      [...service.build.args].flatMap(([key, field]) => (field.fact.known ? [[key, field.fact.value]] : [])),
    );
    build['additional_contexts'] = Object.fromEntries(
      [...service.build.additionalContexts].map(([key, field]) => [key, context(field, root)]),
    );
    build['ssh'] = [...entriesOf(at(service.build.node, 'ssh'))].map(([key, entry]) =>
      entry.value.kind === 'scalar' && entry.value.value !== null ? `${key}=${String(entry.value.value)}` : key,
    );
  }
  if (service.watch.length > 0) {
    const { watch } = out['develop'] as { watch: { [key: string]: Json }[] };
    out['develop'] = {
      watch: watch.map((rule, index) => ({
        ...rule,
        path: service.watch[index] === undefined ? null : absolutePath(service.watch[index].path, root, folder),
      })),
    };
  }
  const check = service.healthcheck;
  if (check !== undefined) {
    const test = known(check.test);
    out['healthcheck'] = {
      disable: at(service.node, 'healthcheck', 'disable') === undefined ? false : check.disabled,
      test:
        test !== undefined
          ? [check.test?.form === 'shell' ? 'CMD-SHELL' : 'CMD', ...test]
          : check.disabled && at(service.node, 'healthcheck', 'test') !== undefined
            ? ['NONE']
            : [],
      interval: goDuration(known(check.interval)),
      timeout: goDuration(known(check.timeout)),
      retries: known(check.retries) ?? null,
      start_period: goDuration(known(check.startPeriod)),
      start_interval: goDuration(known(check.startInterval)),
    };
  }
  return out;
}

function context(field: Field<ComposePath>, root: string): Json {
  if (!field.fact.known) {
    const written = /the context (\S+)/.exec(field.fact.why)?.[1];
    return written ?? null;
  }
  return absolute(field, root, '');
}

/** Compose prints the Dockerfile as written. */
function dockerfile(build: NonNullable<ComposeService['build']>, _root: string): Json {
  const node = at(build.node, 'dockerfile');
  return node?.kind === 'scalar' && node.value !== null ? String(node.value) : 'Dockerfile';
}

/** Seconds as Go prints a duration. */
export function goDuration(seconds: number | undefined): string | null {
  if (seconds === undefined) return null;
  if (seconds === 0) return '0s';
  if (seconds < 1)
    return seconds * 1000 >= 1 ? `${Number((seconds * 1000).toFixed(6))}ms` : `${Number((seconds * 1e6).toFixed(3))}µs`;
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  const rest = Number((seconds % 60).toFixed(9));
  return `${hours > 0 ? `${hours}h` : ''}${hours > 0 || minutes > 0 ? `${minutes}m` : ''}${rest}s`;
}

const TEXT_MAPS =
  /^(?:services\.[^.]*\.(?:labels|sysctls|annotations|logging\.options|storage_opt|deploy\.labels|build\.labels|volumes\.\d+\.volume\.labels|networks\.[^.]*\.driver_opts)|(?:networks|volumes|secrets|configs)\.[^.]*\.(?:labels|driver_opts|ipam\.options)|networks\.[^.]*\.ipam\.config\.\d+\.aux_addresses)$/;
const SIZES =
  /^services\.[^.]*\.(?:mem_limit|mem_reservation|memswap_limit|mem_swappiness|shm_size|build\.shm_size|deploy\.resources\.(?:limits|reservations)\.memory|volumes\.\d+\.tmpfs\.size)$/;
const DURATIONS =
  /^services\.[^.]*\.(?:stop_grace_period|deploy\.(?:update_config|rollback_config)\.(?:delay|monitor)|deploy\.restart_policy\.(?:delay|window))$/;
const NUMBERS = /^services\.[^.]*\.(?:cpus|deploy\.resources\.(?:limits|reservations)\.(?:cpus|pids))$/;
const TEXTS =
  /^services\.[^.]*\.(?:expose|group_add|tmpfs|dns)\.\d+$|^services\.[^.]*\.(?:networks\.[^.]*\.aliases)\.\d+$/;
const HOSTS = /^services\.[^.]*\.(?:build\.)?extra_hosts$/;

function toJson(node: Node | undefined, path: readonly string[], root: string): Json {
  if (node === undefined) return null;
  const here = path.join('.');
  if (TEXT_MAPS.test(here)) {
    return Object.fromEntries(
      pairsOf(node).map((pair) => [pair.name, pair.value?.kind === 'scalar' ? String(pair.value.value) : '']),
    );
  }
  if (HOSTS.test(here)) return hosts(node);
  if (/^services\.[^.]*\.(?:tmpfs|dns|dns_search)$/.test(here) && node.kind === 'scalar') return [String(node.value)];
  if (node.kind === 'scalar') return scalar(node.value, here);
  if (node.kind === 'seq') {
    const items = node.items.map((item, index) => toJson(item, [...path, String(index)], root));
    if (/^services\.[^.]*\.secrets$/.test(here)) {
      return items.map((item) => withTarget(item as { [key: string]: Json }));
    }
    return items;
  }
  const out: { [key: string]: Json } = {};
  for (const [key, entry] of node.entries) {
    // Compose leaves extensions of services out of its JSON.
    if (key.startsWith('x-') && path[0] === 'services') continue;
    out[key] = toJson(entry.value, [...path, key], root);
  }
  return out;
}

function withTarget(item: { [key: string]: Json }): Json {
  return { ...item, target: item['target'] ?? `/run/secrets/${String(item['source'])}`, mode: fileMode(item['mode']) };
}

function fileMode(mode: Json | undefined): Json {
  if (mode === undefined || mode === null) return null;
  const bits = typeof mode === 'number' ? mode : Number.parseInt(String(mode), 8);
  return `0${bits.toString(8)}`;
}

function hosts(node: Node): Json {
  const out: string[] = [];
  for (const pair of pairsOf(node)) {
    if (pair.value === undefined) {
      const [host = '', ...rest] = pair.name.split(':');
      out.push(`${host}=${rest.join(':').replace(/^\[(.*)\]$/, '$1')}`);
    } else if (pair.value.kind === 'seq') {
      for (const item of pair.value.items) out.push(`${pair.name}=${item.kind === 'scalar' ? String(item.value) : ''}`);
    } else if (pair.value.kind === 'scalar')
      out.push(`${pair.name}=${String(pair.value.value).replace(/^\[(.*)\]$/, '$1')}`);
  }
  return out.sort();
}

function scalar(value: string | number | boolean | null, here: string): Json {
  if (value === null) return null;
  if ((SIZES.test(here) || NUMBERS.test(here)) && Number(value) === 0) return null;
  if (SIZES.test(here) && typeof value !== 'boolean') return String(sizeBytes(value) ?? value);
  if (DURATIONS.test(here)) return goDuration(durationSeconds(String(value)));
  if (NUMBERS.test(here)) return Number(value);
  if (TEXTS.test(here)) return String(value);
  return value;
}
