import { known, unknown } from '../facts/fact.ts';
import type { Repo } from '../repo/repo.ts';
import type { Place } from '../text/place.ts';
import { readBuild } from './build.ts';
import { commandWords } from './command-words.ts';
import { readDeploy, readLimits } from './deploy.ts';
import type { ComposeEnvironment } from './environment.ts';
import {
  bool,
  bytes,
  composePath,
  factOf,
  fieldOf,
  number,
  optional,
  seconds,
  text,
  textList,
  textMap,
} from './fields.ts';
import { readGrants } from './grants.ts';
import { readHealthcheck } from './healthcheck.ts';
import type { ComposeService } from './model.ts';
import { readMounts, readTmpfs } from './mounts.ts';
import { readDependencies, readNetworks, readPorts } from './network.ts';
import { at, entriesOf, isNull, itemsOf, type Mapping, type Node, textOf } from './node.ts';
import type { ComposeProblem } from './problem.ts';
import { readEnvironment } from './service-environment.ts';
import type { ComposeCommand, ComposeUlimit, Field, WatchRule } from './settings.ts';
import { displayText, hasUnknown, textFact } from './unknown-text.ts';

export interface ServiceContext {
  readonly repo: Repo;
  readonly environment: ComposeEnvironment;
  readonly projectDirectory: string;
  readonly profiles: readonly string[];
  readonly problems: ComposeProblem[];
}

type Optional = { readonly [K in keyof ComposeService]?: ComposeService[K] };

/** Gives a merged service its typed fields. */
export function readService(name: string, place: Place, source: Node, context: ServiceContext): ComposeService {
  const node: Mapping = source.kind === 'map' ? source : { kind: 'map', at: source.at, entries: new Map() };
  const profiles = textList(at(node, 'profiles'), 'profiles').flatMap((field) =>
    field.fact.known ? [field.fact.value] : [],
  );
  const deploy = readDeploy(node);
  const environment = readEnvironment(name, node, context);
  const replicas = optional(node, 'scale', number) ?? deploy?.replicas;
  const strings: [keyof ComposeService, string][] = [
    ['image', 'image'],
    ['networkMode', 'network_mode'],
    ['user', 'user'],
    ['workingDir', 'working_dir'],
    ['containerName', 'container_name'],
    ['hostname', 'hostname'],
    ['domainName', 'domainname'],
    ['platform', 'platform'],
    ['pullPolicy', 'pull_policy'],
    ['restart', 'restart'],
    ['runtime', 'runtime'],
    ['stopSignal', 'stop_signal'],
    ['pid', 'pid'],
    ['ipc', 'ipc'],
    ['usernsMode', 'userns_mode'],
  ];
  return {
    name,
    at: place,
    profiles,
    active: isActive(profiles, context.profiles),
    ...defined(Object.fromEntries(strings.map(([field, key]) => [field, optional(node, key, text)]))),
    ...defined({
      init: optional(node, 'init', bool),
      readOnly: optional(node, 'read_only', bool),
      privileged: optional(node, 'privileged', bool),
      tty: optional(node, 'tty', bool),
      stdinOpen: optional(node, 'stdin_open', bool),
      stopGracePeriod: optional(node, 'stop_grace_period', seconds),
      shmSize: optional(node, 'shm_size', bytes),
      command: readCommand(node, 'command'),
      entrypoint: readCommand(node, 'entrypoint'),
      build: readBuild(node, context.projectDirectory, context.environment),
      healthcheck: readHealthcheck(node),
      deploy,
      replicas,
      logging: readLogging(node),
    }),
    environment: environment.environment,
    envFiles: environment.envFiles,
    ports: readPorts(node),
    expose: textList(at(node, 'expose'), 'expose'),
    volumes: readMounts(node, context.projectDirectory),
    volumesFrom: textList(at(node, 'volumes_from'), 'volumes_from'),
    tmpfs: readTmpfs(node),
    networks: readNetworks(node, place),
    dependsOn: readDependencies(node),
    secrets: readGrants(at(node, 'secrets'), '/run/secrets/'),
    configs: readGrants(at(node, 'configs'), '/'),
    limits: readLimits(node, deploy),
    capAdd: textList(at(node, 'cap_add'), 'cap_add'),
    capDrop: textList(at(node, 'cap_drop'), 'cap_drop'),
    securityOpt: textList(at(node, 'security_opt'), 'security_opt'),
    groupAdd: textList(at(node, 'group_add'), 'group_add'),
    devices: itemsOf(at(node, 'devices')).map((item) => fieldOf(at(item, 'source') ?? item, 'devices', text)),
    dns: textList(at(node, 'dns'), 'dns'),
    extraHosts: readHosts(at(node, 'extra_hosts')),
    links: textList(at(node, 'links'), 'links'),
    labels: textMap(at(node, 'labels'), 'labels'),
    sysctls: textMap(at(node, 'sysctls'), 'sysctls'),
    ulimits: readUlimits(node),
    watch: readWatch(node, context.projectDirectory),
    node,
  };
}

