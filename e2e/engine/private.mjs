// The private engine: where it lives, whether it runs, whether this machine can have one, and what setting it up means.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statfsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from '../../scripts/run.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const GIGABYTE = 1e9;
/** 2.4 GB at the peak of a set-up, 1.3 GB afterwards; builds and stacks need room as well. */
const NEEDED = 4 * GIGABYTE;
/** Linux allows 107 bytes in a socket's path. */
const LONGEST_FOLDER = 80;

/** Which stand-ins: `default`, and any of `more` (bookworm, redis 7, postgres 15, distroless), `full` (build tools), `mon`. */
const groups = () => (process.env.PLIMSOLL_ENGINE_IMAGES || 'default').split(/[\s,]+/).join(' ');

function filesBelow(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.includes('__pycache__'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/**
 * What decides what an engine contains. The same contents have the same folder, so that a fresh clone finds the engine of an
 * earlier one, and never a different one. (How it is started may change without two minutes of work; see FOLDER_VERSION in versions.sh.)
 */
function contentsHash() {
  const hash = createHash('sha256').update(groups());
  const provision = ['versions.sh', 'debian.sh'].map((name) => join(here, 'provision', name));
  for (const file of [...provision, ...filesBelow(join(here, 'standins'))]) {
    hash.update(`\0${file.slice(here.length)}\0`).update(readFileSync(file));
  }
  return hash.digest('hex').slice(0, 12);
}

/** Outside the clone: 2 GB and two minutes are worth keeping, and containers outlive a deleted folder badly. */
export const cacheFolder = () => resolve(process.env.PLIMSOLL_ENGINE_DIR || '/var/cache/plimsoll-engine');

/** @returns {{ root: string, id: string, script: (name: 'up' | 'down') => string, variables: Record<string, string> }} */
export function privateEngine() {
  const root = join(cacheFolder(), contentsHash());
  const id = createHash('sha256').update(root).digest('hex').slice(0, 6);
  return {
    root,
    id,
    script: (name) => join(here, 'provision', `${name}.sh`),
    variables: { ROOT: root, ID: id, IMAGE_GROUPS: groups() },
  };
}

/** What a process needs to talk to the private engine. An empty BUILDX_BUILDER keeps a builder of the user's out of it. */
export function environmentOf(root) {
  const path = [join(root, 'bin'), join(root, 'root/usr/bin'), process.env.PATH ?? ''].join(':');
  return {
    DOCKER_HOST: `unix://${join(root, 'docker.sock')}`,
    DOCKER_CONFIG: join(root, 'docker-config'),
    PATH: path,
    BUILDX_BUILDER: '',
    DOCKER_CONTEXT: '',
  };
}

/** Set up completely, earlier or by another clone. */
export const isComplete = (root) => existsSync(join(root, 'images.ok'));

/** A number in a file may be somebody else's process by now: the name must fit too. Linux keeps 15 letters of it. */
function runs(pidFile, name) {
  const pid = existsSync(pidFile) ? readFileSync(pidFile, 'utf8').trim() : '';
  const command = `/proc/${pid}/comm`;
  return /^\d+$/.test(pid) && existsSync(command) && readFileSync(command, 'utf8').trim() === name.slice(0, 15);
}

/** @returns {Promise<boolean>} it is complete, its registry serves the base images, and its daemon answers */
export async function isRunning(root) {
  const registries = ['plain', 'tls'].map((name) => join(root, 'registry', `${name}.pid`));
  if (!isComplete(root) || !registries.every((file) => runs(file, 'docker-registry'))) return false;
  const docker = join(root, 'root/usr/bin/docker');
  return (await run(docker, ['info', '--format', '{{.ServerVersion}}'], { env: environmentOf(root), seconds: 10 })).ok;
}

function distribution() {
  if (!existsSync('/etc/os-release')) return '';
  const release = readFileSync('/etc/os-release', 'utf8');
  const fields = [...release.matchAll(/^(?:ID|ID_LIKE)="?([^"\n]*)"?$/gm)].map(([, value]) => value);
  return fields.join(' ');
}

function freeBytes(folder) {
  let existing = folder;
  while (!existsSync(existing)) existing = dirname(existing);
  const { bavail, bsize } = statfsSync(existing);
  return bavail * bsize;
}

/** @returns {Promise<string | undefined>} why this machine cannot have a private engine; undefined: it can */
export async function whyImpossible(root) {
  if (process.platform !== 'linux') return `a private engine needs Linux (this is ${process.platform})`;
  if (process.arch !== 'x64') return `the stand-in images are made for x86-64 (this is ${process.arch})`;
  if (!/\b(debian|ubuntu)\b/.test(distribution())) return 'a private engine is set up on Debian or Ubuntu only';
  if (process.getuid?.() !== 0) return 'a private engine needs root (this user is not)';
  if (root.length > LONGEST_FOLDER) return `the folder's name is too long for a socket: ${root}`;
  const namespaces = await run('unshare', ['--mount', '--net', 'true'], { seconds: 10 });
  if (!namespaces.ok) return 'root may not make namespaces here (a container without privileges?)';
  const free = freeBytes(root);
  if (!isComplete(root) && free < NEEDED) {
    return `${(NEEDED / GIGABYTE).toFixed(0)} GB of disk are needed in ${root}, ${(free / GIGABYTE).toFixed(1)} are free`;
  }
  return undefined;
}

/** @returns {Promise<string[]>} what setting it up means, as lines to show before asking */
export async function plan({ root, script, variables }) {
  const missing = await run('bash', [script('up'), '--plan'], { env: variables });
  const packages = missing.stdout.trim();
  return [
    `folder     ${root} (about 1.3 GB, 2.4 GB while it is set up)`,
    `time       about two minutes on two cores, seconds the next time`,
    `unpacked   Docker, buildx, compose, a registry: Debian packages, into that folder only`,
    `images     stand-ins of python, node, nginx, postgres, redis, valkey, debian, alpine … made from Debian, npm, PyPI and Maven`,
    `apt        ${packages === '' ? 'nothing is installed on this machine' : `installs on this machine: ${packages}`}`,
    `network    a namespace of its own, one link and three firewall rules for the way out`,
    `removal    npm run engine:down -- --purge`,
  ];
}

/** Engines of other versions of the recipe, which nothing of this clone uses. */
export function otherEngines(root) {
  if (!existsSync(cacheFolder())) return [];
  return readdirSync(cacheFolder(), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && /^[0-9a-f]{12}$/.test(entry.name))
    .map((entry) => join(cacheFolder(), entry.name))
    .filter((folder) => folder !== root);
}
