import { type ComposeCommandLine, composeLine, option, type Words } from './compose-command.ts';

/** A build that a command line asks for. Undefined words depend on what is not known. */
export interface BuildCommand {
  readonly kind: 'build';
  /** Undefined: not known. */
  readonly context: string | undefined;
  /** `given`: a `-f` stands there; its path may still be unknown. */
  readonly dockerfile: { readonly given: false } | { readonly given: true; readonly path: string | undefined };
  readonly stage?: { readonly value: string | undefined };
  readonly args: ReadonlyMap<string, string | undefined>;
  readonly tags: readonly string[];
  readonly platforms: readonly string[];
  readonly contexts: ReadonlyMap<string, string | undefined>;
}

export interface BakeCommand {
  readonly kind: 'bake';
  readonly files: readonly (string | undefined)[];
  readonly targets: readonly (string | undefined)[];
}

export type DockerCommand = BuildCommand | ComposeCommandLine | BakeCommand;

const PREFIXES = new Set(['sudo', 'exec', 'time', 'nohup', 'env', 'command', 'then', 'do', '@', 'doas', 'eval']);
const ENGINES = new Set(['docker', 'podman', 'nerdctl', 'buildah', 'depot', 'finch', 'sudo-docker']);

/** What a command line asks Docker (or Podman, nerdctl, Buildah, Depot) to do about builds and compose files. */
export function dockerCommand(words: Words): DockerCommand | undefined {
  let i = 0;
  // `$DRY docker build`: a variable in front that is empty or echoes.
  while (words[i] === undefined && i < words.length - 1) i++;
  while (i < words.length && (PREFIXES.has(words[i] ?? '') || /^[A-Za-z_]\w*=/.test(words[i] ?? ''))) i++;
  const name = words[i]?.split('/').pop();
  const rest = words.slice(i + 1);
  if (name === 'docker-compose' || name === 'podman-compose') return composeLine(rest);
  if (name === undefined || !ENGINES.has(name)) return undefined;
  const args = afterGlobal(rest);
  const [verb, ...after] = args;
  const inner = afterGlobal(after);
  if (verb === 'compose') return composeLine(after);
  if (verb === 'build' || verb === 'bud') return build(after);
  if (verb === 'bake') return bake(after);
  if (verb !== 'buildx' && verb !== 'image' && verb !== 'builder') return undefined;
  if (inner[0] === 'build' || (verb === 'buildx' && inner[0] === 'b')) return build(inner.slice(1));
  if (verb === 'buildx' && inner[0] === 'bake') return bake(inner.slice(1));
  // `docker buildx "${OPTIONS[@]}" build …`
  return inner[0] === undefined && inner.includes('build')
    ? build([undefined, ...inner.slice(inner.indexOf('build') + 1)])
    : undefined;
}

/** Skips options of `docker` itself, such as `--context x`. */
function afterGlobal(words: Words): Words {
  let i = 0;
  while (words[i]?.startsWith('-') === true) i += words[i]?.includes('=') === true ? 1 : 2;
  return words.slice(i);
}

const BUILD_VALUES = new Set([
  '-f',
  '--file',
  '-t',
  '--tag',
  '--target',
  '--build-arg',
  '--platform',
  '--build-context',
  '--label',
  '--secret',
  '--ssh',
  '--cache-from',
  '--cache-to',
  '--output',
  '-o',
  '--progress',
  '--network',
  '--builder',
  '--iidfile',
  '--metadata-file',
  '--add-host',
  '--shm-size',
  '--ulimit',
  '--memory',
  '-m',
  '--attest',
  '--annotation',
  '--allow',
  '--call',
  '--format',
  '--cpuset-cpus',
  '--cpus',
  '--isolation',
  '--security-opt',
  '--cpu-quota',
  '--cpu-period',
  '--cpu-shares',
  '-c',
  '--memory-swap',
  '--no-cache-filter',
  '--provenance',
  '--sbom',
  '--project',
  '--jobs',
  '--layers-from',
  '--volume',
  '-v',
  '--arch',
  '--manifest',
  '--userns',
  '--cgroup-parent',
  '--debug-addr',
]);

function build(words: Words): BuildCommand | undefined {
  const args = new Map<string, string | undefined>();
  const contexts = new Map<string, string | undefined>();
  const tags: string[] = [];
  const platforms: string[] = [];
  const positional: (string | undefined)[] = [];
  let dockerfile: BuildCommand['dockerfile'] = { given: false };
  let stage: { value: string | undefined } | undefined;
  let unsure = false;
  for (let i = 0; i < words.length; i++) {
    const word = words[i];
    if (word === undefined) {
      // An unknown word may be an option with a value, or several.
      if (i < words.length - 1) {
        unsure = true;
        dockerfile = { given: true, path: undefined };
      } else positional.push(undefined);
      continue;
    }
    if (!word.startsWith('-') || word === '-') {
      positional.push(word);
      continue;
    }
    const { flag, value, next } = option(words, i, BUILD_VALUES);
    i = next;
    if (flag === '-f' || flag === '--file') dockerfile = { given: true, path: value };
    else if (flag === '--target') stage = { value };
    else if (flag === '--build-arg' && value !== undefined) pair(value, args);
    else if (flag === '--build-context' && value !== undefined) pair(value, contexts);
    else if ((flag === '-t' || flag === '--tag') && value !== undefined) tags.push(value);
    else if (flag === '--platform' && value !== undefined) platforms.push(...value.split(','));
    else if (flag === '--help' || flag === '-h' || flag === '--check') return undefined;
    else if (flag === '--call' && value !== undefined && !value.startsWith('build')) return undefined;
  }
  const context = positional.at(-1);
  if (positional.length === 0 && !unsure) return undefined;
  return {
    kind: 'build',
    context,
    dockerfile,
    args,
    tags,
    platforms,
    contexts,
    ...(stage === undefined ? {} : { stage }),
  };
}

/** A build argument without `=` is taken from the environment. */
function pair(text: string, into: Map<string, string | undefined>): void {
  const equals = text.indexOf('=');
  into.set(equals === -1 ? text : text.slice(0, equals), equals === -1 ? undefined : text.slice(equals + 1));
}

const BAKE_VALUES = new Set([
  '-f',
  '--file',
  '--set',
  '--builder',
  '--progress',
  '--metadata-file',
  '--var',
  '--allow',
  '--call',
  '--list',
  '--provenance',
  '--sbom',
]);

function bake(words: Words): BakeCommand {
  const files: (string | undefined)[] = [];
  const targets: (string | undefined)[] = [];
  for (let i = 0; i < words.length; i++) {
    const word = words[i];
    if (word === undefined || !word.startsWith('-')) {
      targets.push(word);
      continue;
    }
    const { flag, value, next } = option(words, i, BAKE_VALUES);
    i = next;
    if (flag === '-f' || flag === '--file') files.push(value);
  }
  return { kind: 'bake', files, targets };
}
