import { type Fact, known, type Reason, unknown } from '../facts/fact.ts';
import type { BaseImage } from '../images/base-image.ts';
import { lookupImage, type Platform } from '../images/lookup.ts';
import { baseTree } from './base-tree.ts';
import { baseUsers } from './base-users.ts';
import { DEFAULT_PATH } from './command-lookup.ts';
import { image as makeImage, type SimulatedImage } from './image.ts';
import { ImageTree } from './image-tree.ts';
import type { Command, RunUser } from './state.ts';

const cache = new Map<string, SimulatedImage>();

/** The state that `FROM reference` begins with. An image that the tables do not know is unknown in every part. */
export function baseFor(reference: string, platform?: Platform): SimulatedImage {
  const key = `${reference} ${platform?.os ?? ''}`;
  const cached = cache.get(key);
  if (cached) return cached;
  const found = lookupImage(reference, platform ? { platform } : {});
  const state = found.known ? baseState(found.value) : unknownBase(reference, found.why);
  if (cache.size > 200) cache.clear();
  cache.set(key, state);
  return state;
}

/** What is known of a base image, as a state to build on. */
export function baseState(base: BaseImage): SimulatedImage {
  const { users, groups } = baseUsers(base);
  const env = new Map(base.env);
  if (!env.has('PATH') && base.family !== 'scratch') env.set('PATH', known(DEFAULT_PATH, base.reason));
  const closedEnv = /^(scratch|debian|alpine|ubuntu|node|python|golang|nginx|busybox)(:|$)/.test(base.family);
  return makeImage({
    tree: baseTree(base, users.known ? users.value : []),
    env,
    envOpen: !closedEnv,
    workdir: known(base.workdir, base.reason),
    user: runUser(base, users),
    shell: ['/bin/sh', '-c'],
    entrypoint: command(base.entrypoint, base.reason),
    cmd: command(base.cmd, base.reason),
    healthcheck: known(
      base.healthcheck
        ? {
            kind: 'command' as const,
            command: { form: 'shell' as const, argv: [base.healthcheck.command] },
            interval: base.healthcheck.interval,
            timeout: base.healthcheck.timeout,
            startPeriod: base.healthcheck.startPeriod,
          }
        : null,
      base.reason,
    ),
    stopSignal: known(base.stopSignal, base.reason),
    ports: base.ports.map((port) => ({ ...port, because: [base.reason] })),
    volumes: base.volumes.map((path) => ({ path, because: [base.reason] })),
    labels: new Map(),
    users,
    groups,
    distro: base.distro.known
      ? known(
          { id: base.distro.value, ...(base.release.known ? { release: base.release.value } : {}) },
          ...base.distro.because,
        )
      : base.distro,
    libc: base.libc,
    packageManager: base.packageManager,
    bourneShell: base.shell,
    languages: base.languages,
    packages: [],
    baseCommands: { commands: base.commands, directories: searched(env), stamp: 0 },
  });
}

function searched(env: ReadonlyMap<string, Fact<string>>): readonly string[] {
  const path = env.get('PATH');
  return path?.known ? path.value.split(':') : DEFAULT_PATH.split(':');
}

function command(argv: readonly string[], reason: Reason): Fact<Command | null> {
  return known(argv.length === 0 ? null : { form: 'exec', argv }, reason);
}

function runUser(base: BaseImage, users: ReturnType<typeof baseUsers>['users']): Fact<RunUser> {
  const [name = '', group] = base.user.split(':');
  if (/^\d+$/.test(name)) {
    const uid = Number(name);
    const own = users.known ? users.value.find((user) => user.uid === uid)?.gid : undefined;
    const gid = group === undefined ? (own ?? 0) : Number(group);
    return known({ written: base.user, uid, gid }, base.reason);
  }
  const user = name === 'root' ? { uid: 0, gid: 0 } : base.users.find((item) => item.name === name);
  return known({ written: base.user, ...(user ? { uid: user.uid, gid: user.gid } : {}) }, base.reason);
}

/** A base of which nothing is known: every question is answered with why. */
export function unknownBase(reference: string, why: string): SimulatedImage {
  const reason: Reason = { kind: 'base-image', ref: reference, text: why };
  const nothing = unknown(why, reason);
  return makeImage({
    tree: ImageTree.open({ ...reason, text: `the files of ${reference} are not known` }),
    env: new Map(),
    envOpen: true,
    workdir: nothing,
    user: nothing,
    shell: ['/bin/sh', '-c'],
    entrypoint: nothing,
    cmd: nothing,
    healthcheck: nothing,
    stopSignal: nothing,
    ports: [],
    volumes: [],
    labels: new Map(),
    users: nothing,
    groups: nothing,
    distro: nothing,
    libc: nothing,
    packageManager: nothing,
    bourneShell: nothing,
    languages: new Map(),
    packages: [],
  });
}