/** Drops what is undefined: an absent setting has no key. */
function defined(fields: { readonly [key: string]: unknown }): Optional {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

function isActive(own: readonly string[], asked: readonly string[]): boolean {
  return own.length === 0 || asked.includes('*') || own.some((profile) => asked.includes(profile));
}

export function readCommand(node: Mapping, key: 'command' | 'entrypoint'): ComposeCommand | undefined {
  const value = at(node, key);
  if (value === undefined || isNull(value)) return undefined;
  const base = { at: value.at, replaced: value.replaced ?? [] };
  if (value.kind === 'seq') {
    const words = value.items.map((item) => factOf(item, key, text));
    const bad = words.find((word) => !word.known);
    const reason = { kind: 'compose', at: value.at, text: key } as const;
    const list = words.flatMap((word) => (word.known ? [word.value] : []));
    const fact =
      bad !== undefined && !bad.known ? bad : known(list, reason, ...words.flatMap((word) => word.because.slice(1)));
    return { ...base, form: 'list', fact };
  }
  const whole = textOf(value);
  if (whole === undefined) return { ...base, form: 'text', fact: unknown(`${key} is neither a text nor a list`) };
  const because = value.kind === 'scalar' ? (value.because ?? []) : [];
  const fact = textFact(whole, [{ kind: 'compose', at: value.at, text: `${key}: ${displayText(whole)}` }, ...because]);
  if (!fact.known) return { ...base, form: 'text', fact };
  const words = commandWords(fact.value);
  return {
    ...base,
    form: 'text',
    fact: words === undefined ? unknown(`${key}: a quote is not closed`, ...fact.because) : { ...fact, value: words },
  };
}

function readHosts(node: Node | undefined): readonly Field<string>[] {
  if (node?.kind !== 'map') return textList(node, 'extra_hosts');
  return [...node.entries].map(([host, entry]) =>
    fieldOf(entry.value, 'extra_hosts', (value) => `${host}=${String(value)}`),
  );
}

function readLogging(node: Mapping): ComposeService['logging'] {
  const logging = at(node, 'logging');
  if (logging === undefined || logging.kind !== 'map') return undefined;
  const driver = optional(logging, 'driver', text, 'logging.driver');
  return {
    at: logging.at,
    ...(driver === undefined ? {} : { driver }),
    options: textMap(at(logging, 'options'), 'logging.options'),
  };
}

function readUlimits(node: Mapping): readonly ComposeUlimit[] {
  return [...entriesOf(at(node, 'ulimits'))].map(([name, entry]) => {
    const soft = at(entry.value, 'soft') ?? entry.value;
    const hard = at(entry.value, 'hard') ?? entry.value;
    return {
      name,
      at: entry.key,
      soft: factOf(soft, `ulimits.${name}`, number),
      hard: factOf(hard, `ulimits.${name}`, number),
    };
  });
}

function readWatch(node: Mapping, projectDirectory: string): readonly WatchRule[] {
  return itemsOf(at(node, 'develop', 'watch')).flatMap((item): WatchRule[] => {
    const path = textOf(at(item, 'path'));
    const target = textOf(at(item, 'target'));
    if (path === undefined || hasUnknown(path)) return [];
    const rule = {
      at: item.at,
      action: textOf(at(item, 'action')) ?? '',
      path: composePath(path, item.base ?? projectDirectory),
    };
    return [target === undefined ? rule : { ...rule, target }];
  });
}
